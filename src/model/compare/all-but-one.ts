/** What routes share, and how they scatter around it: of all, and for each of them of all the others. */
import type { Estimate } from "./run-noise";

/** Of the distances from the middle so many are kept, the smallest: a quarter of the routes may have changed. */
const KEPT = 0.75;
/** The root of a normal's mean square within its inner three quarters, as a part of its standard deviation. */
const INNER = 0.607;

export interface Others {
  count: number;
  /** Their median, and how they scatter around it. */
  middle: number;
  scatter: number;
  /** The median of their errors. */
  error: number;
}

/** Sorted once: routes come by the thousand, and each asks for the others. */
export class AllButOne {
  private readonly values: Sorted;
  private readonly errors: Sorted;
  private readonly sums: Sums;

  constructor(estimates: readonly Estimate[]) {
    this.values = new Sorted(estimates.map(({ value }) => value));
    this.errors = new Sorted(estimates.map(({ error }) => error));
    this.sums = new Sums(this.values.sorted);
  }

  /** NaN where there are none. */
  all(): { middle: number; scatter: number } {
    return this.common(this.values.sorted.length);
  }

  without(index: number): Others {
    const { values, errors } = this;
    const error = errors.median(errors.ranks[index]!);
    return { count: values.sorted.length - 1, error, ...this.common(values.ranks[index]!) };
  }

  private common(rank: number): { middle: number; scatter: number } {
    const { values, sums } = this;
    const middle = values.median(rank);
    const count = values.countWithout(rank);
    const kept = Math.max(1, Math.ceil(count * KEPT));
    // The smallest distances are of neighbours: where they begin, by halving.
    let first = 0;
    for (let most = count - kept; first < most; ) {
      const half = (first + most) >>> 1;
      if (middle - values.at(half, rank) > values.at(half + kept, rank) - middle) first = half + 1;
      else most = half;
    }
    const [from, last] = [first, first + kept - 1].map((at) => (at < rank ? at : at + 1)) as [number, number];
    return { middle, scatter: Math.sqrt(sums.squares(from, last + 1, rank, middle) / kept) / INNER };
  }
}

/** Ascending values of which the one at a rank may be left out; no value stands at a rank that is their number. */
class Sorted {
  readonly sorted: Float64Array;
  /** Of each value, by its index. */
  readonly ranks: Uint32Array;

  constructor(values: readonly number[]) {
    const order = Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
    this.sorted = Float64Array.from(order, (index) => values[index]!);
    this.ranks = new Uint32Array(values.length);
    for (let rank = 0; rank < order.length; rank++) this.ranks[order[rank]!] = rank;
  }

  countWithout(rank: number): number {
    return this.sorted.length - (rank < this.sorted.length ? 1 : 0);
  }

  at(index: number, rank: number): number {
    return this.sorted[index < rank ? index : index + 1]!;
  }

  median(rank: number): number {
    const count = this.countWithout(rank);
    const above = this.at(count >>> 1, rank);
    return count % 2 === 1 ? above : (this.at((count >>> 1) - 1, rank) + above) / 2;
  }
}

/** Sums from the middle outwards, so that a far value takes no digits from those that are nearer. */
class Sums {
  private readonly centre: number;
  private readonly distances: Float64Array;
  private readonly squared: Float64Array;

  constructor(private readonly sorted: Float64Array) {
    const half = sorted.length >>> 1;
    this.centre = sorted[half]!;
    this.distances = new Float64Array(sorted.length + 1);
    this.squared = new Float64Array(sorted.length + 1);
    for (let at = half; at < sorted.length; at++) this.add(at + 1, at, at, 1);
    for (let at = half - 1; at >= 0; at--) this.add(at, at + 1, at, -1);
  }

  /** Of the distances from `middle` in [from, to), without the one at `rank`. */
  squares(from: number, to: number, rank: number, middle: number): number {
    const isInside = from < rank && rank < to;
    const own = isInside ? this.sorted[rank]! - this.centre : 0;
    const distances = this.distances[to]! - this.distances[from]! - own;
    const squared = this.squared[to]! - this.squared[from]! - own ** 2;
    const moved = middle - this.centre;
    return Math.max(0, squared - 2 * moved * distances + (to - from - (isInside ? 1 : 0)) * moved ** 2);
  }

  private add(to: number, from: number, at: number, sign: number): void {
    const distance = this.sorted[at]! - this.centre;
    this.distances[to] = this.distances[from]! + sign * distance;
    this.squared[to] = this.squared[from]! + sign * distance ** 2;
  }
}
