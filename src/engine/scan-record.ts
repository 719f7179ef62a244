/**
 * One line of the native log in canonical key order, from bytes straight into a draft. What it takes is exactly what the
 * general path would take, and as the same draft; at anything else (an escape, a byte beyond ASCII, another order, an
 * unknown key, children) it gives up and leaves the line to the general path.
 */
import type { Role } from "../model/record";
import { KINDS, originLength, STATES } from "./draft";
import { CLIENT_LAYOUT, type Draft, SERVER_LAYOUT } from "./fields";
import { ID_LENGTH, type Ids } from "./ids";
import type { Interner } from "./interner";
import { clientKeys, READ, type ScanKeys, serverKeys, WORDS } from "./scan-keys";
import { hashOf, scanned, scanString } from "./text-hash";

const QUOTE = 34;
const SLASH = 47;
const COMMA = 44;
const ZERO = 48;
const OPEN = 91;
const CLOSE = 93;
const BRACE = 125;
const LF = 10;

const SERVER_HEAD = new TextEncoder().encode('{"type":"server","seq":');
const CLIENT_HEAD = new TextEncoder().encode('{"type":"client","seq":');
const TRUE = new TextEncoder().encode("true");
const STATE_TEXTS = STATES.slice(1).map((state) => new TextEncoder().encode(`"${state}"`));
const KIND_TEXTS = KINDS.map((kind) => new TextEncoder().encode(`"${kind}"`));

/** Stamps of one log have the same first digits: 10¹⁵ µs and up have sixteen of them until the year 2286. */
const STAMP_DIGITS = 16;
const PREFIX_DIGITS = 8;
/** So many digits are less than 2³¹. */
const SMALL_DIGITS = 9;
const MOST_DIGITS = 16;

const ALL = {
  client: new Uint8Array(CLIENT_LAYOUT.length).fill(1),
  server: new Uint8Array(SERVER_LAYOUT.length).fill(1),
};

/** What gives texts and ids their numbers. */
export interface Numbering {
  names: Interner;
  texts: Pick<Interner, "intern">;
  ids: Pick<Ids, "intern" | "internPacked">;
}

export class RecordScanner {
  /** What the last scanned line is. */
  isServer = false;
  sequence = 0;
  /** Whether it has a key whose place is not among the usual ones. */
  isUnusual = false;
  private readonly clientKeys = clientKeys();
  private readonly serverKeys = serverKeys();
  /** Behind the last value that was read; −1 where it could not be. */
  private next = 0;
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** The last stamp's first eight digits, as two words and as a number of µs. */
  private prefixFirst = 0;
  private prefixSecond = 0;
  private prefixValue = Number.NaN;
  /** The last URL's scheme and authority: the next one mostly begins with it. */
  private origin = new Uint8Array();
  private originNumber = Number.NaN;

  constructor(
    private readonly strings: Numbering,
    readonly client: Draft,
    readonly server: Draft,
    /** 1 for each place of a side's draft that is usual. */
    private readonly usual: Readonly<Record<Role, Uint8Array>> = ALL,
  ) {}

  /**
   * Position behind the line that begins at `from`, or −1 where the general path must read it. The line is whole;
   * `view` is of the same bytes and reaches beyond them.
   */
  scan(bytes: Uint8Array, view: DataView, from: number): number {
    this.view = view;
    // The two heads differ in the tenth byte.
    this.isServer = bytes[from + 9] === SERVER_HEAD[9];
    const head = this.isServer ? SERVER_HEAD : CLIENT_HEAD;
    if (!startsWith(bytes, from, head)) return -1;
    this.sequence = this.natural(bytes, from + head.length);
    if (this.next < 0) return -1;
    const draft = this.isServer ? this.server : this.client;
    draft.fill(Number.NaN);
    draft[SERVER_LAYOUT.at.state] = 0;
    this.isUnusual = false;
    return this.isServer
      ? this.fields(bytes, this.next, draft, this.serverKeys, this.usual.server)
      : this.fields(bytes, this.next, draft, this.clientKeys, this.usual.client);
  }

