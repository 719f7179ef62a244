/** A browser's requests as records of the client's log. */
import { stampOfMono } from "../../log/clock";
import type { ResourceKind } from "../../model/record";
import { redactTarget } from "../../model/redact";
import type { ClientFields } from "../client-record";
import { recordedKind } from "../kind";
import type { Connections } from "./net-trace";
import type { BrowserRequest, Response } from "./network";

/** The protocol's monotonic time (s) as a stamp. */
export type ToStamp = (seconds: number) => number;

/** On Linux the base is CLOCK_MONOTONIC, as ours; elsewhere the request's wall time tells the distance. */
export function stamper({ issued, wall }: { issued: number; wall: number }): ToStamp {
  const mono: ToStamp = (seconds) => stampOfMono(BigInt(Math.round(seconds * 1e9)));
  const isShared = Math.abs(mono(issued) - wall * 1e6) < 1e6;
  return isShared ? mono : (seconds) => Math.round((wall + seconds - issued) * 1e6);
}

const KINDS: Record<string, ResourceKind> = {
  Document: "document",
  Stylesheet: "style",
  Image: "image",
  Script: "script",
};

/** Chromium's net errors, as far as people meet them. */
const ERRORS: Record<string, string> = {
  ERR_CONNECTION_REFUSED: "the server refused the connection: nothing listens there",
  ERR_CONNECTION_RESET: "the server reset the connection",
  ERR_CONNECTION_CLOSED: "the connection was closed without an answer",
  ERR_EMPTY_RESPONSE: "the connection was closed without an answer",
  ERR_CONTENT_LENGTH_MISMATCH: "the connection was closed before the end of the answer",
  ERR_INCOMPLETE_CHUNKED_ENCODING: "the connection was closed before the answer's last chunk",
  ERR_NAME_NOT_RESOLVED: "the host's name is not known",
  ERR_TOO_MANY_REDIRECTS: "the redirect cannot be followed: there are too many",
  ERR_CONNECTION_TIMED_OUT: "the server did not answer the attempt to connect",
  ERR_CERT_AUTHORITY_INVALID: "the server's certificate is not trusted; --insecure accepts it",
  ERR_CERT_COMMON_NAME_INVALID: "the server's certificate is for another name; --insecure accepts it",
  ERR_CERT_DATE_INVALID: "the server's certificate has expired or is not valid yet; --insecure accepts it",
  ERR_SSL_PROTOCOL_ERROR: "the server does not speak TLS: is it an http:// address?",
  ERR_UNSAFE_PORT: "the browser asks nobody at this port, which belongs to another protocol",
  ERR_PROXY_CONNECTION_FAILED: "no way through the environment's proxy: nobody answers there",
  ERR_TUNNEL_CONNECTION_FAILED: "the environment's proxy does not open the way to the server",
  ERR_INVALID_AUTH_CREDENTIALS: "a user and a password are wanted, or not taken: the browser has none to give",
  ERR_ABORTED: "the browser gave the request up",
};

/** Where an answer came from that is not the server's; undefined for the server's. */
function cacheOf({ fromMemory, response }: BrowserRequest): string | undefined {
  if (fromMemory) return "memory";
  if (response?.fromServiceWorker) return "service-worker";
  if (response?.fromDiskCache || response?.fromPrefetchCache) return "disk";
  return undefined;
}

export interface Place {
  conn: string;
  /** Absent for HTTP/2, which has no order. */
  ord?: number;
  /** When the answer's last byte was read from it, s, monotonic; 0 where none was. */
  received: number;
}

/** In the order in which they were sent, as far as the protocol tells. */
function requestsByConnection(requests: readonly BrowserRequest[]): Map<number, BrowserRequest[]> {
  const byConnection = new Map<number, BrowserRequest[]>();
  const sendTime = ({ response }: BrowserRequest) =>
    (response?.timing?.requestTime ?? 0) + (response?.timing?.sendStart ?? 0) / 1000;
  for (const request of requests.filter(isSent).toSorted((a, b) => sendTime(a) - sendTime(b))) {
    const { connectionId } = request.response!;
    byConnection.set(connectionId, [...(byConnection.get(connectionId) ?? []), request]);
  }
  return byConnection;
}

