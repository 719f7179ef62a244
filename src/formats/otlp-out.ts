/**
 * OTLP/JSON out, one document a line: a client span (marks 1 to 8) and a server span beneath it (marks 3 to 6), both
 * from raw stamps; every mark is an event `request_timeline.<mark>`, every child of the server a span beneath its.
 * A request without a trace context gets ids that follow from what it is, the same whenever it is exported.
 */
import type { SourceLocation, TimelineRequest } from "../model/request";
import type { Micros } from "../model/time";
import {
  CREATOR,
  clientMarks,
  type Encoder,
  hostOf,
  type KnownMarks,
  serverMarks,
  spanOfMarks,
  targetOf,
} from "./exchange";
import { type AttributeValue, attributeList } from "./otlp-attributes";
import { KIND, MARK_PREFIX } from "./otlp-span";

const REQUESTS_A_LINE = 256;
const SCOPE = { name: CREATOR };

export const encodeOtlp: Encoder = function* (items) {
  let client: object[] = [];
  let server: object[] = [];
  for (const { request } of items) {
    client.push(...clientSpans(request));
    server.push(...serverSpans(request));
    if (client.length + server.length < REQUESTS_A_LINE) continue;
    yield documentOf(client, server);
    client = [];
    server = [];
  }
  if (client.length + server.length > 0) yield documentOf(client, server);
};

/** One line: the client's process and the server's. */
function documentOf(client: readonly object[], server: readonly object[]): string {
  const resourceSpans = [["client", client] as const, ["server", server] as const].flatMap(([role, spans]) =>
    spans.length === 0
      ? []
      : [
          {
            resource: { attributes: attributeList({ "service.name": role, "telemetry.sdk.name": CREATOR }) },
            scopeSpans: [{ scope: SCOPE, spans }],
          },
        ],
  );
  return `${JSON.stringify({ resourceSpans })}\n`;
}

interface Ids {
  trace: string;
  client: string;
  server: string;
}

function idsOf({ id, method, url, status, marks }: TimelineRequest): Ids {
  const known = /^([0-9a-f]{32})-([0-9a-f]{16})$/.exec(id ?? "");
  const seed = JSON.stringify([method, url, status, marks.requestStart, marks.parseStart]);
  const trace = known?.[1] ?? hex(seed, "trace", 4);
  const client = known?.[2] ?? hex(seed, "client", 2);
  return { trace, client, server: hex(trace + client, "server", 2) };
}

function clientSpans(request: TimelineRequest): object[] {
  const marks = clientMarks(request.marks);
  const span = spanOfMarks(marks);
  if (!span) return [];
  const { trace, client } = idsOf(request);
  const { requestStart = span[0], responseEnd = span[1] } = marks;
  return [
    {
      traceId: trace,
      spanId: client,
      name: request.method,
      kind: KIND.client,
      startTimeUnixNano: nanos(requestStart),
      endTimeUnixNano: nanos(Math.max(requestStart, responseEnd)),
      attributes: attributeList({ ...sharedOf(request), "url.full": request.url, ...addressOf(request.url) }),
      events: eventsOf(marks),
      status: statusOf(request, 400),
    },
  ];
}

function serverSpans(request: TimelineRequest): object[] {
  const marks = serverMarks(request.marks);
  const span = spanOfMarks({ ...marks, arrival: undefined });
  if (!span) return [];
  const { trace, client, server } = idsOf(request);
  const { parseStart = span[0], sendEnd = span[1] } = marks;
  const [path, query] = splitTarget(targetOf(request.url));
  const paired = request.id !== null || request.pairing !== "none";
  return [
    ...childSpans(request, trace, server),
    {
      traceId: trace,
      spanId: server,
      ...(paired && { parentSpanId: client }),
      name: request.route === null ? request.method : `${request.method} ${request.route}`,
      kind: KIND.server,
      startTimeUnixNano: nanos(parseStart),
      endTimeUnixNano: nanos(Math.max(parseStart, sendEnd)),
      attributes: attributeList({
        ...sharedOf(request),
        "url.scheme": /^(\w+):/.exec(request.url)?.[1] ?? "http",
        "url.path": path,
        "url.query": query,
        ...addressOf(request.url),
        "http.route": request.route,
        "request_timeline.worker": request.worker,
        ...codeOf(request.handler),
      }),
      events: eventsOf(marks),
      status: statusOf(request, 500),
    },
  ];
}

/** Only those whose start is known: a span has one. */
function childSpans(request: TimelineRequest, trace: string, parent: string): object[] {
  return request.children.flatMap(({ kind, name, start, duration, source }, at) =>
    start === null
      ? []
      : [
          {
            traceId: trace,
            spanId: hex(parent, `${at}`, 2),
            parentSpanId: parent,
            name,
            kind: KIND.internal,
            startTimeUnixNano: nanos(start),
            endTimeUnixNano: nanos(start + duration),
            attributes: attributeList({ "request_timeline.child": kind, ...codeOf(source) }),
          },
        ],
  );
}

const sharedOf = ({ method, status, bytes, state, error }: TimelineRequest): Record<string, AttributeValue | null> => ({
  "http.request.method": method,
  "http.response.status_code": status,
  "http.response.body.size": bytes,
  // Without a status a span tells nothing of how the request went.
  "request_timeline.state": state === "complete" && status !== null ? null : state,
  "request_timeline.error": error ?? null,
});

const codeOf = (source: SourceLocation | null): Record<string, AttributeValue | null> => ({
  "code.file.path": source?.file ?? null,
  "code.line.number": source?.line ?? null,
  "code.column.number": source?.column ?? null,
  "code.function.name": source?.name ?? null,
});

function addressOf(url: string): Record<string, AttributeValue> {
  const [, name, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(hostOf(url) ?? "") ?? [];
  return { ...(name && { "server.address": name }), ...(port && { "server.port": Number(port) }) };
}

function splitTarget(target: string): [path: string, query: string | null] {
  const mark = target.indexOf("?");
  return mark < 0 ? [target, null] : [target.slice(0, mark), target.slice(mark + 1)];
}

const eventsOf = ({ arrival, ...marks }: KnownMarks): object[] =>
  Object.entries({ ...(arrival && { arrivalEarliest: arrival[0], arrivalLatest: arrival[1] }), ...marks }).map(
    ([mark, time]) => ({ timeUnixNano: nanos(time), name: MARK_PREFIX + mark }),
  );

/** Errors by the conventions: a client's from 400 on, a server's from 500 on. */
const statusOf = ({ status, state }: TimelineRequest, from: number): object =>
  (status !== null && status >= from) || state === "failed" || state === "aborted" ? { code: 2 } : {};

const nanos = (time: Micros): string => `${time}000`;

/** Words of FNV-1a over the text, each from the one before; never all zeros. */
function hex(text: string, use: string, words: number): string {
  let value = 0x811c9dc5;
  let digits = "";
  for (let word = 0; word < words; word++) {
    for (const unit of `${use}${word}${text}`) value = Math.imul(value ^ unit.codePointAt(0)!, 0x01000193);
    digits += (value >>> 0).toString(16).padStart(8, "0");
  }
  return /^0+$/.test(digits) ? digits.replace(/0$/, "1") : digits;
}
