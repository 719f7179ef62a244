/** One HTTP span of OpenTelemetry as what a client's or a server's record says of it. */
import type { ChildSpan } from "../model/record";
import { withoutUserInfo } from "../model/redact";
import type { Micros } from "../model/time";
import { type KnownMarks, readMarks } from "./exchange";
import type { ForeignClient, ForeignServer, ForeignSource } from "./foreign";
import { fieldOf, isObject, listOf, numberOf, objectOf, textOf } from "./json-value";
import { type Attributes, attributesOf, naturalAt, textAt } from "./otlp-attributes";

export interface Span {
  trace: string;
  id: string;
  parent: string | null;
  name: string;
  kind: number;
  start: Micros;
  end: Micros;
  attributes: Attributes;
  /** Our own marks, where we wrote the span: exact, and the only ones then. */
  marks: { client: KnownMarks; server: KnownMarks } | null;
}

export const KIND = { internal: 1, server: 2, client: 3 } as const;
const KIND_NAMES: ReadonlyMap<string, number> = new Map([
  ["SPAN_KIND_INTERNAL", KIND.internal],
  ["SPAN_KIND_SERVER", KIND.server],
  ["SPAN_KIND_CLIENT", KIND.client],
]);

/** Event names of ours: `request_timeline.parseEnd`. */
export const MARK_PREFIX = "request_timeline.";

/** The JSON object as a span, or the reason in words why it is none. */
export function readSpan(value: unknown): Span | { problem: string } {
  const trace = idOf(fieldOf(value, "traceId"), 32);
  const id = idOf(fieldOf(value, "spanId"), 16);
  const start = nanos(fieldOf(value, "startTimeUnixNano"));
  const end = nanos(fieldOf(value, "endTimeUnixNano"));
  if (trace === null || id === null) return { problem: "a span without a trace id and a span id" };
  if (start === null) return { problem: "a span without a start" };
  const kind = fieldOf(value, "kind");
  return {
    trace,
    id,
    parent: idOf(fieldOf(value, "parentSpanId"), 16),
    name: textOf(value, "name") ?? "",
    kind: typeof kind === "string" ? (KIND_NAMES.get(kind) ?? 0) : (numberOf(value, "kind") ?? 0),
    start,
    end: end !== null && end >= start ? end : start,
    attributes: attributesOf(value),
    marks: marksOf(value),
  };
}

/** Hex, as OTLP/JSON has it; base64, as protobuf's own JSON has it. All zeros are none. */
function idOf(value: unknown, digits: number): string | null {
  if (typeof value !== "string") return null;
  let hex = value.toLowerCase();
  if (value.length !== digits && /^[A-Za-z0-9+/]+={0,2}$/.test(value)) hex = fromBase64(value);
  return hex.length === digits && /^[0-9a-f]+$/.test(hex) && !/^0+$/.test(hex) ? hex : null;
}

const BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function fromBase64(text: string): string {
  let hex = "";
  let bits = 0;
  let held = 0;
  for (const char of text.replace(/=+$/, "")) {
    held = ((held << 6) | BASE64.indexOf(char)) & 0xfff;
    bits += 6;
    for (; bits >= 4; bits -= 4) hex += ((held >> (bits - 4)) & 15).toString(16);
  }
  return hex.slice(0, hex.length - (hex.length % 2));
}

/** Nanoseconds as a decimal string (or a number) → µs, cut. */
function nanos(value: unknown): Micros | null {
  if (typeof value === "number" && value > 0 && value < 2 ** 63) return Math.floor(value / 1000);
  if (typeof value !== "string" || !/^[1-9]\d{0,18}$/.test(value)) return null;
  return value.length <= 3 ? 0 : Number(value.slice(0, -3));
}

function marksOf(span: unknown): Span["marks"] {
  const times: Record<string, Micros> = {};
  for (const event of listOf(span, "events")) {
    const name = textOf(event, "name");
    const time = nanos(fieldOf(event, "timeUnixNano"));
    if (name?.startsWith(MARK_PREFIX) && time !== null) times[name.slice(MARK_PREFIX.length)] = time;
  }
  if (Object.keys(times).length === 0) return null;
  const { arrivalEarliest, arrivalLatest } = times;
  const arrival =
    arrivalEarliest !== undefined && arrivalLatest !== undefined ? [arrivalEarliest, arrivalLatest] : null;
  const marks = { ...times, ...(arrival && { arrival }) };
  return { client: readMarks(marks, "client"), server: readMarks(marks, "server") };
}

export const isHttp = ({ attributes }: Span): boolean =>
  attributes.has("http.request.method") || attributes.has("http.method");

