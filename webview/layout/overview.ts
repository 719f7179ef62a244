/** The overview strip: per bucket the slowest request, the 95th percentile and whether anything failed. Pure. */
import type { Overview } from "../../src/protocol/messages";
import { DrawList } from "./draw-list";

export interface OverviewBox {
  width: number;
  height: number;
  /** One device pixel, in CSS pixels. */
  grain: number;
}

/** The strip for error ticks at the bottom, and above the highest bar the captions' line. CSS pixels. */
const FOOT = 6;
const HEAD = 17;

/**
 * Height of a duration. Logarithmic: a single request of 30 s must be seen, and the many of 40 ms must still differ.
 * Everything from the fastest maximum upwards has at least two pixels: an outlier never disappears.
 */
function overviewHeights(overview: Overview, height: number): (micros: number) => number {
  let least = Number.POSITIVE_INFINITY;
  let most = 1;
  for (let at = 0; at < overview.buckets; at++) {
    const value = overview.max[at]!;
    if (value > 0 && value < least) least = value;
    if (value > most) most = value;
  }
  const floor = Math.log(Math.max(1, Math.min(least, most) / 4));
  const span = Math.max(0.5, Math.log(most) - floor);
  return (micros) =>
    Number.isNaN(micros) ? Number.NaN : micros > 0 ? Math.max(2, ((Math.log(micros) - floor) / span) * height) : 2;
}

/** `fine` has the extremes, `coarse` the percentiles, over the same span. */
export function layoutOverview(fine: Overview, coarse: Overview, { width, height, grain }: OverviewBox): DrawList {
  const list = new DrawList();
  const heightOf = overviewHeights(fine, height - FOOT - HEAD);
  const base = height - FOOT;
  const edge = (at: number, buckets: number) => Math.round((at * width) / buckets / grain) * grain;
  for (let at = 0; at < fine.buckets; at++) {
    if (fine.count[at] === 0) continue;
    const x0 = edge(at, fine.buckets);
    const x1 = Math.max(x0 + grain, edge(at + 1, fine.buckets));
    const gap = x1 - x0 > 1.5 ? 1 : 0;
    list.rect("density", x0, base - heightOf(fine.max[at]!), x1 - gap, base);
    if (fine.errors[at]! > 0) list.rect("failed", x0, height - 4, Math.max(x1, x0 + 2), height);
  }
  const line = { x: (at: number) => edge(at, coarse.buckets), y: (micros: number) => base - heightOf(micros) };
  if (hasPercentiles(coarse)) percentileLine(list, coarse, line, Math.max(1, grain));
  return list;
}

/** A 95th percentile of fewer requests is only their maximum. */
const LEAST_FOR_PERCENTILE = 8;

/** Most of the buckets that have any have enough: a line of a few pieces says nothing. */
export function hasPercentiles({ count }: Overview): boolean {
  const filled = count.filter((n) => n > 0);
  return filled.length > 0 && filled.filter((n) => n >= LEAST_FOR_PERCENTILE).length * 2 >= filled.length;
}

/** A line as rectangles: each bucket's level, and the step to it. It breaks where there is too little. */
function percentileLine(
  list: DrawList,
  { buckets, p95, count }: Overview,
  { x, y }: { x: (at: number) => number; y: (micros: number) => number },
  thick: number,
): void {
  for (let at = 0; at < buckets; at++) {
    if (count[at]! < LEAST_FOR_PERCENTILE) continue;
    const level = y(p95[at]!);
    list.rect("percentile", x(at), level, x(at + 1), level + thick);
    const before = at > 0 && count[at - 1]! >= LEAST_FOR_PERCENTILE ? y(p95[at - 1]!) : Number.NaN;
    if (!Number.isNaN(before))
      list.rect("percentile", x(at), Math.min(before, level), x(at) + thick, Math.max(before, level) + thick);
  }
}
