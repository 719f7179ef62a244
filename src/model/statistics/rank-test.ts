/** The rank test of Mann, Whitney and Wilcoxon for two samples, with the shift and the effect size that go with it. */
import { normalCdf, normalQuantile } from "./distributions";
import { differencesAt } from "./pair-differences";
import { insertionSort } from "./select";

export interface RankTest {
  /** Two-sided, normal approximation with the tie correction; good from about ten values a side. */
  p: number;
  /** Cliff's delta: how much more often a value of `b` is greater than one of `a` than the other way round, −1 to 1. */
  delta: number;
}

/** No value may be NaN. */
export function rankTest(a: Float64Array, b: Float64Array): RankTest {
  const [x, y] = [ascending(a), ascending(b)];
  const n = x.length + y.length;
  let ranksOfB = 0;
  let ties = 0;
  for (let i = 0, j = 0; i + j < n; ) {
    const from = i + j;
    const value = j >= y.length || x[i]! < y[j]! ? x[i]! : y[j]!;
    while (x[i] === value) i++;
    const ofB = j;
    while (y[j] === value) j++;
    const count = i + j - from;
    ranksOfB += ((from + 1 + i + j) / 2) * (j - ofB);
    ties += count ** 3 - count;
  }
  const pairs = a.length * b.length;
  const greater = ranksOfB - (b.length * (b.length + 1)) / 2;
  const spread = Math.sqrt((pairs / 12) * (n + 1 - ties / (n * (n - 1))));
  const distance = Math.max(0, Math.abs(greater - pairs / 2) - 0.5);
  return { p: spread > 0 ? Math.min(1, 2 * normalCdf(-distance / spread)) : 1, delta: (2 * greater) / pairs - 1 };
}

/** By how much `b` lies above `a` (Hodges and Lehmann), with the interval that belongs to the rank test. */
export function shift(
  a: Float64Array,
  b: Float64Array,
  confidence = 0.95,
): { estimate: number; low: number; high: number } {
  const [x, y] = [ascending(a), ascending(b)];
  const pairs = x.length * y.length;
  const spread = Math.sqrt((pairs * (x.length + y.length + 1)) / 12);
  const z = confidence === 0.95 ? Z95 : normalQuantile((1 + confidence) / 2);
  // As many are left out on either side.
  const cut = Math.max(0, Math.floor(pairs / 2 - z * spread));
  const ranks = [cut, (pairs - 1) >>> 1, pairs >>> 1, pairs - 1 - cut];
  const [low, lower, upper, high] = differencesAt(x, y, ranks) as [number, number, number, number];
  return { low, high, estimate: (lower + upper) / 2 };
}

/** Asked for by each duration of each route, and sixty steps of bisection away. */
const Z95 = normalQuantile(0.975);

/** Of few values faster than the sort that typed arrays have; they themselves, where they ascend already. */
export function ascending(values: Float64Array): Float64Array {
  let at = 1;
  while (at < values.length && values[at - 1]! <= values[at]!) at++;
  if (at >= values.length) return values;
  const sorted = values.slice();
  if (sorted.length <= FEW) insertionSort(sorted, 0, sorted.length - 1);
  else sorted.sort();
  return sorted;
}

const FEW = 64;
