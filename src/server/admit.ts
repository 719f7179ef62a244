/** What is checked of every request's head before anything is done for it. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { Refusal } from "./answer";
import type { Limits } from "./limits";

const METHODS = ["GET", "HEAD", "POST", "PUT", "OPTIONS"];

/** The name in a Host header, without port and brackets, in lower case; null where it is none. */
function hostName(host: string): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{0,5})?$/i.exec(host);
  return match ? (match[1] ?? match[2]!).toLowerCase() : null;
}

/**
 * A page of another site can make a browser ask this server under a name of that site's (DNS rebinding): only names
 * that are known to be ours are answered. An address is not a name, so nobody else's name resolves to it.
 */
export function checkHost(host: string, allowed: ReadonlySet<string>): void {
  const name = hostName(host);
  const ours =
    name !== null && (isIP(name) !== 0 || name === "localhost" || name.endsWith(".localhost") || allowed.has(name));
  if (!ours) throw new Refusal(421, "This server does not answer for that host.");
}

export const allowedHosts = (more: readonly string[]): ReadonlySet<string> =>
  new Set([hostname(), ...more].map((name) => name.toLowerCase()));

/** node:http takes the first of two Host headers, and the last word about codings: the raw headers tell. */
function checkRaw(request: IncomingMessage, limits: Limits): void {
  const { rawHeaders, headers } = request;
  if (rawHeaders.length / 2 > limits.headerCount) throw new Refusal(431, "The request has too many headers.");
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]!.toLowerCase() === "host") hosts++;
  if (hosts > 1 || (hosts === 0 && request.httpVersion === "1.1"))
    throw new Refusal(400, "A request has exactly one Host header.");
  const coding = headers["transfer-encoding"];
  if (coding === undefined) return;
  if (request.httpVersion !== "1.1") throw new Refusal(400, "Transfer-Encoding needs HTTP/1.1.");
  if (coding.trim().toLowerCase() !== "chunked")
    throw new Refusal(501, "Of the transfer codings only chunked is known.");
}

/** Throws the refusal of a request that is malformed, too long or meant for somebody else. */
export function checkHead(request: IncomingMessage, limits: Limits, hosts: ReadonlySet<string>): void {
  const { httpVersion, method = "", url = "", headers } = request;
  if (httpVersion !== "1.1" && httpVersion !== "1.0") throw new Refusal(505, "This server speaks HTTP/1.1.");
  checkRaw(request, limits);
  if (url.length > limits.targetLength) throw new Refusal(414, "The request target is too long.");
  if (!METHODS.includes(method)) throw new Refusal(501, "This server does not know the method.");
  if (Number(headers["content-length"] ?? 0) > limits.bodyBytes) throw new Refusal(413, "The body is too large.");
  if (headers.host !== undefined) checkHost(headers.host, hosts);
}

/** A page of another origin may link to a program, but neither write files nor send it forms. */
export function checkOrigin(request: IncomingMessage): void {
  const { origin, host } = request.headers;
  if (origin === undefined) return;
  if (origin !== `http://${host}` && origin !== `https://${host}`)
    throw new Refusal(403, "A page of another origin asked for this.");
}
