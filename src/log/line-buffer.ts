/**
 * Lines of a log as bytes, before they are written. Records of requests are written into it piece by piece: as strings
 * they cost four times as much CPU, and 35 MB more memory under load, in ropes that are garbage at once (bench/overhead).
 */

/** Characters that a JSON string must not hold as they are, and all that is not ASCII (lone surrogates among it). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNSAFE = /["\\\u0000-\u001f\u007f-\uffff]/;
const ZERO = 48;
const QUOTE = 34;
/** Above this a copy by the runtime is faster than one by a loop. */
const SHORT = 200;
/** A UTF-16 unit is at most three bytes of UTF-8. */
const MOST_BYTES = 3;
const MOST_DIGITS = 16;
/** Digits are written by fours, from a table: a stamp's conversion to a string takes five times as long. */
const FOUR = 10_000;
const FOURS = new Uint8Array(FOUR * 4);
for (let i = 0; i < FOUR; i++)
  for (let j = 0; j < 4; j++) FOURS[i * 4 + j] = ZERO + (Math.floor(i / 10 ** (3 - j)) % 10);

export class LineBuffer {
  /** Bytes in use. */
  length = 0;
  private bytes: Buffer;

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

  /** Any text, as a JSON string. */
  json(text: string): void {
    if (UNSAFE.test(text)) {
      this.text(JSON.stringify(text));
      return;
    }
    this.reserve(1);
    this.bytes[this.length++] = QUOTE;
    this.ascii(text);
    this.reserve(1);
    this.bytes[this.length++] = QUOTE;
  }

  /** An integer from 0 to 2^53 − 1, in decimal. */
  natural(value: number): void {
    this.reserve(MOST_DIGITS);
    const high = Math.floor(value / (FOUR * FOUR));
    if (high === 0) this.upToEight(value, false);
    else {
      this.upToEight(high, false);
      this.upToEight(value - high * (FOUR * FOUR), true);
    }
  }

  /** A number below 10^8, filled up with zeros to eight digits if it stands behind others. */
  private upToEight(value: number, filled: boolean): void {
    const high = (value / FOUR) | 0;
    const low = value - high * FOUR;
    if (filled || high > 0) this.upToFour(high, filled);
    this.upToFour(low, filled || high > 0);
  }

  private upToFour(value: number, filled: boolean): void {
    const { bytes } = this;
    let digit = value * 4;
    const end = digit + 4;
    if (!filled) while (digit < end - 1 && FOURS[digit] === ZERO) digit++;
    while (digit < end) bytes[this.length++] = FOURS[digit++]!;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }
}
