/**
 * The native log: newline-delimited JSON, one record a line, at most 64 KiB a line, keys in canonical order.
 * Specified in docs/log-format.md and docs/log-format.schema.json. Unknown keys are ignored, so that an older
 * reader reads a newer log; an unknown schema version or record type is a problem, not an error.
 * Not supported: records that span lines.
 */
import { LOG_SCHEMA, type LogRecord } from "../model/record";

/** A longer line is a problem when read, and is shortened by the writer. */
export const MAX_LINE_BYTES = 64 * 1024;

type Check = (value: unknown) => boolean;

const string: Check = (value) => typeof value === "string";
const integer: Check = (value) => Number.isSafeInteger(value);
const natural: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** A stamp: µs since the epoch, up to the year 2255, so that sums and differences stay exact. */
const time: Check = (value) => natural(value) && (value as number) < 2 ** 53;
const number: Check = (value) => typeof value === "number" && Number.isFinite(value);
const oneOf =
  (...allowed: unknown[]): Check =>
  (value) =>
    allowed.includes(value);
const object = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const interval: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every(time) && value[0] <= value[1];
const anchor: Check = (value) =>
  object(value) && time(value.wall) && string(value.mono) && /^\d{1,20}$/.test(value.mono as string);

type Fields = Record<string, readonly [check: Check, required?: "required"]>;

const child: Fields = {
  kind: [oneOf("http", "lock", "disk", "measure", "server-timing", "cgi"), "required"],
  name: [string, "required"],
  start: [time],
  duration: [natural, "required"],
  source: [natural],
};
const children: Check = (value) =>
  Array.isArray(value) && value.every((item) => object(item) && !firstFault(item, child));

const STATES = oneOf("pending", "aborted", "failed");
const server: Fields = {
  seq: [natural, "required"],
  req: [natural, "required"],
  id: [string],
  conn: [string],
  ord: [natural],
  protocol: [string],
  method: [string, "required"],
  target: [string, "required"],
  host: [string],
  route: [string],
  status: [natural],
  bytes: [natural],
  state: [STATES],
  error: [string],
  worker: [natural],
  arrival: [interval],
  parseStart: [time, "required"],
  parseEnd: [time],
  processEnd: [time],
  sendEnd: [time],
  closed: [time],
  handler: [natural],
  responder: [natural],
  blockedBy: [natural],
  children: [children],
};
const client: Fields = {
  seq: [natural, "required"],
  req: [natural, "required"],
  id: [string],
  conn: [string],
  ord: [natural],
  protocol: [string],
  method: [string, "required"],
  url: [string, "required"],
  status: [natural],
  bytes: [natural],
  state: [STATES],
  error: [string],
  kind: [oneOf("document", "image", "script", "style", "dynamic", "other")],
  page: [natural],
  hop: [natural],
  pass: [natural],
  warmup: [oneOf(true)],
  initiator: [string],
  cache: [string],
  intendedStart: [time],
  fetchStart: [time],
  domainLookupStart: [time],
  domainLookupEnd: [time],
  connectStart: [time],
  secureConnectionStart: [time],
  connectEnd: [time],
  requestStart: [time],
  requestEnd: [time],
  responseStart: [time],
  responseHeadersEnd: [time],
  responseEnd: [time],
  closed: [time],
};
const seq: Fields = { seq: [natural, "required"] };

/** Per record type: its fields in canonical order, each with its check. */
export const NATIVE_FIELDS: Readonly<Record<LogRecord["type"], Fields>> = {
  header: {
    schema: [string, "required"],
    log: [string, "required"],
    writer: [string, "required"],
    recording: [string],
    role: [oneOf("server", "client"), "required"],
    pid: [natural, "required"],
    thread: [natural, "required"],
    worker: [natural],
    host: [string, "required"],
    boot: [string],
    timens: [string],
    anchor: [anchor, "required"],
    grain: [number, "required"],
    hook: [string],
    runtime: [string, "required"],
    commit: [string],
    cwd: [string, "required"],
  },
  anchor: { ...seq, anchor: [anchor, "required"], step: [integer, "required"] },
  listen: { ...seq, time: [time, "required"], url: [string, "required"] },
  source: {
    ...seq,
    id: [natural, "required"],
    name: [string],
    file: [string, "required"],
    line: [natural],
    column: [natural],
    confidence: [number, "required"],
    hash: [string],
  },
  server,
  client,
  pending: {
    side: [oneOf("server", "client"), "required"],
    time: [time, "required"],
    ...client,
    ...server,
    url: [string],
    target: [string],
    parseStart: [time],
  },
  event: { ...seq, time: [time, "required"], name: [string, "required"], page: [natural], detail: [string] },
  cost: { ...seq, perRequest: [number, "required"], requests: [natural, "required"] },
  end: {
    ...seq,
    time: [time, "required"],
    requests: [natural, "required"],
    lost: [natural, "required"],
    reason: [string],
  },
};

/** The name of the first field that is missing or wrong, else null. */
function firstFault(value: Record<string, unknown>, fields: Fields): string | null {
  for (const name in fields) {
    const [check, required] = fields[name]!;
    const field = value[name];
    if (field === undefined ? required : !check(field)) return name;
  }
  return null;
}

const hasOwn = (record: object, key: string): boolean => Object.hasOwn(record, key);

/** One line as a record, or the reason in words why it is none. Never throws. */
export function decodeNative(line: string): LogRecord | { problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { problem: "not JSON (a torn or foreign line)" };
  }
  if (!object(value)) return { problem: "not a JSON object" };
  const type = value.type;
  if (typeof type !== "string" || !hasOwn(NATIVE_FIELDS, type))
    return { problem: `unknown record type ${JSON.stringify(type) ?? "(none)"}`.slice(0, 200) };
  if (type === "header" && value.schema !== LOG_SCHEMA)
    return {
      problem: `unknown log version ${JSON.stringify(value.schema) ?? "(none)"}; this reader knows ${LOG_SCHEMA}`.slice(
        0,
        200,
      ),
    };
  const fault = firstFault(value, NATIVE_FIELDS[type as LogRecord["type"]]);
  if (fault) return { problem: `${type} record: ${fault} is ${value[fault] === undefined ? "missing" : "not valid"}` };
  if (
    type === "pending" &&
    (value.side === "server" ? value.parseStart === undefined || value.target === undefined : value.url === undefined)
  )
    return { problem: "pending record: its side's fields are missing" };
  return value as unknown as LogRecord;
}

/** The record as one line (with its line feed), keys in canonical order, shortened to the line limit where needed. */
export function encodeNative(record: LogRecord): string {
  const source = record as unknown as Record<string, unknown>;
  const ordered: Record<string, unknown> = { type: record.type };
  for (const name in NATIVE_FIELDS[record.type]) if (source[name] !== undefined) ordered[name] = source[name];
  const line = `${JSON.stringify(ordered)}\n`;
  // A UTF-16 unit is at most three bytes of UTF-8.
  return line.length * 3 <= MAX_LINE_BYTES ? line : encodeShortened(ordered);
}

/** Drops what can be long: the child spans, and the tails of long strings. */
function encodeShortened(ordered: Record<string, unknown>): string {
  const short: Record<string, unknown> = { ...ordered };
  delete short.children;
  for (const name in short) {
    const value = short[name];
    if (typeof value === "string" && value.length > 1024) short[name] = `${value.slice(0, 1024)}…`;
  }
  return `${JSON.stringify(short)}\n`;
}
