/**
 * One line of the native log in canonical key order, from bytes straight into a draft. What it takes is exactly what the
 * general path would take, and as the same draft; at anything else (an escape, a byte beyond ASCII, another order, an
 * unknown key, children) it gives up and leaves the line to the general path.
 */
import { KINDS, originLength, STATES } from "./draft";
import { CLIENT_LAYOUT, type Draft, SERVER_LAYOUT } from "./fields";
import { CLIENT_KEYS, READ, type ScanKeys, SERVER_KEYS } from "./scan-keys";
import type { Strings } from "./strings";

const QUOTE = 34;
const COMMA = 44;
const ZERO = 48;
const NINE = 57;
const OPEN = 91;
const BACKSLASH = 92;
const CLOSE = 93;
const BRACE = 125;
const LF = 10;

const SERVER_HEAD = new TextEncoder().encode('{"type":"server","seq":');
const CLIENT_HEAD = new TextEncoder().encode('{"type":"client","seq":');
const TRUE = new TextEncoder().encode("true");
const STATE_TEXTS = STATES.slice(1).map((state) => new TextEncoder().encode(`"${state}"`));
const KIND_TEXTS = KINDS.map((kind) => new TextEncoder().encode(`"${kind}"`));

/** 1 for the bytes that a string may hold as they are. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

export class RecordScanner {
  /** What the last scanned line is. */
  isServer = false;
  sequence = 0;
  /** Behind the last value that was read; −1 where it could not be. */
  private next = 0;
  /** The last URL's scheme and authority: the next one mostly begins with it. */
  private origin = new Uint8Array();
  private originNumber = Number.NaN;

  constructor(
    private readonly strings: Strings,
    readonly client: Draft,
    readonly server: Draft,
  ) {}

  /** Position behind the line that begins at `from`, or −1 where the general path must read it. The line is whole. */
  scan(bytes: Uint8Array, from: number): number {
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
    const { count, first, read, to, required } = keys;
    let at = from;
    for (let key = 0; key < count; key++) {
      if (bytes[at] !== COMMA || bytes[at + 2] !== first[key] || !startsWith(bytes, at, keys.bytes[key]!)) {
        if (required[key]) return -1;
        continue;
      }
      const field = to[key]!;
      draft[field] = this.value(bytes, at + keys.bytes[key]!.length, read[key]!, draft);
      at = this.next;
      if (at < 0) return -1;
    }
    return bytes[at] === BRACE && bytes[at + 1] === LF ? at + 2 : -1;
  }

  private value(bytes: Uint8Array, at: number, read: number, draft: Draft): number {
    switch (read) {
      case READ.time:
      case READ.natural:
        return this.natural(bytes, at);
      case READ.name:
      case READ.text:
      case READ.id: {
        const end = this.string(bytes, at);
        if (end < 0) return Number.NaN;
        const { names, texts, ids } = this.strings;
        return (read === READ.name ? names : read === READ.text ? texts : ids).intern(bytes, at + 1, end);
      }
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

  /** Position of the closing quote of the string that opens at `at`. */
  private string(bytes: Uint8Array, at: number): number {
    let end = at + 1;
    while (PLAIN[bytes[end]!] === 1) end++;
    const isSound = bytes[at] === QUOTE && bytes[end] === QUOTE;
    this.next = isSound ? end + 1 : -1;
    return isSound ? end : -1;
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
    const end = this.string(bytes, at);
    if (end < 0) return Number.NaN;
    const from = at + 1;
    let path = from + this.origin.length;
    if (this.origin.length === 0 || bytes[path] !== 47 || !startsWith(bytes, from, this.origin)) {
      let text = "";
      for (let i = from; i < end; i++) text += String.fromCharCode(bytes[i]!);
      path = from + originLength(text);
      this.origin = bytes.slice(from, path);
      this.originNumber = this.strings.names.intern(bytes, from, path);
    }
    draft[CLIENT_LAYOUT.at.origin] = this.originNumber;
    return this.strings.texts.intern(bytes, path, end);
  }
}

function startsWith(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}
