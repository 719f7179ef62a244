/** What went wrong with a request, as a sentence that a person understands. */
import { ResponseCut, ResponseFault } from "./http1/head";

/** The probe itself gave a request up. */
export class GivenUp extends Error {
  constructor(
    message: string,
    readonly outcome: "aborted" | "failed",
  ) {
    super(message);
  }
}

/** Where a connection leads: a server, or the proxy before it. */
export interface Endpoint {
  /** As in an Origin. */
  host: string;
  port: number;
}

export const endpointText = ({ host, port }: Endpoint): string => `${hostText(host)}:${port}`;
const hostText = (host: string): string => (host.includes(":") ? `[${host}]` : host);

const INSECURE = "--insecure accepts it";

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
  DEPTH_ZERO_SELF_SIGNED_CERT: (where) =>
    `the certificate of ${where} is signed by itself and is not trusted; ${INSECURE}`,
  SELF_SIGNED_CERT_IN_CHAIN: (where) =>
    `the certificate of ${where} leads to an authority that is not trusted; ${INSECURE}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: (where) =>
    `the certificate of ${where} is signed by an authority that is not known; ${INSECURE}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: (where) =>
    `the certificate of ${where} is signed by an authority that is not known; ${INSECURE}`,
  CERT_HAS_EXPIRED: (where) => `the certificate of ${where} has expired; ${INSECURE}`,
  CERT_NOT_YET_VALID: (where) => `the certificate of ${where} is not valid yet; ${INSECURE}`,
  ERR_TLS_CERT_ALTNAME_INVALID: (where, host) =>
    `the certificate of ${where} is for another name than ${host}; ${INSECURE}`,
  ERR_SSL_WRONG_VERSION_NUMBER: (where) => `${where} does not speak TLS: is it an http:// address?`,
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: (where) =>
    `${where} does not offer the version of HTTP that was asked for`,
  ERR_HTTP2_ERROR: (where) => `what ${where} answers is not HTTP/2: does it speak that without TLS?`,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: (where) => `${where} does not speak TLS: is it an http:// address?`,
};

/** One sentence, without its full stop. */
export function sentence(error: unknown, endpoint: Endpoint): string {
  if (error instanceof GivenUp) return error.message;
  if (error instanceof ResponseFault) return `the answer is not valid HTTP: ${error.message}`;
  if (error instanceof ResponseCut) return `the connection was closed ${error.message}`;
  const { code, message } = causeOf(error);
  const known = code === undefined ? undefined : SENTENCES[code];
  const where = endpointText(endpoint);
  return known ? known(where, hostText(endpoint.host)) : `${where}: ${message}`;
}

/** Several attempts on the addresses of one name fail with one error that holds theirs. */
function causeOf(error: unknown): { code?: string; message: string } {
  const first = error instanceof AggregateError && error.errors.length ? error.errors[0] : error;
  if (!(first instanceof Error)) return { message: String(first) };
  const { code } = first as NodeJS.ErrnoException;
  return { code: typeof code === "string" ? code : undefined, message: first.message };
}
