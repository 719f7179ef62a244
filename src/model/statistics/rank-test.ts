/** The rank test of Mann, Whitney and Wilcoxon for two samples, with the shift and the effect size that go with it. */
import { normalCdf, normalQuantile } from "./distributions";
import { median, selectKth } from "./select";

export interface RankTest {
  /** Two-sided, normal approximation with the tie correction; good from about ten values a side. */
  p: number;
  /** Cliff's delta: how much more often a value of `b` is greater than one of `a` than the other way round, −1 to 1. */
  delta: number;
}

export function rankTest(a: Float64Array, b: Float64Array): RankTest {
  const values = [...a].map((value) => ({ value, ofB: 0 })).concat([...b].map((value) => ({ value, ofB: 1 })));
  values.sort((x, y) => x.value - y.value);
  let ranksOfB = 0;
  let ties = 0;
  for (let from = 0; from < values.length; ) {
    let to = from;
    while (to < values.length && values[to]!.value === values[from]!.value) to++;
    const rank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) ranksOfB += rank * values[i]!.ofB;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  const pairs = a.length * b.length;
  const greater = ranksOfB - (b.length * (b.length + 1)) / 2;
  const n = values.length;
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
  const differences = new Float64Array(a.length * b.length);
  let i = 0;
  for (const x of a) for (const y of b) differences[i++] = y - x;
  const pairs = differences.length;
  const spread = Math.sqrt((pairs * (a.length + b.length + 1)) / 12);
  const cut = Math.floor(pairs / 2 - normalQuantile((1 + confidence) / 2) * spread);
  const last = pairs - 1;
  return {
    low: selectKth(differences, Math.max(0, cut)),
    high: selectKth(differences, Math.min(last, last - cut)),
    estimate: median(differences),
  };
}
