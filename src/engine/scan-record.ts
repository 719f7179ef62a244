/**
 * One line of the native log in canonical key order, from bytes straight into a draft. What it takes is exactly what the
 * general path would take, and as the same draft; at anything else (an escape, a byte beyond ASCII, another order, an
 * unknown key, children) it gives up and leaves the line to the general path.
 */
import { KINDS, originLength, STATES } from "./draft";
import { CLIENT_LAYOUT, type Draft, SERVER_LAYOUT } from "./fields";
import type { Interner } from "./interner";
import { CLIENT_KEYS, READ, type ScanKeys, SERVER_KEYS, WORDS } from "./scan-keys";
import type { Strings } from "./strings";
import { hashOf, scanned, scanString } from "./text-hash";

const QUOTE = 34;
const SLASH = 47;
const COMMA = 44;
const ZERO = 48;
const NINE = 57;
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

export class RecordScanner {
  /** What the last scanned line is. */
  isServer = false;
  sequence = 0;
  /** Behind the last value that was read; −1 where it could not be. */
  private next = 0;
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** The last stamp's first eight digits, as bytes and as a number of µs. */
  private readonly prefix = new Uint8Array(PREFIX_DIGITS);
  private prefixValue = Number.NaN;
  /** The last URL's scheme and authority: the next one mostly begins with it. */
  private origin = new Uint8Array();
  private originNumber = Number.NaN;

  constructor(
    private readonly strings: Strings,
    readonly client: Draft,
    readonly server: Draft,
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
    return this.fields(bytes, this.next, draft, this.isServer ? SERVER_KEYS : CLIENT_KEYS);
  }

  private fields(bytes: Uint8Array, from: number, draft: Draft, keys: ScanKeys): number {
    const { count, length, read, to, required } = keys;
    let at = from;
    for (let key = 0; key < count; key++) {
      if (!isKey(this.view, at, keys, key)) {
        if (required[key]) return -1;
        continue;
      }
      draft[to[key]!] = this.value(bytes, at + length[key]!, read[key]!, draft);
      at = this.next;
      if (at < 0) return -1;
    }
    return bytes[at] === BRACE && bytes[at + 1] === LF ? at + 2 : -1;
  }

  private value(bytes: Uint8Array, at: number, read: number, draft: Draft): number {
    switch (read) {
      case READ.time:
        return this.time(bytes, at);
      case READ.natural:
        return this.natural(bytes, at);
      case READ.name:
        return this.text(bytes, at, this.strings.names);
      case READ.text:
        return this.text(bytes, at, this.strings.texts);
      case READ.id:
        return this.text(bytes, at, this.strings.ids);
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
    let value = 0;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= NINE - ZERO; digit = bytes[++at]! - ZERO)
      value = value * 10 + digit;
    const length = at - from;
    const isSound = length === 1 || (length > 1 && length <= 16 && bytes[from] !== ZERO);
    this.next = isSound && value <= Number.MAX_SAFE_INTEGER ? at : -1;
    return value;
  }

  private time(bytes: Uint8Array, at: number): number {
    const { prefix } = this;
    for (let i = 0; i < PREFIX_DIGITS; i++) if (bytes[at + i] !== prefix[i]) return this.firstOfPrefix(bytes, at);
    let value = 0;
    for (let i = at + PREFIX_DIGITS; i < at + STAMP_DIGITS; i++) {
      const digit = bytes[i]! - ZERO;
      if (digit < 0 || digit > 9) return this.natural(bytes, at);
      value = (Math.imul(value, 10) + digit) | 0;
    }
    const after = bytes[at + STAMP_DIGITS]! - ZERO;
    if (after >= 0 && after <= 9) return this.natural(bytes, at);
    this.next = at + STAMP_DIGITS;
    return this.prefixValue + value;
  }

  /** Reads a stamp digit by digit, and remembers how it begins. */
  private firstOfPrefix(bytes: Uint8Array, at: number): number {
    const value = this.natural(bytes, at);
    if (this.next - at === STAMP_DIGITS) {
      this.prefix.set(bytes.subarray(at, at + PREFIX_DIGITS));
      const unit = 10 ** (STAMP_DIGITS - PREFIX_DIGITS);
      this.prefixValue = Math.floor(value / unit) * unit;
    }
    return value;
  }

  private text(bytes: Uint8Array, at: number, pool: Interner): number {
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

function isKey(view: DataView, at: number, { length, words, offsets }: ScanKeys, key: number): boolean {
  const first = key * WORDS;
  const count = (length[key]! + 3) >> 2;
  for (let word = first; word < first + count; word++)
    if (view.getInt32(at + offsets[word]!, true) !== words[word]) return false;
  return true;
}

function startsWith(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}
