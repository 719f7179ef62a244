/**
 * Level of detail over a million values in order: minima, maxima and sums of counts per block of 64, and of 64 blocks,
 * and so on. A question about any range costs a few hundred steps and loses no extreme. Built once, extended at its end.
 */

const BITS = 6;
const BLOCK = 1 << BITS;

interface Level {
  min: Float32Array;
  max: Float32Array;
  /** How many of the block's values are known. */
  known: Uint32Array;
  /** How many of its items are marked. */
  marked: Uint32Array;
}

export interface RangeSummary {
  /** NaN where no value is known. */
  min: number;
  max: number;
  known: number;
  marked: number;
}

export class Pyramid {
  private values = new Float32Array(BLOCK);
  private marks = new Uint8Array(BLOCK);
  private count = 0;
  private readonly levels: Level[] = [];

  get length(): number {
    return this.count;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.levels.reduce(
      (sum, { min }) => sum + min.byteLength * 4,
      this.values.byteLength + this.marks.byteLength,
    );
  }

  /** All values and their marks, as `replaceFrom` takes them. */
  get items(): { values: Float32Array; marks: Uint8Array } {
    return { values: this.values.subarray(0, this.count), marks: this.marks.subarray(0, this.count) };
  }

  value(index: number): number {
    return this.values[index]!;
  }

  /**
   * Replaces all from `from` on by `values` (NaN is unknown) and their marks (1 or 0), and what stands above them. What
   * lies before stays as it is.
   */
  replaceFrom(from: number, values: Float32Array, marks: Uint8Array): void {
    const length = from + values.length;
    if (length > this.values.length) {
      this.values = grown(this.values, new Float32Array(roomFor(length)));
      this.marks = grown(this.marks, new Uint8Array(this.values.length));
    }
    this.values.set(values, from);
    this.marks.set(marks, from);
    this.count = length;
    this.buildFrom(from);
  }

  /** Over the items [from, to). */
  range(from: number, to: number): RangeSummary {
    const found: RangeSummary = { min: Number.NaN, max: Number.NaN, known: 0, marked: 0 };
    this.collect(0, Math.max(0, from), Math.min(to, this.count), found);
    return found;
  }

  /** `level` 0 is the items themselves, level n is levels[n − 1]. */
  private collect(level: number, from: number, to: number, into: RangeSummary): void {
    if (from >= to) return;
    const firstWhole = (from + BLOCK - 1) >> BITS;
    const lastWhole = to >> BITS;
    if (level >= this.levels.length || firstWhole >= lastWhole) {
      this.scan(level, from, to, into);
      return;
    }
    this.scan(level, from, firstWhole << BITS, into);
    this.collect(level + 1, firstWhole, lastWhole, into);
    this.scan(level, lastWhole << BITS, to, into);
  }

  private scan(level: number, from: number, to: number, into: RangeSummary): void {
    const above = level === 0 ? null : this.levels[level - 1]!;
    const mins = above?.min ?? this.values;
    const maxs = above?.max ?? this.values;
    for (let at = from; at < to; at++) {
      if (!(into.min <= mins[at]!) && !Number.isNaN(mins[at]!)) into.min = mins[at]!;
      if (!(into.max >= maxs[at]!) && !Number.isNaN(maxs[at]!)) into.max = maxs[at]!;
      into.known += above ? above.known[at]! : Number.isNaN(mins[at]!) ? 0 : 1;
      into.marked += above ? above.marked[at]! : this.marks[at]!;
    }
  }

  private buildFrom(from: number): void {
    let first = from;
    let length = this.count;
    // Where there were more items once, their levels are gone up.
    for (let level = 0; length > BLOCK || level < this.levels.length; level++) {
      // One that there was no need of before knows nothing of what stays.
      first = level < this.levels.length ? first >> BITS : 0;
      const blocks = (length + BLOCK - 1) >> BITS;
      const at = this.levelOf(level, blocks);
      for (let block = first; block < blocks; block++) {
        const found: RangeSummary = { min: Number.NaN, max: Number.NaN, known: 0, marked: 0 };
        this.scan(level, block << BITS, Math.min(length, (block + 1) << BITS), found);
        at.min[block] = found.min;
        at.max[block] = found.max;
        at.known[block] = found.known;
        at.marked[block] = found.marked;
      }
      length = blocks;
    }
  }

  private levelOf(level: number, blocks: number): Level {
    const old = this.levels[level];
    if (old && old.min.length >= blocks) return old;
    const room = roomFor(blocks);
    const made: Level = {
      min: new Float32Array(room),
      max: new Float32Array(room),
      known: new Uint32Array(room),
      marked: new Uint32Array(room),
    };
    if (old) {
      made.min.set(old.min);
      made.max.set(old.max);
      made.known.set(old.known);
      made.marked.set(old.marked);
    }
    this.levels[level] = made;
    return made;
  }
}

const roomFor = (length: number): number => Math.max(BLOCK, Math.ceil(length * 1.25));

function grown<T extends Float32Array | Uint8Array>(old: T, made: T): T {
  made.set(old);
  return made;
}