  private fields(bytes: Uint8Array, from: number, draft: Draft, keys: ScanKeys, usual: Uint8Array): number {
    const { length, read, to } = keys;
    let at = from;
    let key = 0;
    while (bytes[at] !== BRACE) {
      key = this.keyAt(at, keys, key);
      if (key < 0) return -1;
      const place = to[key]!;
      draft[place] = this.value(bytes, at + length[key]!, read[key]!, draft, keys, key);
      if (usual[place] === 0) this.isUnusual = true;
      at = this.next;
      if (at < 0) return -1;
      key++;
    }
    return keys.mayEnd[key] && bytes[at + 1] === LF ? at + 2 : -1;
  }

  /** Which key stands here, of those from `first` on; −1 where it is none of them or a required one is missing. */
  private keyAt(at: number, keys: ScanKeys, first: number): number {
    const { count, likely, required } = keys;
    if (first === count) return -1;
    if (isKey(this.view, at, keys, likely[first]!)) return likely[first]!;
    for (let key = first; key < count; key++) {
      if (isKey(this.view, at, keys, key)) {
        likely[first] = key;
        return key;
      }
      if (required[key]) return -1;
    }
    return -1;
  }

  private value(bytes: Uint8Array, at: number, read: number, draft: Draft, keys: ScanKeys, key: number): number {
    switch (read) {
      case READ.time:
        return this.time(bytes, at);
      case READ.natural:
        return this.natural(bytes, at);
      case READ.name:
        return this.name(bytes, at, keys.recent, key);
      case READ.text:
        return this.text(bytes, at, this.strings.texts);
      case READ.id:
        return this.id(bytes, at);
      case READ.interval:
        return this.interval(bytes, at, draft);
      case READ.state:
        return this.oneOf(bytes, at, STATE_TEXTS) + 1;
      case READ.kind:
        return this.oneOf(bytes, at, KIND_TEXTS);
      case READ.url:
        return this.url(bytes, at, draft);
      default:
        this.next = startsWith(bytes, at, TRUE) ? at + TRUE.length : -1;
        return 1;
    }
  }

  /** Digits without a sign, a fraction, an exponent or a leading zero, up to the greatest safe integer. */
  private natural(bytes: Uint8Array, from: number): number {
    let at = from;
    let small = 0;
    let digit = bytes[at]! - ZERO;
    for (const end = from + SMALL_DIGITS; digit >= 0 && digit <= 9 && at < end; digit = bytes[++at]! - ZERO)
      small = (Math.imul(small, 10) + digit) | 0;
    let value: number = small;
    for (; digit >= 0 && digit <= 9; digit = bytes[++at]! - ZERO) value = value * 10 + digit;
    const length = at - from;
    const isSound = length === 1 || (length > 1 && length <= MOST_DIGITS && bytes[from] !== ZERO);
    this.next = isSound && value <= Number.MAX_SAFE_INTEGER ? at : -1;
    return value;
  }

  private time(bytes: Uint8Array, at: number): number {
    const { view } = this;
    if (view.getInt32(at, true) !== this.prefixFirst || view.getInt32(at + 4, true) !== this.prefixSecond)
      return this.firstOfPrefix(bytes, at);
    const high = fourDigits(view, at + PREFIX_DIGITS);
    const low = fourDigits(view, at + PREFIX_DIGITS + 4);
    const after = bytes[at + STAMP_DIGITS]! - ZERO;
    if ((high | low) < 0 || (after >= 0 && after <= 9)) return this.natural(bytes, at);
    this.next = at + STAMP_DIGITS;
    return this.prefixValue + high * 10_000 + low;
  }

  /** Reads a stamp digit by digit, and remembers how it begins. */
  private firstOfPrefix(bytes: Uint8Array, at: number): number {
    const value = this.natural(bytes, at);
    if (this.next - at === STAMP_DIGITS) {
      this.prefixFirst = this.view.getInt32(at, true);
      this.prefixSecond = this.view.getInt32(at + 4, true);
      const unit = 10 ** (STAMP_DIGITS - PREFIX_DIGITS);
      this.prefixValue = Math.floor(value / unit) * unit;
    }
    return value;
  }

