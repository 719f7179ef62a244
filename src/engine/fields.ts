/**
 * The columns of the two tables. A `Draft` is one record on its way into a table: numbers alone, texts as their
 * interned numbers, NaN for unknown. The byte scanner and the general JSON path both fill a draft, so that what follows
 * cannot tell them apart.
 */
import type { ElementType } from "./elements";

/** Texts are numbers of `Strings`: `names` where few differ (method, host), `texts` where many do, `ids` for ids. */
const COMMON = {
  /** Number of the log part in the session. */
  log: "u16",
  line: "u32",
  req: "u32",
  id: "u32",
  conn: "u32",
  ord: "u32",
  protocol: "u8",
  method: "u8",
  status: "u16",
  bytes: "u32",
  /** Index into STATES. */
  state: "u8",
  error: "u32",
  /** Path and query. */
  target: "u32",
} as const satisfies Record<string, ElementType>;

const CLIENT_VALUES = {
  ...COMMON,
  /** Scheme and authority of the URL. */
  origin: "u16",
  /** Index into KINDS. */
  kind: "u8",
  page: "u32",
  hop: "u32",
  pass: "u16",
  warmup: "u8",
  /** Known of a browser's requests alone. */
  initiator: "u32",
  cache: "u8",
} as const satisfies Record<string, ElementType>;

const SERVER_VALUES = {
  ...COMMON,
  host: "u16",
  route: "u16",
  /** Numbers of the session's source locations. */
  handler: "u16",
  responder: "u16",
  blockedBy: "u32",
  worker: "u16",
  /** Range in the table of child spans. */
  firstChild: "u32",
  childCount: "u16",
} as const satisfies Record<string, ElementType>;

/** The first known one is the record's start; the others are kept as distances from it. */
export const CLIENT_TIMES = [
  "requestStart",
  "fetchStart",
  "intendedStart",
  "domainLookupStart",
  "domainLookupEnd",
  "connectStart",
  "secureConnectionStart",
  "connectEnd",
  "requestEnd",
  "responseStart",
  "responseHeadersEnd",
  "responseEnd",
  "closed",
  "seen",
] as const;

export const SERVER_TIMES = [
  "parseStart",
  "arrivalEarliest",
  "arrivalLatest",
  "parseEnd",
  "processEnd",
  "sendEnd",
  "closed",
  "seen",
] as const;

export type ClientTime = (typeof CLIENT_TIMES)[number];
export type ServerTime = (typeof SERVER_TIMES)[number];
export type ClientValue = keyof typeof CLIENT_VALUES;
export type ServerValue = keyof typeof SERVER_VALUES;

export interface Layout<V extends string, T extends string> {
  readonly values: Readonly<Record<V, ElementType>>;
  readonly times: readonly T[];
  /** Position of each field in a draft: values first, times after them. */
  readonly at: Readonly<Record<V | T, number>>;
  readonly length: number;
}

function layout<V extends string, T extends string>(
  values: Readonly<Record<V, ElementType>>,
  times: readonly T[],
): Layout<V, T> {
  const names = [...(Object.keys(values) as V[]), ...times];
  const at = Object.fromEntries(names.map((name, index) => [name, index])) as Record<V | T, number>;
  return { values, times, at, length: names.length };
}

export const CLIENT_LAYOUT = layout<ClientValue, ClientTime>(CLIENT_VALUES, CLIENT_TIMES);
export const SERVER_LAYOUT = layout<ServerValue, ServerTime>(SERVER_VALUES, SERVER_TIMES);

export type Draft = Float64Array;
