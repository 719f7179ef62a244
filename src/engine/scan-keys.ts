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
  /** `,"key":` of each. */
  bytes: Uint8Array[];
  /** The third byte of each: a key that is absent is mostly told by it. */
  first: Uint8Array;
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
/** What the general path reads: a key that is met ends the scan. */
const LEFT = new Set(["children"]);
/** The sequence number is the log's, not the draft's: it is read before these. */
const BEFORE = new Set(["seq"]);

function keysOf(type: "server" | "client"): ScanKeys {
  const layout = type === "server" ? SERVER_LAYOUT : CLIENT_LAYOUT;
  const times: readonly string[] = layout.times;
  const fields = NATIVE_FIELDS[type];
  const names = Object.keys(fields).filter((name) => !LEFT.has(name) && !BEFORE.has(name));
  const readOf = (name: string): Read =>
    SPECIAL[name] ??
    (NAMES.has(name) ? READ.name : TEXTS.has(name) ? READ.text : times.includes(name) ? READ.time : READ.natural);
  const bytes = names.map((name) => new TextEncoder().encode(`,"${name}":`));
  return {
    count: names.length,
    bytes,
    first: Uint8Array.from(bytes, (key) => key[2]!),
    read: Uint8Array.from(names, readOf),
    to: Uint8Array.from(names, (name) => layout.at[(FIELD[name] ?? name) as keyof typeof layout.at]),
    required: names.map((name) => fields[name]![1] === "required"),
  };
}

export const SERVER_KEYS = keysOf("server");
export const CLIENT_KEYS = keysOf("client");
