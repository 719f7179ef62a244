/** Bytes in chunks of any size → whole lines. A line over the limit is passed over and reported once. */
import type { Decoder } from "./format";

const LF = 10;
const CR = 13;

export interface LineSink {
  line(text: string, number: number): void;
  /** A line that is longer than the limit. */
  tooLong(number: number): void;
  /** The bytes have ended. */
  end?(): void;
}

export class LineSplitter implements Decoder {
  private readonly decoder = new TextDecoder("utf-8");
  private carry: Uint8Array[] = [];
  private carried = 0;
  private skipping = false;
  /** Number of the line that the next byte belongs to. */
  private number: number;

  /** `first`: number of the first line, where what stands before it has been read already. */
  constructor(
    private readonly sink: LineSink,
    private readonly limit: number,
    first = 1,
  ) {
    this.number = first;
  }

  push(bytes: Uint8Array): void {
    let start = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
      this.finish(bytes.subarray(start, end));
      start = end + 1;
    }
    this.keep(bytes.subarray(start));
  }

  /** Whether the beginning of a line is held. */
  get hasPart(): boolean {
    return this.carried > 0 || this.skipping;
  }

  /** Lines that were handed over, and bytes of the next one that are held; null where it is too long to be kept. */
  get progress(): { lines: number; held: number } | null {
    return this.skipping ? null : { lines: this.number - 1, held: this.carried };
  }

  /** Counts lines that somebody else has read, and gives the first one's number. */
  pass(lines = 1): number {
    const { number } = this;
    this.number += lines;
    return number;
  }

  /** Hands over what is left as a last line without a line feed, if anything is. */
  end(): void {
    if (this.carried || this.skipping) this.finish(new Uint8Array());
    this.sink.end?.();
  }

  private keep(rest: Uint8Array): void {
    if (!rest.length || this.skipping) return;
    if (this.carried + rest.length > this.limit) {
      this.skipping = true;
      this.carry = [];
      this.carried = 0;
      return;
    }
    // A copy: a Buffer's slice() would share the reader's memory.
    this.carry.push(new Uint8Array(rest));
    this.carried += rest.length;
  }

  private finish(tail: Uint8Array): void {
    const number = this.number++;
    if (this.skipping || this.carried + tail.length > this.limit) this.sink.tooLong(number);
    else this.sink.line(this.decode(tail), number);
    this.skipping = false;
    this.carry = [];
    this.carried = 0;
  }

  private decode(tail: Uint8Array): string {
    let whole = tail;
    if (this.carried) {
      whole = new Uint8Array(this.carried + tail.length);
      let offset = 0;
      for (const part of [...this.carry, tail]) {
        whole.set(part, offset);
        offset += part.length;
      }
    }
    if (whole.length && whole[whole.length - 1] === CR) whole = whole.subarray(0, -1);
    return this.decoder.decode(whole);
  }
}
