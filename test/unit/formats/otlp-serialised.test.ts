/** Our export beside what OpenTelemetry's own serialiser writes for the same spans. */
import assert from "node:assert/strict";
import type { Attributes, HrTime } from "@opentelemetry/api";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { encodeOtlp } from "../../../src/formats/otlp-out";
import { session, written } from "./exchange";

type Value = { stringValue?: string; intValue?: string; doubleValue?: number; boolValue?: boolean };
type Pair = { key: string; value: Value };
interface Written {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: Pair[];
  events?: { timeUnixNano: string; name: string }[];
  status?: { code?: number };
}

const hrTime = (nanos: string): HrTime => [Number(nanos.slice(0, -9)), Number(nanos.slice(-9))];

const attributesOf = (pairs: Pair[]): Attributes =>
  Object.fromEntries(
    pairs.map(({ key, value }) => [
      key,
      value.intValue === undefined
        ? (value.stringValue ?? value.doubleValue ?? value.boolValue)
        : Number(value.intValue),
    ]),
  );

const contextOf = (traceId: string, spanId: string) => ({ traceId, spanId, traceFlags: 1 });

type Process = Pick<ReadableSpan, "resource" | "instrumentationScope">;

/** The span as the SDK holds it; its kinds count from 0 where OTLP's count from 1. */
const readable = (span: Written, process: Process): ReadableSpan => ({
  name: span.name,
  kind: span.kind - 1,
  spanContext: () => contextOf(span.traceId, span.spanId),
  ...(span.parentSpanId !== undefined && { parentSpanContext: contextOf(span.traceId, span.parentSpanId) }),
  startTime: hrTime(span.startTimeUnixNano),
  endTime: hrTime(span.endTimeUnixNano),
  duration: [0, 0],
  status: { code: span.status?.code ?? 0 },
  attributes: attributesOf(span.attributes),
  links: [],
  events: (span.events ?? []).map(({ name, timeUnixNano }) => ({ name, time: hrTime(timeUnixNano) })),
  ended: true,
  ...process,
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
});

/** Without what is at its default (protobuf: absent), flags, and with 64-bit integers as text, as the protocol has them. */
const plain = (document: string): unknown =>
  JSON.parse(document, (key, value) => {
    if (key === "flags" || value === 0 || (Array.isArray(value) && value.length === 0)) return undefined;
    if (key === "intValue") return String(value);
    if (key === "status" && Object.keys(value).length === 0) return undefined;
    return value;
  });

describe("OTLP/JSON that we write", () => {
  for (const clocks of ["one boot", "two machines"] as const)
    it(`is what OpenTelemetry's serialiser writes for the same spans (${clocks})`, async () => {
      const { items } = await session(clocks);
      const ours = written(encodeOtlp, items);
      const { resourceSpans } = JSON.parse(ours);
      assert.ok(resourceSpans.length === 2);
      for (const one of resourceSpans) {
        const [{ scope, spans: all }] = one.scopeSpans;
        const process = {
          resource: resourceFromAttributes(attributesOf(one.resource.attributes)),
          instrumentationScope: scope,
        };
        const spans = all.map((span: Written) => readable(span, process));
        const theirs = new TextDecoder().decode(JsonTraceSerializer.serializeRequest(spans));
        assert.deepEqual(plain(theirs), plain(JSON.stringify({ resourceSpans: [one] })));
      }
    });
});
