/** Requests and bytes by something that texts of the store name: a target's file, a connection's host. */
import type { Share } from "../model/workload";

/** The most asked for are this part. */
const TOP = 0.1;

export class Tally {
  /** Requests, bytes and the largest response of each item. */
  readonly counts: number[] = [];
  readonly bytes: number[] = [];
  /** NaN where no size is known. */
  readonly largest: number[] = [];
  private readonly items = new Map<string, number>();
  /** Item of each text, −1 where it was not looked at yet. */
  private readonly known: Int32Array;

  /** `texts`: how many there are; `nameOf` is asked once a text. */
  constructor(
    texts: number,
    private readonly nameOf: (text: number) => string,
  ) {
    this.known = new Int32Array(texts).fill(-1);
  }

  get length(): number {
    return this.counts.length;
  }

  names(): Iterable<string> {
    return this.items.keys();
  }

  /** `bytes` is NaN where the size is not known. */
  add(text: number, bytes: number): void {
    let item = this.known[text]!;
    if (item < 0) {
      const name = this.nameOf(text);
      item = this.items.get(name) ?? this.items.set(name, this.counts.length).size - 1;
      this.known[text] = item;
    }
    this.counts[item] = (this.counts[item] ?? 0) + 1;
    this.bytes[item] = (this.bytes[item] ?? 0) + (bytes || 0);
    if (!(bytes <= this.largest[item]!)) this.largest[item] = bytes >= 0 ? bytes : (this.largest[item] ?? Number.NaN);
  }

  /** What the tenth of the items with most requests has of all requests, and that with most bytes of all bytes. */
  top(): Share {
    return { requests: topShare(this.counts), bytes: topShare(this.bytes) };
  }
}

function topShare(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const first = Math.floor(sorted.length * (1 - TOP));
  const sum = (from: number): number => sorted.subarray(from).reduce((total, value) => total + value, 0);
  return sum(0) > 0 ? sum(first) / sum(0) : 0;
}
