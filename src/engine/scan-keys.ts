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
  /** The same bytes as words of four, `WORDS` a key; the last one overlaps the one before it. */
  words: Int32Array;
  read: Uint8Array;
  /** Where the value goes in a draft. */
  to: Uint8Array;
  required: boolean[];
  /** Whether a record may end before this key: no required one follows. One more than there are keys. */
  mayEnd: boolean[];
  /** Which key came last time at or behind each: records of one log have the same keys. */
  likely: Uint8Array;
  /** The last text of each key, as a number; −1 before the first. */
  recent: Int32Array;
}

const NAMES = new Set(["protocol", "method", "host", "route", "cache"]);
const TEXTS = new Set(["conn", "target", "error", "initiator"]);
/** Fields of a draft that are numbers of names, and of texts: a URL becomes an origin and a target. */
export const NAME_FIELDS: ReadonlySet<string> = new Set([...NAMES, "origin"]);
export const TEXT_FIELDS: ReadonlySet<string> = TEXTS;
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
  const required = names.map((name) => fields[name]![1] === "required");
  return {
    count: names.length,
    length: Uint8Array.from(bytes, (key) => key.length),
    words: Int32Array.from(bytes.flatMap(wordsOf)),
    read: Uint8Array.from(names, readOf),
    to: Uint8Array.from(names, (name) => placeOf(name)!),
    required,
    mayEnd: Array.from({ length: names.length + 1 }, (_, key) => !required.slice(key).includes(true)),
    likely: Uint8Array.from(names, (_, key) => key),
    recent: new Int32Array(names.length).fill(-1),
  };
}

/** Words at 0, 4, 8 …, the last one moved back so that it ends with the key. */
function wordsOf(key: Uint8Array): number[] {
  const view = new DataView(key.buffer);
  return Array.from({ length: WORDS }, (_, word) => view.getInt32(Math.min(word * 4, key.length - 4), true));
}

/** What one scanner knows of a side's keys and of the records that it has seen. */
export const serverKeys = (): ScanKeys => keysOf("server");
export const clientKeys = (): ScanKeys => keysOf("client");
