/** Spans as OpenTelemetry's SDK records them, and what our readers must make of them. */
import assert from "node:assert/strict";
import { type Attributes, context, SpanKind, trace } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { LogRecord, StampRecord } from "../../../src/model/record";

const T = 1_700_000_000_000;

/** A server's request with a call beneath it, as OpenTelemetry's SDK records them. */
export function recorded(attributes: { server: Attributes; client: Attributes }) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      "service.name": "shop",
      "host.name": "pod-1",
      "telemetry.sdk.language": "nodejs",
    }),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("t");
  const remote = trace.setSpanContext(context.active(), {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    traceFlags: 1,
  });
  const server = tracer.startSpan(
    "GET /users/:id",
    { kind: SpanKind.SERVER, startTime: T, attributes: attributes.server },
    remote,
  );
  const below = trace.setSpan(remote, server);
  const client = tracer.startSpan(
    "GET",
    { kind: SpanKind.CLIENT, startTime: T + 2, attributes: attributes.client },
    below,
  );
  const inner = tracer.startSpan("template", { kind: SpanKind.INTERNAL, startTime: T + 9 }, below);
  client.end(T + 7);
  inner.end(T + 10);
  server.end(T + 12);
  return exporter.getFinishedSpans();
}

export const STABLE = {
  server: {
    "http.request.method": "GET",
    "url.path": "/users/7",
    "url.query": "a=b",
    "server.address": "shop.example",
    "server.port": 8080,
    "http.route": "/users/:id",
    "http.response.status_code": 200,
    "code.file.path": "src/users.ts",
    "code.line.number": 12,
    "code.column.number": 3,
    "code.function.name": "show",
  },
  client: { "http.request.method": "GET", "url.full": "http://u:p@db:9/q?x", "http.response.status_code": 204 },
};
export const OLD = {
  server: {
    "http.method": "GET",
    "http.target": "/users/7?a=b",
    "http.host": "shop.example:8080",
    "http.route": "/users/:id",
    "http.status_code": 200,
    "code.filepath": "src/users.ts",
    "code.lineno": 12,
    "code.column": 3,
    "code.function": "show",
  },
  client: { "http.method": "GET", "http.url": "http://u:p@db:9/q?x", "http.status_code": 204 },
};

type Loose = Record<string, unknown>;
export const of = (records: (LogRecord | StampRecord)[], type: string) =>
  records.filter((record) => record.type === type) as unknown as Loose[];

/** What our reader must have made of the spans, whichever attributes they had. */
export function judge(records: (LogRecord | StampRecord)[]): void {
  const us = T * 1000;
  const [server] = of(records, "server");
  const { seq, req, type, handler, ...facts } = server!;
  assert.deepEqual(facts, {
    id: "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
    method: "GET",
    target: "/users/7?a=b",
    host: "shop.example:8080",
    route: "/users/:id",
    status: 200,
    parseStart: us,
    sendEnd: us + 12_000,
    children: [
      { kind: "http", name: "GET", start: us + 2_000, duration: 5_000 },
      { kind: "measure", name: "template", start: us + 9_000, duration: 1_000 },
    ],
  });
  assert.deepEqual([seq, req, type], [2, 1, "server"]);
  const [source] = of(records, "source");
  assert.deepEqual(
    [source?.name, source?.file, source?.line, source?.column, source?.id],
    ["show", "src/users.ts", 12, 3, handler],
  );
  const [client] = of(records, "client");
  assert.deepEqual(
    [client?.url, client?.status, client?.requestStart, client?.responseEnd],
    ["http://db:9/q?x", 204, us + 2_000, us + 7_000],
  );
  assert.deepEqual(
    of(records, "header").map(({ role, host, grain }) => [role, host, grain]),
    [
      ["client", "pod-1", 1000],
      ["server", "pod-1", 1000],
    ],
  );
}
