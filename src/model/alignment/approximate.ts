/** Where the bounds contradict each other all over: an offset between all of them, and an uncertainty that says so. */
import { quantileSorted } from "../statistics/quantile";
import { type Alignment, offsetBetween } from "./alignment";
import { type Exchanges, lowerBound, negatedUpperBound } from "./events";

export function approximateAlignment(of: Exchanges, grain: number): Alignment {
  const middles: number[] = [];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let pair = 0; pair < of.sent.length; pair++) {
    const least = lowerBound(of, pair, grain);
    const most = -negatedUpperBound(of, pair, grain);
    if (Number.isNaN(least + most)) continue;
    middles.push((least + most) / 2);
    low = Math.min(low, least, most);
    high = Math.max(high, least, most);
    from = Math.min(from, of.sent[pair]!);
    to = Math.max(to, of.seen[pair]!);
  }
  const offset = quantileSorted(Float64Array.from(middles).sort(), 0.5);
  const at = offsetBetween(low, high, offset);
  const { uncertainty } = at;
  const epoch = { from, to, at: Math.round((from + to) / 2), offset, uncertainty, drift: 0 } as const;
  return {
    quality: "approximate",
    epochs: [{ ...epoch, samples: middles.length, minRtt: null, quality: "approximate" }],
    violations: [],
    method: "the requests contradict each other: median of their midpoints",
    offsetAt: () => at,
  };
}
