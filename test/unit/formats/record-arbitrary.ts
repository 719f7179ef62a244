/** Records of every type, valid by construction, for property tests. */
import fc from "fast-check";
import { NATIVE_FIELDS } from "../../../src/formats/native";
import { LOG_SCHEMA, type LogRecord } from "../../../src/model/record";

const natural = fc.oneof(fc.nat({ max: 5 }), fc.maxSafeNat());
const time = fc.integer({ min: 1_600_000_000_000_000, max: 1_900_000_000_000_000 });
const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: "grapheme", maxLength: 12 }), fc.constant("GET"));
const real = fc.double({ noNaN: true, noDefaultInfinity: true });
const anchor = fc.record({ wall: time, mono: fc.bigInt({ min: 0n, max: 10n ** 19n }).map(String) });
const side = fc.constantFrom("server", "client");
const child = fc.record(
  {
    kind: fc.constantFrom("http", "lock", "disk", "measure", "server-timing", "cgi"),
    name: text,
    start: time,
    duration: natural,
    source: natural,
  },
  { requiredKeys: ["kind", "name", "duration"] },
);

/** Fields that are neither a time, a number nor free text. */
const SPECIAL: Record<string, fc.Arbitrary<unknown>> = {
  schema: fc.constant(LOG_SCHEMA),
  role: side,
  side,
  anchor,
  step: fc.integer(),
  kind: fc.constantFrom("document", "image", "script", "style", "dynamic", "other"),
  state: fc.constantFrom("pending", "aborted", "failed"),
  warmup: fc.constant(true),
  arrival: fc.tuple(time, time).map(([a, b]) => (a < b ? [a, b] : [b, a])),
  children: fc.array(child, { maxLength: 3 }),
  grain: real,
  confidence: real,
  perRequest: real,
};
const TEXTS =
  "id conn protocol method target host route error url cache initiator log writer recording boot timens hook runtime commit cwd name file hash detail reason".split(
    " ",
  );
const NUMBERS =
  "seq req ord status bytes worker handler responder blockedBy page hop pass pid thread line column requests lost".split(
    " ",
  );

function fieldOf(type: string, name: string): fc.Arbitrary<unknown> {
  if (type === "source" && name === "id") return natural;
  if (Object.hasOwn(SPECIAL, name)) return SPECIAL[name]!;
  return TEXTS.includes(name) ? text : NUMBERS.includes(name) ? natural : time;
}

function recordOf(type: LogRecord["type"]): fc.Arbitrary<LogRecord> {
  const fields = NATIVE_FIELDS[type];
  const required = Object.keys(fields).filter((name) => fields[name]![1] === "required");
  if (type === "pending") required.push("url", "target", "parseStart");
  const arbitraries = Object.fromEntries(Object.keys(fields).map((name) => [name, fieldOf(type, name)]));
  return fc
    .record(arbitraries, { requiredKeys: required, noNullPrototype: true })
    .map((record) => ({ type, ...record }) as unknown as LogRecord);
}

const RECORD_TYPES = Object.keys(NATIVE_FIELDS) as LogRecord["type"][];
export const anyRecord = fc.oneof(...RECORD_TYPES.map(recordOf));
export const requestRecord = fc.oneof(recordOf("server"), recordOf("client"), recordOf("pending"));
