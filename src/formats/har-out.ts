/**
 * HAR 1.2 out: an entry a request, its timings from the client's marks; a request that only the server saw has the
 * server's, and says so (`_clientUnknown`). The server's side goes in `_server`, `_handler` and `_clock`, and as a
 * Server-Timing header, so that a browser's network panel shows its phases. Times in ms, to the microsecond; the raw
 * stamps are in `_marks`.
 */
import type { TimelineRequest } from "../model/request";
import type { Micros } from "../model/time";
import {
  CREATOR,
  clientMarks,
  type Encoder,
  type Exchanged,
  type KnownMarks,
  serverMarks,
  spanOfMarks,
  wholeUrl,
} from "./exchange";

const HEAD = { version: "1.2", creator: { name: CREATOR, version: "1" }, pages: [] };
const ENTRIES_A_PART = 256;

export const encodeHar: Encoder = function* (items) {
  let part = `{"log":${JSON.stringify(HEAD).slice(0, -1)},"entries":[`;
  let count = 0;
  for (const item of items) {
    const entry = entryOf(item);
    if (!entry) continue;
    part += `${count === 0 ? "\n" : ",\n"}${JSON.stringify(entry)}`;
    if (++count % ENTRIES_A_PART !== 0) continue;
    yield part;
    part = "";
  }
  yield `${part}\n]}}\n`;
};

/** Null where not one time is known. */
function entryOf({ request, offset }: Exchanged): Record<string, unknown> | null {
  const client = clientMarks(request.marks);
  const server = serverMarks(request.marks);
  const start = spanOfMarks(client)?.[0] ?? spanOfMarks(server)?.[0];
  if (start === undefined) return null;
  const known = spanOfMarks(client) !== null;
  const timings = known
    ? timingsOf(client, start)
    : { send: 0, wait: millis(between(server.parseStart, server.sendEnd)), receive: 0 };
  return {
    startedDateTime: isoMicros(start),
    time: timeOf(timings),
    request: requestOf(request),
    response: responseOf(request),
    cache: {},
    timings,
    ...(known ? { _marks: client } : { _clientUnknown: true }),
    ...(request.state === "complete" ? {} : { _state: request.state }),
    ...(request.connection !== null && { _connection: request.connection }),
    ...(server.parseStart !== undefined && {
      _server: { ...server, ...(request.route !== null && { route: request.route }) },
    }),
    ...(offset && { _clock: { offset: offset.value, uncertainty: offset.uncertainty } }),
    ...(request.handler && { _handler: handlerOf(request.handler) }),
  };
}

const handlerOf = ({ name, file, line, column, confidence }: NonNullable<TimelineRequest["handler"]>) => ({
  ...(name !== null && { function: name }),
  file,
  ...(line !== null && { line }),
  ...(column !== null && { column }),
  confidence,
});

interface Timings {
  blocked?: number;
  dns?: number;
  connect?: number;
  ssl?: number;
  send: number;
  wait: number;
  receive: number;
}

function timingsOf(marks: KnownMarks, start: Micros): Timings {
  const { requestStart, requestEnd, responseStart, responseEnd } = marks;
  const before = between(start, requestStart);
  const dns = between(marks.domainLookupStart, marks.domainLookupEnd);
  const connect = between(marks.connectStart, marks.connectEnd);
  const ssl = between(marks.secureConnectionStart, marks.connectEnd);
  return {
    blocked: millis(Math.max(0, before - dns - connect)),
    dns: marks.domainLookupEnd === undefined ? -1 : millis(dns),
    connect: marks.connectEnd === undefined ? -1 : millis(connect),
    ssl: marks.secureConnectionStart === undefined ? -1 : millis(ssl),
    send: millis(between(requestStart, requestEnd)),
    wait: millis(between(requestEnd ?? requestStart, responseStart)),
    receive: millis(between(responseStart, responseEnd)),
  };
}

/** The sum of what applies; ssl lies inside connect. Added in µs: sums of fractions of ms are not exact. */
function timeOf({ ssl, ...timings }: Timings): number {
  const all: number[] = Object.values(timings);
  return all.reduce((sum, timing) => sum + (timing > 0 ? Math.round(timing * 1000) : 0), 0) / 1000;
}

const between = (from: Micros | undefined, to: Micros | undefined): Micros =>
  from === undefined || to === undefined ? 0 : Math.max(0, to - from);

const millis = (time: Micros): number => time / 1000;

/** ISO 8601 in UTC with microseconds. */
function isoMicros(time: Micros): string {
  const date = new Date(Math.floor(time / 1000)).toISOString();
  return `${date.slice(0, -1)}${String(time % 1000).padStart(3, "0")}Z`;
}

function requestOf({ method, url, id }: TimelineRequest): Record<string, unknown> {
  return {
    method,
    url: wholeUrl(url),
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers: id === null ? [] : [{ name: "traceparent", value: `00-${id}-01` }],
    queryString: queryOf(url),
    headersSize: -1,
    bodySize: -1,
  };
}

function responseOf({ status, bytes, error, durations }: TimelineRequest): Record<string, unknown> {
  const phases = (["queue", "parse", "process", "send"] as const).flatMap((key) =>
    durations[key] === null ? [] : [`${key};dur=${millis(durations[key])}`],
  );
  return {
    status: status ?? 0,
    statusText: "",
    httpVersion: "HTTP/1.1",
    cookies: [],
    headers: phases.length === 0 ? [] : [{ name: "Server-Timing", value: phases.join(", ") }],
    content: { size: bytes ?? 0, mimeType: "" },
    redirectURL: "",
    headersSize: -1,
    bodySize: bytes ?? -1,
    ...(error !== undefined && { _error: error }),
  };
}

/** Names and values as they stand in the URL, decoded where they can be. */
function queryOf(url: string): { name: string; value: string }[] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? "";
  return query === ""
    ? []
    : query.split("&").map((parameter) => {
        const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(parameter) ?? [];
        return { name: decoded(name), value: decoded(value) };
      });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
