/**
 * Patterns over the bytes of interned texts: `*` stands for anything, every other byte for itself, upper and lower case
 * of ASCII letters alike. Millions of texts are tested without a string being made.
 */

const LOWER = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte));

const HEX = new Set(new TextEncoder().encode("0123456789abcdef-"));

const lowered = (text: string): Uint8Array => new TextEncoder().encode(text).map((byte) => LOWER[byte]!);

export class TextPattern {
  private readonly parts: readonly Uint8Array[];
  private hex: boolean | null = null;

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
