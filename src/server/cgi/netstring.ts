/** Netstrings: `<length>:<bytes>,` with the length in decimal. The framing of SCGI, and of our programs' answers. */

/** Digits of the longest length that is believed. */
const DIGITS = 9;

export const netstring = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length}:`), bytes, Buffer.from(",")]);

/** Bytes in chunks of any size → whole netstrings. */
export class NetstringReader {
  private bytes = Buffer.alloc(0);

  constructor(private readonly limit: number) {}

  /** The next payload, or null while it is not complete. Throws where the bytes are no netstring, or too many. */
  push(chunk: Buffer): Buffer | null {
    this.bytes = Buffer.concat([this.bytes, chunk]);
    const colon = this.bytes.indexOf(":");
    if (colon < 0 && this.bytes.length <= DIGITS) return null;
    const digits = this.bytes.toString("latin1", 0, Math.max(0, colon));
    if (!/^(0|[1-9]\d*)$/.test(digits) || digits.length > DIGITS) throw new Error("not a netstring");
    const length = Number(digits);
    if (length > this.limit) throw new Error(`a netstring of ${length} bytes`);
    const end = colon + 1 + length;
    if (this.bytes.length <= end) return null;
    if (this.bytes[end] !== 0x2c) throw new Error("a netstring without its comma");
    const payload = this.bytes.subarray(colon + 1, end);
    this.bytes = this.bytes.subarray(end + 1);
    return payload;
  }
}