  /** A text that is mostly the one that stood here last. What is remembered has no byte that JSON would write otherwise. */
  private name(bytes: Uint8Array, at: number, recent: Int32Array, key: number): number {
    const { names } = this.strings;
    const last = recent[key]!;
    if (last >= 0 && bytes[at] === QUOTE) {
      const end = at + 1 + names.lengthOf(last);
      if (bytes[end] === QUOTE && names.isAt(this.view, at + 1, last)) {
        this.next = end + 1;
        return last;
      }
    }
    const number = this.text(bytes, at, names);
    if (this.next >= 0) recent[key] = number;
    return number;
  }

  private id(bytes: Uint8Array, at: number): number {
    const { view } = this;
    const { ids } = this.strings;
    const end = at + 1 + ID_LENGTH;
    if (bytes[at] === QUOTE && bytes[end] === QUOTE) {
      const packed = ids.internPacked(view, at + 1);
      if (packed >= 0) {
        this.next = end + 1;
        return packed;
      }
    }
    this.next = bytes[at] === QUOTE && scanString(view, at + 1) ? scanned.end + 1 : -1;
    return this.next < 0 ? Number.NaN : ids.intern(view, at + 1, scanned.end);
  }

  private text(bytes: Uint8Array, at: number, pool: Numbering["texts"]): number {
    if (bytes[at] !== QUOTE || !scanString(this.view, at + 1)) {
      this.next = -1;
      return Number.NaN;
    }
    this.next = scanned.end + 1;
    return pool.intern(this.view, at + 1, scanned.end, scanned.hash);
  }

  private interval(bytes: Uint8Array, at: number, draft: Draft): number {
    const earliest = this.natural(bytes, at + 1);
    if (bytes[at] !== OPEN || this.next < 0 || bytes[this.next] !== COMMA) {
      this.next = -1;
      return Number.NaN;
    }
    const latest = this.natural(bytes, this.next + 1);
    draft[SERVER_LAYOUT.at.arrivalLatest] = latest;
    this.next = this.next >= 0 && bytes[this.next] === CLOSE && earliest <= latest ? this.next + 1 : -1;
    return earliest;
  }

  private oneOf(bytes: Uint8Array, at: number, texts: readonly Uint8Array[]): number {
    const found = texts.findIndex((text) => startsWith(bytes, at, text));
    this.next = found < 0 ? -1 : at + texts[found]!.length;
    return found;
  }

  /** Splits a URL as `draftClient` does. */
  private url(bytes: Uint8Array, at: number, draft: Draft): number {
    const { view, strings } = this;
    const from = at + 1;
    if (bytes[at] !== QUOTE || !scanString(view, from)) {
      this.next = -1;
      return Number.NaN;
    }
    const { end } = scanned;
    let path = from + this.origin.length;
    if (this.origin.length === 0 || bytes[path] !== SLASH || !startsWith(bytes, from, this.origin)) {
      path = from + originLength(String.fromCharCode(...bytes.subarray(from, end)));
      this.origin = bytes.slice(from, path);
      this.originNumber = strings.names.intern(view, from, path, hashOf(view, from, path));
    }
    draft[CLIENT_LAYOUT.at.origin] = this.originNumber;
    this.next = end + 1;
    return strings.texts.intern(view, path, end, hashOf(view, path, end));
  }
}

function isKey(view: DataView, at: number, { length, words }: ScanKeys, key: number): boolean {
  let word = key * WORDS;
  const last = at + length[key]! - 4;
  for (let place = at; place < last; place += 4) if (view.getInt32(place, true) !== words[word++]) return false;
  return view.getInt32(last, true) === words[word];
}

/** The number that four digits stand for; −1 where one of the four bytes is no digit. */
function fourDigits(view: DataView, at: number): number {
  const word = view.getInt32(at, true) ^ 0x30303030;
  if ((((word + 0x06060606) | word) & 0xf0f0f0f0) !== 0) return -1;
  return (word & 0xf) * 1000 + ((word >>> 8) & 0xf) * 100 + ((word >>> 16) & 0xf) * 10 + (word >>> 24);
}

function startsWith(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}
