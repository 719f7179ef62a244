/**
 * Peaks, left out by a rule that is named. The methodology gives a "typical" time "after dropping the peaks" and states
 * no rule; here two usual ones, and a summary says how many of how many values it kept.
 */
import { quantileSorted } from "./quantile";

export type PeakRule = "none" | "mad" | "tukey";

export const PEAK_RULES: Readonly<Record<PeakRule, string>> = {
  none: "every value",
  mad: "up to the median + 5 × the median absolute deviation (scaled to a normal's standard deviation)",
  tukey: "up to the third quartile + 1.5 × the distance of the quartiles (Tukey's upper fence)",
};

const MADS = 5;
const FENCE = 1.5;
/** Of a normal distribution: standard deviation ÷ median absolute deviation. */
const NORMAL = 1.4826;

/** The greatest value that is no peak. Slow is what is looked for: fast values are never left out. NaN is ignored. */
export function peakLimit(values: Float64Array, rule: PeakRule): number {
  if (rule === "none") return Number.POSITIVE_INFINITY;
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (!sorted.length) return Number.POSITIVE_INFINITY;
  if (rule === "tukey") {
    const [first, third] = [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.75)];
    return third + FENCE * (third - first);
  }
  const median = quantileSorted(sorted, 0.5);
  const deviations = sorted.map((value) => Math.abs(value - median)).sort();
  return median + MADS * NORMAL * quantileSorted(deviations, 0.5);
}