/** Where each request stands among all that were sent on its connection; rather nowhere than in a wrong place. */
function placesOf(requests: readonly BrowserRequest[], connections: Connections): Map<BrowserRequest, Place> {
  const places = new Map<BrowserRequest, Place>();
  for (const [id, own] of requestsByConnection(requests)) {
    const connection = connections.get(id);
    if (!connection) continue;
    const { local, remote, sent } = connection;
    const isTaken = new Set<number>();
    let from = 0;
    for (const request of own) {
      const { pathname, search } = new URL(request.url);
      const line = `${request.method} ${pathname}${search}`;
      const isHttp2 = request.response?.protocol === "h2";
      const at = sent.findIndex((one, at) => one.line === line && (isHttp2 ? !isTaken.has(at) : at >= from));
      if (at < 0 && !isHttp2) continue;
      isTaken.add(at);
      from = at + 1;
      const received = (sent[at]?.received ?? 0) / 1e6;
      places.set(request, { conn: `${local}>${remote}`, ord: isHttp2 ? undefined : at + 1, received });
    }
  }
  return places;
}

/** `left`: why requests that are still under way have no end. */
export function recordsOf(requests: readonly BrowserRequest[], connections: Connections, left: string): ClientFields[] {
  const places = placesOf(requests, connections);
  return requests.map((request) => fieldsOf(request, places.get(request), left));
}

/** The server has seen it, on a connection that the browser tells. */
export function isSent(request: BrowserRequest): boolean {
  const { response } = request;
  return !!response?.timing && response.connectionId > 0 && cacheOf(request) === undefined;
}

function fieldsOf(request: BrowserRequest, place: Place | undefined, left: string): ClientFields {
  const { response, error, ended } = request;
  const url = new URL(request.url);
  url.hash = url.username = url.password = "";
  const at = stamper(request);
  const cache = cacheOf(request);
  const isHttp2 = response?.protocol === "h2";
  const hasEnded = ended !== null && error === null;
  const phases = response && cache === undefined ? phasesOf(response, at) : {};
  // The page hears of the end when it gets round to it. The header is known a little after the bytes that it came in.
  const received = place?.received ? Math.max(at(place.received), phases.responseHeadersEnd ?? 0) : undefined;
  const end = ended === null ? undefined : at(ended);
  return {
    req: request.req,
    id: response ? echoedId(response) : undefined,
    conn: place?.conn,
    ord: place?.ord,
    protocol: isHttp2 ? "h2" : undefined,
    method: request.method,
    url: redactTarget(url.href),
    status: request.revalidated ? 304 : response?.status,
    bytes: response && cache === undefined ? request.bytes : undefined,
    state: hasEnded ? undefined : error !== null && !request.canceled ? "failed" : "aborted",
    error: hasEnded ? undefined : error ? sentence(error) : left,
    kind: response
      ? recordedKind(response.mimeType, `${url.pathname}${url.search}`, KINDS[request.type])
      : KINDS[request.type],
    page: request.page,
    hop: request.hop,
    cache,
    initiator: request.initiator,
    fetchStart: at(request.issued),
    ...phases,
    ...(hasEnded ? { responseEnd: received ?? end } : { closed: end }),
  };
}

function phasesOf({ timing }: Response, at: ToStamp): Partial<ClientFields> {
  if (!timing) return {};
  const from = (milliseconds: number | undefined) =>
    milliseconds === undefined || milliseconds < 0 ? undefined : at(timing.requestTime + milliseconds / 1000);
  return {
    domainLookupStart: from(timing.dnsStart),
    domainLookupEnd: from(timing.dnsEnd),
    connectStart: from(timing.connectStart),
    secureConnectionStart: from(timing.sslStart),
    connectEnd: from(timing.connectEnd),
    requestStart: from(timing.sendStart),
    requestEnd: from(timing.sendEnd),
    responseStart: from(timing.receiveHeadersStart) ?? from(timing.receiveHeadersEnd),
    responseHeadersEnd: from(timing.receiveHeadersEnd),
  };
}

/** An id that the server sends back, `Server-Timing: traceparent;desc="00-…"`: it holds behind proxies too. */
function echoedId({ headers }: Response): string | undefined {
  const value = Object.entries(headers).find(([name]) => name.toLowerCase() === "server-timing")?.[1];
  const id = /(?:^|[,\n])[ \t]*traceparent\s*;\s*desc="?00-([0-9a-f]{32}-[0-9a-f]{16})-[0-9a-f]{2}"?/.exec(
    value ?? "",
  )?.[1];
  return id === undefined || /^0{32}|0{16}$/.test(id) ? undefined : id;
}

function sentence(error: string): string {
  const code = error.replace(/^net::/, "");
  return ERRORS[code] ?? `the browser says ${code}`;
}
