/** The keys of a request record in canonical order, as bytes to compare and a way to read the value behind each. */
import { NATIVE_FIELDS } from "../formats/native";
import { CLIENT_LAYOUT, SERVER_LAYOUT } from "./fields";

/** How a value is read. */
export const READ = {
  natural: 0,
  /** A stamp; nearly always 16 digits. */
  time: 1,
  name: 2,
  text: 3,
  id: 4,
  interval: 5,
  state: 6,
  kind: 7,
  url: 8,
  true: 9,
} as const;
type Read = (typeof READ)[keyof typeof READ];

export interface ScanKeys {
  count: number;
  /** Bytes of each `,"key":`. */
  length: Uint8Array;
  /** The same bytes as words of four, `WORDS` a key; the last words overlap. */
  words: Int32Array;
  /** Where each word stands in its key. */
  offsets: Uint8Array;
  read: Uint8Array;
  /** Where the value goes in a draft. */
  to: Uint8Array;
  required: boolean[];
}

const NAMES = new Set(["protocol", "method", "host", "route", "cache"]);
const TEXTS = new Set(["conn", "target", "error"]);
const SPECIAL: Record<string, Read> = {
  id: READ.id,
  url: READ.url,
  arrival: READ.interval,
  state: READ.state,
  kind: READ.kind,
  warmup: READ.true,
};
/** Where a value's field has another name. */
const FIELD: Record<string, string> = { url: "target", arrival: "arrivalEarliest" };
/** The sequence number is the log's, not the draft's: it is read before these. */
const BEFORE = new Set(["seq"]);
/** The longest key has 25 bytes. */
export const WORDS = 7;

function keysOf(type: "server" | "client"): ScanKeys {
  const layout = type === "server" ? SERVER_LAYOUT : CLIENT_LAYOUT;
  const times: readonly string[] = layout.times;
  const fields = NATIVE_FIELDS[type];
  const places: Record<string, number> = layout.at;
  const placeOf = (name: string): number | undefined => places[FIELD[name] ?? name];
  // What no column holds (children, and what is newer than this page) ends the scan where it is met.
  const names = Object.keys(fields).filter((name) => placeOf(name) !== undefined && !BEFORE.has(name));
  const readOf = (name: string): Read =>
    SPECIAL[name] ??
    (NAMES.has(name) ? READ.name : TEXTS.has(name) ? READ.text : times.includes(name) ? READ.time : READ.natural);
  const bytes = names.map((name) => new TextEncoder().encode(`,"${name}":`));
  const offsets = Uint8Array.from(bytes.flatMap(({ length }) => wordOffsets(length)));
  return {
    count: names.length,
    length: Uint8Array.from(bytes, (key) => key.length),
    words: Int32Array.from(offsets, (offset, index) => wordOf(bytes[Math.floor(index / WORDS)]!, offset)),
    offsets,
    read: Uint8Array.from(names, readOf),
    to: Uint8Array.from(names, (name) => placeOf(name)!),
    required: names.map((name) => fields[name]![1] === "required"),
  };
}

/** Words at 0, 4, 8 …, the last ones moved back so that they end with the key. */
const wordOffsets = (length: number): number[] =>
  Array.from({ length: WORDS }, (_, word) => Math.min(word * 4, length - 4));

const wordOf = (bytes: Uint8Array, offset: number): number => new DataView(bytes.buffer).getInt32(offset, true);

export const SERVER_KEYS = keysOf("server");
export const CLIENT_KEYS = keysOf("client");
