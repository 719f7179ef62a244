/** Quantiles of a sorted sample, with intervals from its order statistics. */
import { binomialCdf } from "./distributions";

/**
 * The p-quantile of ascending values, linear between closest ranks (Hyndman & Fan's definition 7: the default of R,
 * NumPy and d3). NaN for an empty sample.
 */
export const quantileSorted = (sorted: Float64Array, p: number): number =>
  quantileOf(sorted.length, p, (rank) => sorted[rank]!);

/** The same of `count` values, of which the one at a rank is asked for. */
export function quantileOf(count: number, p: number, valueAt: (rank: number) => number): number {
  if (!count) return Number.NaN;
  const rank = (count - 1) * p;
  const low = Math.floor(rank);
  const value = valueAt(low);
  return low + 1 < count ? value + (rank - low) * (valueAt(low + 1) - value) : value;
}

export type Ranks = readonly [low: number, high: number] | null;

/**
 * Ranks (0-based) of the two order statistics between which the p-quantile lies with at least the given confidence,
 * whatever the distribution: at most (1 − confidence)/2 is left on either side. Null where n admits none.
 */
export function quantileRanks(n: number, p: number, confidence = 0.95): Ranks {
  const tail = (1 - confidence) / 2;
  if (p ** n > tail || (1 - p) ** n > tail) return null;
  // Of n values B ~ Binomial(n, p) lie below the quantile: it is above the l-th smallest where B ≥ l.
  const spread = 1.96 * Math.sqrt(n * p * (1 - p));
  const clamp = (rank: number): number => Math.min(n, Math.max(1, rank));
  let low = clamp(Math.round(n * p - spread));
  while (low > 1 && binomialCdf(low - 1, n, p) > tail) low--;
  while (low < n && binomialCdf(low, n, p) <= tail) low++;
  let high = clamp(Math.round(n * p + spread) + 1);
  while (high < n && 1 - binomialCdf(high - 1, n, p) > tail) high++;
  while (high > 1 && 1 - binomialCdf(high - 2, n, p) <= tail) high--;
  return [low - 1, high - 1];
}

/** The interval of the p-quantile of ascending values; null where there are too few (see `countForQuantile`). */
export function quantileInterval(sorted: Float64Array, p: number, confidence = 0.95): readonly [number, number] | null {
  const ranks = quantileRanks(sorted.length, p, confidence);
  return ranks && [sorted[ranks[0]]!, sorted[ranks[1]]!];
}

/** The least n that admits an interval of the p-quantile: 6 for the median, 72 for p95, 368 for p99. */
export const countForQuantile = (p: number, confidence = 0.95): number =>
  Math.ceil(Math.log((1 - confidence) / 2) / Math.log(Math.max(p, 1 - p)));
