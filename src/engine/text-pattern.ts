/**
 * Patterns over the bytes of interned texts: `*` stands for anything, every other byte for itself, upper and lower case
 * of ASCII letters alike. Millions of texts are tested without a string being made.
 */

const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

const DASH = 45;
/** Hexadecimal digits of a word of 32 bits. */
const WINDOW_DIGITS = 8;
/** So many digits in a row have two within one byte, wherever they begin. */
const TELLING_DIGITS = 3;
const HEX = new Set(new TextEncoder().encode("0123456789abcdef-"));

const lowered = (text: string): Uint8Array => new TextEncoder().encode(text).map((byte) => LOWER[byte]!);

/** The first digits of a hexadecimal word, up to eight, and which bits of a window of eight digits they fill. */
export interface HexWord {
  /** Digits of the whole word. */
  length: number;
  digits: number;
  bits: number;
  mask: number;
}

export class TextPattern {
  private readonly parts: readonly Uint8Array[];
  private hex: boolean | null = null;
  private word: HexWord | null | undefined;

  /** `until`: a byte behind which a text is not looked at (the query of a target). */
  constructor(
    pattern: string,
    private readonly until = -1,
  ) {
    this.parts = pattern.split("*").map(lowered);
  }

  /** A text that holds the word anywhere. */
  static containing(word: string): TextPattern {
    const pattern = new TextPattern("");
    return Object.assign(pattern, { parts: [new Uint8Array(), lowered(word), new Uint8Array()] });
  }

  /** Whether all that it asks for are lowercase hexadecimal digits and dashes: else no trace id is matched. */
  get isOfHex(): boolean {
    this.hex ??= this.parts.every((part) => part.every((byte) => HEX.has(byte)));
    return this.hex;
  }

  /** The hexadecimal digits that it looks for anywhere, where it looks for nothing else; else null. */
  get hexWord(): HexWord | null {
    if (this.word === undefined) this.word = this.isOfHex && this.until < 0 ? hexWordOf(this.parts) : null;
    return this.word;
  }

  /**
   * Two bytes of packed digits, one of which an id must have that this matches, whatever place in it the digits have;
   * null where that tells nothing.
   */
  get hexBytes(): readonly [number, number] | null {
    const runs = this.parts.flatMap((part) => String.fromCharCode(...part).split("-"));
    const longest = runs.reduce((most, run) => (run.length > most.length ? run : most), "");
    if (longest.length < TELLING_DIGITS) return null;
    const byteAt = (at: number) => Number.parseInt(longest.slice(at, at + 2), 16);
    return [byteAt(0), byteAt(1)];
  }

  matchesText(text: string): boolean {
    const bytes = new TextEncoder().encode(text);
    return this.matches(bytes, 0, bytes.length);
  }

  /** Whether bytes[from, to) are matched as a whole. */
  matches(bytes: Uint8Array, from: number, to: number): boolean {
    const { parts } = this;
    const end = this.until < 0 ? to : endBefore(bytes, from, to, this.until);
    const first = parts[0]!;
    const last = parts.at(-1)!;
    if (parts.length === 1) return end - from === first.length && isAt(bytes, from, first);
    if (end - from < first.length + last.length) return false;
    if (!isAt(bytes, from, first) || !isAt(bytes, end - last.length, last)) return false;
    let at = from + first.length;
    // The leftmost place of each part leaves most room for the next.
    for (let part = 1; part < parts.length - 1; part++) {
      at = find(bytes, at, end - last.length, parts[part]!);
      if (at < 0) return false;
    }
    return true;
  }
}

function hexWordOf([before, word, behind]: readonly Uint8Array[]): HexWord | null {
  if (before?.length !== 0 || behind?.length !== 0 || !word?.length || word.includes(DASH)) return null;
  const { length } = word;
  const digits = Math.min(length, WINDOW_DIGITS);
  const bits = Number.parseInt(String.fromCharCode(...word.subarray(0, digits)), 16) | 0;
  return { length, digits, bits, mask: digits === WINDOW_DIGITS ? -1 : (1 << (4 * digits)) - 1 };
}

function endBefore(bytes: Uint8Array, from: number, to: number, byte: number): number {
  let at = from;
  while (at < to && bytes[at] !== byte) at++;
  return at;
}

function isAt(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  for (let i = 0; i < part.length; i++) if (LOWER[bytes[at + i]!] !== part[i]) return false;
  return true;
}

/** Behind the first place of a part in [from, to), −1 where there is none. */
function find(bytes: Uint8Array, from: number, to: number, part: Uint8Array): number {
  if (part.length === 0) return from;
  const first = part[0]!;
  const last = to - part.length;
  for (let at = from; at <= last; at++)
    if (LOWER[bytes[at]!] === first && isAt(bytes, at, part)) return at + part.length;
  return -1;
}
