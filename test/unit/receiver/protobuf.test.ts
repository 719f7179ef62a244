import assert from "node:assert/strict";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import fc from "fast-check";
import protobuf from "protobufjs/light";
import { decodeTraces, encodeAnswer } from "../../../src/receiver/protobuf";

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: "repeated" });

/** The same messages in another library's words, with fields that we do not read. */
const root = protobuf.Root.fromJSON({
  nested: {
    Export: { fields: { resourceSpans: list(1, "ResourceSpans"), unread: field(15, "string") } },
    ResourceSpans: { fields: { resource: field(1, "Resource"), scopeSpans: list(2, "ScopeSpans") } },
    Resource: { fields: { attributes: list(1, "KeyValue"), droppedAttributesCount: field(2, "uint32") } },
    ScopeSpans: { fields: { spans: list(2, "Span"), schemaUrl: field(3, "string") } },
    Span: {
      fields: {
        traceId: field(1, "bytes"),
        spanId: field(2, "bytes"),
        traceState: field(3, "string"),
        parentSpanId: field(4, "bytes"),
        name: field(5, "string"),
        kind: field(6, "int32"),
        startTimeUnixNano: field(7, "fixed64"),
        endTimeUnixNano: field(8, "fixed64"),
        attributes: list(9, "KeyValue"),
        events: list(11, "Event"),
        flags: field(16, "fixed32"),
      },
    },
    Event: { fields: { timeUnixNano: field(1, "fixed64"), name: field(2, "string") } },
    KeyValue: { fields: { key: field(1, "string"), value: field(2, "AnyValue") } },
    AnyValue: {
      oneofs: { value: { oneof: ["stringValue", "boolValue", "intValue", "doubleValue", "bytesValue"] } },
      fields: {
        stringValue: field(1, "string"),
        boolValue: field(2, "bool"),
        intValue: field(3, "int64"),
        doubleValue: field(4, "double"),
        bytesValue: field(7, "bytes"),
      },
    },
  },
});
const type = root.lookupType("Export");
const UNREAD = new Set(["unread", "droppedAttributesCount", "schemaUrl", "traceState", "flags", "bytesValue"]);

/** As JSON has it: without the fields that we pass over. */
const read = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(read)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([name]) => !UNREAD.has(name))
            .map(([name, inner]) => [name, read(inner)]),
        )
      : value;

const integer64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
const time = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const bytes = fc.uint8Array({ maxLength: 20 });
/** Protobuf has UTF-8, and lone surrogates have none. */
const text = fc.string({ unit: "grapheme", maxLength: 200 });
const attributes = fc.array(
  fc.record({
    key: text,
    value: fc.oneof(
      fc.record({ stringValue: text }),
      fc.record({ boolValue: fc.boolean() }),
      fc.record({ intValue: integer64 }),
      fc.record({ doubleValue: fc.double({ noNaN: true }) }),
      fc.record({ bytesValue: bytes }),
    ),
  }),
  { maxLength: 4 },
);
const span = fc.record(
  {
    traceId: bytes,
    spanId: bytes,
    traceState: text,
    parentSpanId: bytes,
    name: text,
    kind: fc.integer(),
    startTimeUnixNano: time,
    endTimeUnixNano: time,
    attributes,
    events: fc.array(fc.record({ timeUnixNano: time, name: text }), { maxLength: 3 }),
    flags: fc.nat(),
  },
  { requiredKeys: [] },
);
const document = fc.record(
  {
    unread: text,
    resourceSpans: fc.array(
      fc.record(
        {
          resource: fc.record({ attributes, droppedAttributesCount: fc.nat() }),
          scopeSpans: fc.array(fc.record({ spans: fc.array(span, { maxLength: 4 }), schemaUrl: text }), {
            maxLength: 3,
          }),
        },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
);

describe("OTLP in protobuf", () => {
  const numRuns = process.env.SOAK ? 20_000 : 300;

  it("is read as another library reads it", () => {
    fc.assert(
      fc.property(document, (made) => {
        const encoded = type.encode(type.fromObject(made)).finish();
        const theirs = type.toObject(type.decode(encoded), { longs: String, bytes: String });
        assert.deepEqual(decodeTraces(encoded), read(theirs));
      }),
      { numRuns },
    );
  });

  it("ends in an error or a message, whatever the bytes, cut anywhere", () => {
    fc.assert(
      fc.property(document, fc.nat(), fc.uint8Array({ maxLength: 60 }), (made, cut, noise) => {
        const encoded = type.encode(type.fromObject(made)).finish();
        for (const input of [encoded.subarray(0, cut % (encoded.length + 1)), noise])
          try {
            assert.equal(typeof decodeTraces(input), "object");
          } catch (error) {
            assert.ok(error instanceof RangeError, String(error));
          }
      }),
      { numRuns },
    );
  });

  it("answers what OpenTelemetry's own client reads", () => {
    const errorMessage = "spans ä without times ".repeat(20);
    for (const rejectedSpans of [1, 127, 128, 3_000_000]) {
      const answer = encodeAnswer({ partialSuccess: { rejectedSpans, errorMessage } });
      const { partialSuccess } = ProtobufTraceSerializer.deserializeResponse(answer);
      assert.equal(Number(partialSuccess?.rejectedSpans), rejectedSpans);
      assert.equal(partialSuccess?.errorMessage, errorMessage);
    }
  });
});
