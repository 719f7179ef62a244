/** Clocks of two machines: rigorous bounds from every pair, epochs between steps, a line in each epoch. */
import type { ClockEpoch, ClockQuality } from "../clock";
import { type Alignment, type Offset, offsetBetween } from "./alignment";
import { RHO } from "./envelope";
import { Epoch } from "./epoch";
import { type BoundEvents, type Exchanges, LOWER, lowerBound, negatedUpperBound, type Side, UPPER } from "./events";
import type { Segmentation } from "./segment";
import { requestSpans } from "./spans";

/** Events between two epochs may be of either: there the bounds of both hold together. */
export class BoundedAlignment implements Alignment {
  readonly method = "bounds from every request's two directions, a line per epoch";
  readonly violations: readonly number[];
  private constructor(
    private readonly parts: Epoch[],
    outliers: Set<number>,
  ) {
    this.violations = [...outliers].sort((a, b) => a - b);
  }

  static build(
    of: Exchanges,
    events: BoundEvents,
    { starts, outliers }: Segmentation,
    grain: number,
  ): BoundedAlignment {
    const base = events.time[0] ?? 0;
    const parts: Epoch[] = [];
    const spans = starts.length > 1 ? requestSpans(of, events) : null;
    let next: Epoch | null = null;
    let end = events.count;
    for (let i = starts.length - 1; i >= 0; i--) {
      const start = starts[i]!;
      const last: number = next ? lastBefore(events, start, end, next, outliers) : end - 1;
      // A bound holds at some moment while its request is under way: a request under way at the step proves neither side.
      const epoch: Epoch = new Epoch(
        base,
        i > 0 ? spans!.ended[start]! + grain : Number.NEGATIVE_INFINITY,
        next ? spans!.begun[last]! - grain : Number.POSITIVE_INFINITY,
      );
      for (let index = start; index < end; index++) {
        const pair = events.pair[index]!;
        if (outliers.has(pair)) continue;
        const side = events.side[index] as Side;
        const after = !spans || spans.begun[index]! >= epoch.settled || index === start;
        const before = !spans || spans.ended[index]! <= epoch.until || index === last;
        if ((after && before) || index === start) epoch.insert(side, events.time[index]!, events.value[index]!);
        else epoch.steer(side, events.time[index]!, events.value[index]!);
        if (side === LOWER || Number.isNaN(of.seen[pair]! + of.answered[pair]!)) epoch.count(of, pair);
      }
      end = start;
      if (!epoch.isKnown) continue;
      parts.unshift(epoch);
      next = epoch;
    }
    return new BoundedAlignment(parts, outliers);
  }

  get epochs(): ClockEpoch[] {
    return this.parts.map((epoch) => epoch.summary());
  }

  get quality(): ClockQuality {
    return this.epochs.some((epoch) => epoch.quality === "bounded") ? "bounded" : "none";
  }

  offsetAt(time: number): Offset {
    const { epoch, next } = this.around(time);
    const own = epoch.offsetAt(time);
    if (!next) return own;
    return offsetBetween(Math.min(own.low, next.low(time)), Math.max(own.high, next.high(time)), own.offset);
  }

  /** Takes one more pair in; false, with nothing changed, where it contradicts: only aligning anew can tell why. */
  extend(of: Exchanges, pair: number, grain: number): boolean {
    const bounds = [
      { side: LOWER, time: of.seen[pair]!, value: lowerBound(of, pair, grain) },
      { side: UPPER, time: of.sent[pair]!, value: negatedUpperBound(of, pair, grain) },
    ] as const;
    const placed = bounds
      .filter(({ value }) => !Number.isNaN(value))
      .map((bound) => ({ ...bound, ...this.around(bound.time) }));
    if (!placed.every(({ epoch, next, side, time, value }) => next !== null || epoch.admits(side, time, value)))
      return false;
    // Its own two directions do not contradict each other either.
    if (placed.length === 2 && bounds[0].value + bounds[1].value > RHO * (bounds[0].time - bounds[1].time))
      return false;
    for (const { epoch, next, side, time, value } of placed)
      if (next) epoch.steer(side, time, value);
      else epoch.insert(side, time, value);
    placed[0]?.epoch.count(of, pair);
    return true;
  }

  /** The epoch at a moment; between two epochs the earlier one, and `next`. */
  private around(time: number): { epoch: Epoch; next: Epoch | null } {
    const { parts } = this;
    let low = 0;
    let high = parts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (parts[middle]!.from <= time) low = middle;
      else high = middle - 1;
    }
    const epoch = parts[low]!;
    return { epoch, next: time > epoch.to && low + 1 < parts.length ? parts[low + 1]! : null };
  }
}

/**
 * Going back from an epoch's first event: the last event that contradicts the epoch. What lies between agrees with the
 * epoch before (the sweep forward said so) and with this one.
 */
function lastBefore(events: BoundEvents, start: number, end: number, next: Epoch, outliers: Set<number>): number {
  const from = events.time[end]!;
  const strongest = [next.low(from), -next.high(from)];
  for (let index = end - 1; index > start; index--) {
    if (outliers.has(events.pair[index]!)) continue;
    const side = events.side[index] as Side;
    const other = side === LOWER ? UPPER : LOWER;
    const back = RHO * (from - events.time[index]!);
    const value = events.value[index]!;
    if (value + strongest[other]! - back > 0) return index;
    strongest[side] = Math.max(strongest[side]!, value + back);
  }
  return start;
}
