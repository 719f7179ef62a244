/**
 * The rigorous bound: a clock's offset changes by at most `RHO`, so a lower bound at one moment is one at every other,
 * less RHO for the time between: a tent. The envelope keeps the tents that stand out of all others. Its value is what
 * the forward and the backward sweep of the method together give, at any moment and in any order of insertion.
 */

/** No crystal and no slewing (adjtime's limit) is faster: 500 ppm, in µs per µs. */
export const RHO = 500e-6;

export class Envelope {
  private readonly times: number[] = [];
  private readonly values: number[] = [];

  /** Amortised O(1) in time order, else O(log n) and a shift of what is later. */
  insert(time: number, value: number): void {
    const { times, values } = this;
    const count = times.length;
    const place = firstAfter(times, time);
    if (place > 0 && values[place - 1]! - RHO * (time - times[place - 1]!) >= value) return;
    if (place < count && values[place]! - RHO * (times[place]! - time) >= value) return;
    let from = place;
    while (from > 0 && value - RHO * (time - times[from - 1]!) >= values[from - 1]!) from--;
    let to = place;
    while (to < count && value - RHO * (times[to]! - time) >= values[to]!) to++;
    replace(times, from, to, time);
    replace(values, from, to, value);
  }

  /** The bound at a moment; −∞ where there is none at all. */
  at(time: number): number {
    const next = firstAfter(this.times, time);
    const left = next > 0 ? this.values[next - 1]! - RHO * (time - this.times[next - 1]!) : Number.NEGATIVE_INFINITY;
    if (next === this.times.length) return left;
    return Math.max(left, this.values[next]! - RHO * (this.times[next]! - time));
  }
}

/** Index of the first of ascending values that is greater than `value`; appending needs one comparison. */
export function firstAfter(ascending: readonly number[], value: number): number {
  let high = ascending.length;
  if (!high || ascending[high - 1]! <= value) return high;
  let low = 0;
  high--;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Puts `item` in the place of items from ≤ i < to. */
export function replace(items: number[], from: number, to: number, item: number): void {
  if (to === items.length) {
    items.length = from;
    items.push(item);
  } else items.splice(from, to - from, item);
}
