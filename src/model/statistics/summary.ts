/** A sample in a few numbers, each with its 95 % confidence interval. */
import type { Summary } from "../report";
import { COUNT_FOR_MEAN, meanInterval, moments } from "./mean";
import { countForQuantile, quantileInterval, quantileSorted } from "./quantile";

/**
 * Quantiles are Hyndman & Fan's definition 7; their intervals come from order statistics, hold for any distribution and
 * are null where n is too small (`countForQuantile`); the mean's is `meanInterval`. NaN is unknown and left out; with
 * no value left every number is NaN.
 */
export const summarise = (values: Float64Array): Summary =>
  summariseKnown(values.filter((value) => !Number.isNaN(value)));

/** The same where no value is NaN; sorts `values`. */
export function summariseKnown(values: Float64Array): Summary {
  const sorted = values.sort();
  const of = moments(sorted);
  const needed = missing(of.count);
  return {
    count: of.count,
    mean: of.mean,
    p50: quantileSorted(sorted, 0.5),
    p95: quantileSorted(sorted, 0.95),
    p99: quantileSorted(sorted, 0.99),
    min: sorted[0] ?? Number.NaN,
    max: sorted[sorted.length - 1] ?? Number.NaN,
    deviation: of.deviation,
    ...(needed && { needed }),
    ci95: {
      mean: meanInterval(of),
      p50: quantileInterval(sorted, 0.5),
      p95: quantileInterval(sorted, 0.95),
      p99: quantileInterval(sorted, 0.99),
    },
  };
}

const NEEDED = {
  mean: COUNT_FOR_MEAN,
  p50: countForQuantile(0.5),
  p95: countForQuantile(0.95),
  p99: countForQuantile(0.99),
} as const;

/** How many values the intervals need that so few do not admit. */
function missing(count: number): Summary["needed"] | null {
  const entries = Object.entries(NEEDED).filter(([, needed]) => count < needed);
  return entries.length ? Object.fromEntries(entries) : null;
}
