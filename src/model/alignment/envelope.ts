/**
 * The rigorous bound: a clock's offset changes by at most `RHO`, so a lower bound at one moment is one at every other,
 * less RHO for the time between: a tent. The envelope keeps the tents that stand out of all others. Its value is what
 * the forward and the backward sweep of the method together give, at any moment and in any order of insertion.
 */

import { Points } from "./points";

/** No crystal and no slewing (adjtime's limit) is faster: 500 ppm, in µs per µs. */
export const RHO = 500e-6;

export class Envelope {
  private readonly points = new Points();

  /** Amortised O(1) in time order, else O(log n) and a shift of what is later. */
  insert(time: number, value: number): void {
    const { points } = this;
    const { times, values, count } = points;
    const place = points.firstAfter(time);
    if (place > 0 && values[place - 1]! - RHO * (time - times[place - 1]!) >= value) return;
    if (place < count && values[place]! - RHO * (times[place]! - time) >= value) return;
    let from = place;
    while (from > 0 && value - RHO * (time - times[from - 1]!) >= values[from - 1]!) from--;
    let to = place;
    while (to < count && value - RHO * (times[to]! - time) >= values[to]!) to++;
    points.replace(from, to, time, value);
  }

  /** The bound at a moment; −∞ where there is none at all. */
  at(time: number): number {
    const { times, values, count } = this.points;
    const next = this.points.firstAfter(time);
    const left = next > 0 ? values[next - 1]! - RHO * (time - times[next - 1]!) : Number.NEGATIVE_INFINITY;
    if (next === count) return left;
    return Math.max(left, values[next]! - RHO * (times[next]! - time));
  }
}