/** What both sides have. Of a span without a status nobody knows more than that it ended. */
function shared({
  attributes,
}: Span): Pick<ForeignClient, "method" | "status" | "bytes" | "state" | "error" | "protocol"> {
  const status = naturalAt(attributes, "http.response.status_code", "http.status_code");
  const bytes = naturalAt(attributes, "http.response.body.size", "http.response_content_length");
  const own = textAt(attributes, "request_timeline.state");
  const state =
    STATES.find((known) => known === own) ?? (status === undefined && own === undefined ? "failed" : undefined);
  const error =
    textAt(attributes, "request_timeline.error") ??
    (status === undefined ? textAt(attributes, "error.type") : undefined);
  const version = textAt(attributes, "network.protocol.version", "http.flavor");
  return {
    method: textAt(attributes, "http.request.method", "http.method") ?? "-",
    ...(version?.startsWith("2") && { protocol: "h2" }),
    ...(status !== undefined && { status }),
    ...(bytes !== undefined && { bytes }),
    ...(state && { state }),
    ...(error !== undefined && { error }),
  };
}

const STATES = ["pending", "aborted", "failed"] as const;

/** Marks 1 to 8 of the client; without ours, the span's ends are marks 1 and 8. */
export function clientRecord(span: Span): ForeignClient {
  const { attributes, marks, start, end } = span;
  const url = textAt(attributes, "url.full", "http.url");
  const host = hostAt(attributes) ?? textAt(attributes, "net.peer.name");
  return {
    id: `${span.trace}-${span.id}`,
    ...shared(span),
    url: withoutUserInfo(
      url ??
        `${textAt(attributes, "url.scheme", "http.scheme") ?? "http"}://${host ?? "unknown.invalid"}${targetAt(attributes)}`,
    ),
    ...(marks ? marks.client : { requestStart: start, responseEnd: end }),
  };
}

/** Marks 3 and 6 of the server; with ours, all that it knew. */
export function serverRecord(span: Span, children: ChildSpan[]): ForeignServer {
  const { attributes, marks, start, end } = span;
  const host = hostAt(attributes);
  const route = textAt(attributes, "http.route");
  const worker = naturalAt(attributes, "request_timeline.worker");
  // What nobody has called in a trace its client may know by the id that was sent back (Server-Timing).
  const caller = span.parent ?? (marks ? null : span.id);
  const stamps = marks ? marks.server : { parseStart: start, sendEnd: end };
  return {
    ...(caller !== null && { id: `${span.trace}-${caller}` }),
    ...shared(span),
    target: targetAt(attributes),
    ...(host !== undefined && { host }),
    ...(route !== undefined && { route }),
    ...(worker !== undefined && { worker }),
    ...stamps,
    parseStart: stamps.parseStart ?? start,
    ...(children.length > 0 && { children }),
  };
}

/** Path and query: new attributes, old ones, or those of a whole URL. */
function targetAt(attributes: Attributes): string {
  const path = textAt(attributes, "url.path");
  if (path !== undefined) {
    const query = textAt(attributes, "url.query")?.replace(/^\?/, "");
    return query === undefined ? path : `${path}?${query}`;
  }
  return textAt(attributes, "http.target") ?? "/";
}

function hostAt(attributes: Attributes): string | undefined {
  const name = textAt(attributes, "server.address", "http.host", "net.host.name", "http.server_name");
  const port = naturalAt(attributes, "server.port", "net.host.port");
  if (name === undefined || port === undefined || /:\d+$/.test(name)) return name;
  return `${name.includes(":") && !name.startsWith("[") ? `[${name}]` : name}:${port}`;
}

/** The code that the span names, by the stable attributes or the older ones; null where it names none. */
export function sourceOf(attributes: Attributes): ForeignSource | null {
  const file = textAt(attributes, "code.file.path", "code.filepath");
  if (file === undefined) return null;
  const name = textAt(attributes, "code.function.name", "code.function");
  const space = textAt(attributes, "code.namespace");
  const line = naturalAt(attributes, "code.line.number", "code.lineno");
  const column = naturalAt(attributes, "code.column.number", "code.column");
  return {
    ...(name !== undefined && { name: space === undefined ? name : `${space}.${name}` }),
    file,
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
  };
}

/** The spans of a scope's or a library's list (the older name), whatever else is there. */
export function spansOf(resourceSpans: unknown): unknown[] {
  const scopes = [...listOf(resourceSpans, "scopeSpans"), ...listOf(resourceSpans, "instrumentationLibrarySpans")];
  return scopes.flatMap((scope) => listOf(scope, "spans")).filter(isObject);
}

export const resourceOf = (resourceSpans: unknown): Attributes => attributesOf(objectOf(resourceSpans, "resource"));
