/**
 * Differences of all pairs of two samples, by rank, without forming them all: those with the middle one of one sample
 * stand in order, and how many of all are at most as great is counted in a walk along both. Few lie between two of them.
 */
import { selectBetween } from "./select";

/** Differences that are looked at one by one. */
let held = new Float64Array(256);

/** y − x at some ranks, ascending, of all pairs in order; both samples ascend. */
export function differencesAt(x: Float64Array, y: Float64Array, ranks: readonly number[]): number[] {
  const found: number[] = [];
  const middle = x[x.length >>> 1]!;
  // `below` are at most `low`, and `upTo` are at most `high`: what is between is held.
  let low = Number.NEGATIVE_INFINITY;
  let below = 0;
  let upTo = 0;
  let from = 0;
  for (const rank of ranks) {
    if (rank >= upTo) {
      let high = Number.POSITIVE_INFINITY;
      upTo = x.length * y.length;
      for (let end = y.length; from < end; ) {
        const half = (from + end) >>> 1;
        const value = y[half]! - middle;
        const count = countUpTo(x, y, value);
        if (count > rank) {
          high = value;
          upTo = count;
          end = half;
        } else {
          low = value;
          below = count;
          from = half + 1;
        }
      }
      hold(x, y, low, high, upTo - below);
    }
    selectBetween(held, 0, upTo - below - 1, [rank - below], 0, 1);
    found.push(held[rank - below]!);
  }
  return found;
}

function countUpTo(x: Float64Array, y: Float64Array, most: number): number {
  let count = 0;
  for (let i = 0, j = 0; i < x.length; i++) {
    while (j < y.length && y[j]! - x[i]! <= most) j++;
    count += j;
  }
  return count;
}

/** Those above `low` and up to `high`, which are so many. */
function hold(x: Float64Array, y: Float64Array, low: number, high: number, count: number): void {
  if (held.length < count) held = new Float64Array(2 * count);
  const into = held;
  for (let i = 0, from = 0, at = 0; i < x.length; i++) {
    const own = x[i]!;
    while (from < y.length && y[from]! - own <= low) from++;
    for (let j = from; j < y.length; j++) {
      const difference = y[j]! - own;
      if (difference > high) break;
      into[at++] = difference;
    }
  }
}
