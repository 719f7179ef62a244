/**
 * OTLP's trace messages in protobuf (opentelemetry-proto v1, trace service): the few fields that are read, by their
 * numbers; a reader passes over the others. Decoded to the shape of OTLP/JSON, ids in base64.
 */
import protobuf from "protobufjs/light";

const field = (id: number, type: string) => ({ id, type });
const list = (id: number, type: string) => ({ id, type, rule: "repeated" });

const root = protobuf.Root.fromJSON({
  nested: {
    ExportTraceServiceRequest: { fields: { resourceSpans: list(1, "ResourceSpans") } },
    ResourceSpans: { fields: { resource: field(1, "Resource"), scopeSpans: list(2, "ScopeSpans") } },
    Resource: { fields: { attributes: list(1, "KeyValue") } },
    ScopeSpans: { fields: { spans: list(2, "Span") } },
    Span: {
      fields: {
        traceId: field(1, "bytes"),
        spanId: field(2, "bytes"),
        parentSpanId: field(4, "bytes"),
        name: field(5, "string"),
        kind: field(6, "int32"),
        startTimeUnixNano: field(7, "fixed64"),
        endTimeUnixNano: field(8, "fixed64"),
        attributes: list(9, "KeyValue"),
        events: list(11, "Event"),
      },
    },
    Event: { fields: { timeUnixNano: field(1, "fixed64"), name: field(2, "string") } },
    KeyValue: { fields: { key: field(1, "string"), value: field(2, "AnyValue") } },
    AnyValue: {
      oneofs: { value: { oneof: ["stringValue", "boolValue", "intValue", "doubleValue"] } },
      fields: {
        stringValue: field(1, "string"),
        boolValue: field(2, "bool"),
        intValue: field(3, "int64"),
        doubleValue: field(4, "double"),
      },
    },
    ExportTraceServiceResponse: { fields: { partialSuccess: field(1, "PartialSuccess") } },
    PartialSuccess: { fields: { rejectedSpans: field(1, "int64"), errorMessage: field(2, "string") } },
  },
});
const request = root.lookupType("ExportTraceServiceRequest");
const response = root.lookupType("ExportTraceServiceResponse");

/** Throws where the bytes are no such message. */
export const decodeTraces = (bytes: Uint8Array): unknown =>
  request.toObject(request.decode(bytes), { longs: String, bytes: String });

export const encodeAnswer = (answer: object): Uint8Array => response.encode(response.fromObject(answer)).finish();
