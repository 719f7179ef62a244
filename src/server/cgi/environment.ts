/**
 * The environment of a CGI program (RFC 3875, section 4.1): built from nothing, so that neither a secret of the server's
 * environment nor a header that programs take for a setting (`Proxy`, as HTTP_PROXY) gets through.
 */
import type { IncomingMessage } from "node:http";
import type { Script } from "./script";

/** What programs need of the server's own environment. */
export function inheritedEnvironment(): Record<string, string> {
  const inherited: Record<string, string> = {};
  for (const name of ["PATH", "LANG", "LC_ALL", "LC_TIME", "TZ", "SystemRoot"])
    if (process.env[name] !== undefined) inherited[name] = process.env[name];
  return inherited;
}

/** Headers that are handed on as HTTP_…; all others stay with the server. */
const HEADERS = [
  "accept",
  "accept-charset",
  "accept-encoding",
  "accept-language",
  "cookie",
  "host",
  "if-modified-since",
  "if-none-match",
  "origin",
  "range",
  "referer",
  "traceparent",
  "user-agent",
  "x-request-id",
  "x-requested-with",
];

/** `length` is the input's, in bytes. */
export function cgiEnvironment(
  request: IncomingMessage,
  query: string | null,
  script: Script,
  length: number,
): Record<string, string> {
  const { headers, socket } = request;
  const [host] = /^(?:\[[^\]]*\]|[^:]*)/.exec(headers.host ?? "") ?? [""];
  const environment: Record<string, string> = {
    ...inheritedEnvironment(),
    GATEWAY_INTERFACE: "CGI/1.1",
    SERVER_SOFTWARE: "request-timeline",
    SERVER_PROTOCOL: `HTTP/${request.httpVersion}`,
    SERVER_NAME: host || (socket.localAddress ?? "localhost"),
    SERVER_PORT: String(socket.localPort ?? ""),
    REQUEST_METHOD: request.method ?? "GET",
    SCRIPT_NAME: script.name,
    SCRIPT_FILENAME: script.path,
    QUERY_STRING: query ?? "",
    REMOTE_ADDR: socket.remoteAddress ?? "",
    REMOTE_PORT: String(socket.remotePort ?? ""),
  };
  if (script.pathInfo) environment.PATH_INFO = script.pathInfo;
  if (length > 0) environment.CONTENT_LENGTH = String(length);
  if (headers["content-type"]) environment.CONTENT_TYPE = headers["content-type"];
  for (const name of HEADERS) {
    const value = headers[name];
    if (typeof value === "string") environment[`HTTP_${name.replaceAll("-", "_").toUpperCase()}`] = value;
  }
  return environment;
}

/** The words of a query without `=` (RFC 3875, section 4.4). None at all where one could be taken for an option. */
export function cgiArguments(query: string | null): string[] {
  if (!query || query.includes("=")) return [];
  try {
    const words = query.split("+").map(decodeURIComponent);
    return words.some((word) => word.startsWith("-") || word.includes("\0")) ? [] : words;
  } catch {
    return [];
  }
}
