/**
 * OTLP's trace messages in protobuf (opentelemetry-proto v1, trace service; encoding: protobuf.dev/programming-guides/
 * encoding): the few fields that are read, by their numbers; the others are passed over. Decoded to the shape of
 * OTLP/JSON, ids in base64. A general library for these would be a fifteenth of the package.
 */

type Scalar = "bytes" | "string" | "int32" | "int64" | "bool" | "double" | "fixed64";
interface Field {
  name: string;
  type: Scalar | Message;
  /** A list, even of one. */
  repeated?: true;
}
type Message = ReadonlyMap<number, Field>;
type Decoded = Record<string, unknown>;

const message = (...fields: [id: number, name: string, type: Field["type"], repeated?: true][]): Message =>
  new Map(fields.map(([id, name, type, repeated]) => [id, { name, type, ...(repeated && { repeated }) }]));

const ANY_VALUE = message(
  [1, "stringValue", "string"],
  [2, "boolValue", "bool"],
  [3, "intValue", "int64"],
  [4, "doubleValue", "double"],
);
const KEY_VALUE = message([1, "key", "string"], [2, "value", ANY_VALUE]);
const EVENT = message([1, "timeUnixNano", "fixed64"], [2, "name", "string"]);
const SPAN = message(
  [1, "traceId", "bytes"],
  [2, "spanId", "bytes"],
  [4, "parentSpanId", "bytes"],
  [5, "name", "string"],
  [6, "kind", "int32"],
  [7, "startTimeUnixNano", "fixed64"],
  [8, "endTimeUnixNano", "fixed64"],
  [9, "attributes", KEY_VALUE, true],
  [11, "events", EVENT, true],
);
const SCOPE_SPANS = message([2, "spans", SPAN, true]);
const RESOURCE = message([1, "attributes", KEY_VALUE, true]);
const RESOURCE_SPANS = message([1, "resource", RESOURCE], [2, "scopeSpans", SCOPE_SPANS, true]);
const REQUEST = message([1, "resourceSpans", RESOURCE_SPANS, true]);

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;
const WIRE: Record<Scalar, number> = {
  bytes: DELIMITED,
  string: DELIMITED,
  int32: VARINT,
  int64: VARINT,
  bool: VARINT,
  double: FIXED64,
  fixed64: FIXED64,
};

/** Throws where the bytes are no such message. */
export const decodeTraces = (bytes: Uint8Array): Decoded => new Reader(bytes).message(REQUEST);

class Reader {
  private at = 0;
  private readonly view: DataView;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  message(fields: Message): Decoded {
    const decoded: Decoded = {};
    while (this.at < this.bytes.length) {
      const tag = Number(BigInt.asUintN(32, this.varint()));
      const wire = tag & 7;
      const field = fields.get(tag >>> 3);
      const wanted = field && (typeof field.type === "string" ? WIRE[field.type] : DELIMITED);
      if (tag >>> 3 === 0) throw new RangeError("no field has the number 0");
      if (wire !== wanted) this.skip(wire);
      else put(decoded, field!, this.value(field!.type));
    }
    return decoded;
  }

  private value(type: Field["type"]): unknown {
    if (typeof type !== "string") return new Reader(this.delimited()).message(type);
    switch (type) {
      case "bytes":
        return Buffer.from(this.delimited()).toString("base64");
      case "string":
        return Buffer.from(this.delimited()).toString("utf8");
      case "int32":
        return Number(BigInt.asIntN(32, this.varint()));
      case "int64":
        return String(BigInt.asIntN(64, this.varint()));
      case "bool":
        return this.varint() !== 0n;
      case "double":
        return this.view.getFloat64(this.taken(8), true);
      case "fixed64":
        return String(this.view.getBigUint64(this.taken(8), true));
      default:
        return type satisfies never;
    }
  }

  private varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.bytes[this.taken(1)]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError("a number has more than ten bytes");
  }

  private delimited(): Uint8Array {
    const length = Number(this.varint());
    const from = this.taken(length);
    return this.bytes.subarray(from, from + length);
  }

  private skip(wire: number): void {
    if (wire === VARINT) this.varint();
    else if (wire === FIXED64) this.taken(8);
    else if (wire === DELIMITED) this.delimited();
    else if (wire === FIXED32) this.taken(4);
    else throw new RangeError(`wire type ${wire} is not used by OTLP`);
  }

  /** Where the next `count` bytes stand; they are passed. */
  private taken(count: number): number {
    const from = this.at;
    if (!(from + count <= this.bytes.length)) throw new RangeError("the message ends too early");
    this.at += count;
    return from;
  }
}

/** The last one counts; a message that comes in pieces is joined. */
function put(decoded: Decoded, { name, type, repeated }: Field, value: unknown): void {
  const before = decoded[name];
  if (Array.isArray(before)) before.push(value);
  else if (repeated) decoded[name] = [value];
  else decoded[name] = typeof type === "string" ? value : { ...(before as object), ...(value as object) };
}

/** Of an export: which spans were refused, and why. */
export interface TraceAnswer {
  partialSuccess?: { rejectedSpans: number; errorMessage: string };
}

export function encodeAnswer({ partialSuccess }: TraceAnswer): Uint8Array {
  if (!partialSuccess) return new Uint8Array();
  const { rejectedSpans, errorMessage } = partialSuccess;
  const text = Buffer.from(errorMessage, "utf8");
  const inner = [0x08, ...varintOf(rejectedSpans), 0x12, ...varintOf(text.length), ...text];
  return Uint8Array.from([0x0a, ...varintOf(inner.length), ...inner]);
}

function varintOf(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}
