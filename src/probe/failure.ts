/** What went wrong with a request, as a sentence that a person understands. */
import { ResponseCut, ResponseFault } from "./http1/head";
import type { Origin } from "./origin";

/** The probe itself gave a request up. */
export class GivenUp extends Error {
  constructor(
    message: string,
    readonly outcome: "aborted" | "failed",
  ) {
    super(message);
  }
}

const SENTENCES: Record<string, (where: string, host: string) => string> = {
  ECONNREFUSED: (where) => `${where} refused the connection: nothing listens there`,
  ENOTFOUND: (_, host) => `the name ${host} is not known`,
  EAI_AGAIN: (_, host) => `the name ${host} could not be looked up: no answer from the name server`,
  ECONNRESET: (where) => `${where} reset the connection`,
  EPIPE: (where) => `${where} had closed the connection while the request was being sent`,
  ETIMEDOUT: (where) => `${where} did not answer the attempt to connect`,
  EHOSTUNREACH: (_, host) => `there is no route to ${host}`,
  ENETUNREACH: (_, host) => `there is no network towards ${host}`,
  EADDRNOTAVAIL: () => "no local port is free for one more connection",
  EMFILE: () => "this process may not open more files (ulimit -n)",
  DEPTH_ZERO_SELF_SIGNED_CERT: (where) => `the certificate of ${where} is signed by itself and is not trusted`,
  SELF_SIGNED_CERT_IN_CHAIN: (where) => `the certificate of ${where} leads to an authority that is not trusted`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: (where) => `the certificate of ${where} is signed by an authority that is not known`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: (where) =>
    `the certificate of ${where} is signed by an authority that is not known`,
  CERT_HAS_EXPIRED: (where) => `the certificate of ${where} has expired`,
  CERT_NOT_YET_VALID: (where) => `the certificate of ${where} is not valid yet`,
  ERR_TLS_CERT_ALTNAME_INVALID: (where, host) => `the certificate of ${where} is for another name than ${host}`,
  ERR_SSL_WRONG_VERSION_NUMBER: (where) => `${where} does not speak TLS: is it an http:// address?`,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: (where) => `${where} does not speak TLS: is it an http:// address?`,
};

/** One sentence, without its full stop. */
export function sentence(error: unknown, origin: Origin): string {
  if (error instanceof GivenUp) return error.message;
  if (error instanceof ResponseFault) return `the answer is not valid HTTP: ${error.message}`;
  if (error instanceof ResponseCut) return `the connection was closed ${error.message}`;
  const { code, message } = causeOf(error);
  const known = code === undefined ? undefined : SENTENCES[code];
  const host = origin.host.includes(":") ? `[${origin.host}]` : origin.host;
  return known ? known(`${host}:${origin.port}`, host) : `${host}:${origin.port}: ${message}`;
}

/** Several attempts on the addresses of one name fail with one error that holds theirs. */
function causeOf(error: unknown): { code?: string; message: string } {
  const first = error instanceof AggregateError && error.errors.length ? error.errors[0] : error;
  if (!(first instanceof Error)) return { message: String(first) };
  const { code } = first as NodeJS.ErrnoException;
  return { code: typeof code === "string" ? code : undefined, message: first.message };
}
