/**
 * Lines of a log as bytes, before they are written. Records of requests are written into it piece by piece: as strings
 * they cost four times as much CPU, and 35 MB more memory under load, in ropes that are garbage at once (bench/overhead).
 */

const ZERO = 48;
const QUOTE = 34;
/** Above this the runtime is faster than a loop: at encoding a text, and at copying bytes. */
const SHORT = 200;
const LONG = 64;
/** A UTF-16 unit is at most three bytes of UTF-8. */
const MOST_BYTES = 3;
const MOST_DIGITS = 16;
/** Digits are written by fours, from a table: a stamp's conversion to a string takes five times as long. */
const FOUR = 10_000;
export const EIGHT = FOUR * FOUR;
const FOURS = new Uint8Array(FOUR * 4);
for (let i = 0; i < FOUR; i++)
  for (let j = 0; j < 4; j++) FOURS[i * 4 + j] = ZERO + (Math.floor(i / 10 ** (3 - j)) % 10);
/** 1 for each ASCII character that stands for itself in a JSON string. */
const PLAIN = Uint8Array.from({ length: 128 }, (_, code) => (/[^ -~]|["\\]/.test(String.fromCharCode(code)) ? 0 : 1));

/** Text as bytes, for what many lines repeat: they are copied at a third of the cost of a string's characters. */
export const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));

export class LineBuffer {
  /** Bytes in use. */
  length = 0;
  private bytes: Buffer;
  /** What was last above the lower eight digits of a natural, and its digits. */
  private high = 0;
  private highDigits = new Uint8Array();

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  /** The bytes from `start` on; valid until the next write. */
  from(start: number): Buffer {
    return this.bytes.subarray(start, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  /** ASCII text, as it is. */
  ascii(text: string): void {
    const { length } = text;
    this.reserve(length);
    if (length > SHORT) {
      this.length += this.bytes.write(text, this.length, "latin1");
      return;
    }
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i);
    this.length = at;
  }

  /** Any text, as it is. */
  text(text: string): void {
    this.reserve(text.length * MOST_BYTES);
    this.length += this.bytes.write(text, this.length, "utf8");
  }

  /** Bytes, as they are. */
  raw(part: Uint8Array): void {
    const { length } = part;
    this.reserve(length);
    const { bytes } = this;
    let at = this.length;
    if (length > LONG) bytes.set(part, at);
    else for (let i = 0; i < length; i++) bytes[at++] = part[i]!;
    this.length += length;
  }

  /** Overwrites eight bytes at `at` with a natural below 10^8. */
  eightDigits(at: number, value: number): void {
    const high = (value / FOUR) | 0;
    fourDigits(this.bytes, at, high);
    fourDigits(this.bytes, at + 4, value - high * FOUR);
  }

  /** Any text, as a JSON string. */
  json(text: string): void {
    const { length } = text;
    if (length > SHORT || !this.plain(text)) this.text(JSON.stringify(text));
  }

  /** A short text with quotes around it; false, and nothing, where a character of it has to be escaped. */
  private plain(text: string): boolean {
    const { length } = text;
    this.reserve(length + 2);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 128 || PLAIN[code] === 0) return false;
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.length = at;
    return true;
  }

  /** An integer from 0 to 2^53 − 1, in decimal. */
  natural(value: number): void {
    this.reserve(MOST_DIGITS);
    if (value < EIGHT) {
      this.upToEight(value);
      return;
    }
    const high = Math.floor(value / EIGHT);
    // Stamps have the same eight digits in front for a hundred seconds.
    if (high === this.high) this.raw(this.highDigits);
    else {
      const start = this.length;
      this.upToEight(high);
      this.high = high;
      this.highDigits = new Uint8Array(this.from(start));
    }
    this.eightDigits(this.length, value - high * EIGHT);
    this.length += 8;
  }

  /** A number below 10^8. */
  private upToEight(value: number): void {
    const high = (value / FOUR) | 0;
    if (high > 0) this.upToFour(high);
    if (high === 0) this.upToFour(value);
    else {
      fourDigits(this.bytes, this.length, value - high * FOUR);
      this.length += 4;
    }
  }

  private upToFour(value: number): void {
    const { bytes } = this;
    let at = this.length;
    let digit = value * 4;
    const end = digit + 4;
    while (digit < end - 1 && FOURS[digit] === ZERO) digit++;
    while (digit < end) bytes[at++] = FOURS[digit++]!;
    this.length = at;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}

/** A number below 10^4, filled up with zeros. */
function fourDigits(bytes: Uint8Array, at: number, value: number): void {
  const digit = value * 4;
  bytes[at] = FOURS[digit]!;
  bytes[at + 1] = FOURS[digit + 1]!;
  bytes[at + 2] = FOURS[digit + 2]!;
  bytes[at + 3] = FOURS[digit + 3]!;
}
