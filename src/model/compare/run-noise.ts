/**
 * What a run's own requests cannot tell: how much a run differs from the next one of the same code. The machine is busier,
 * the garbage collector comes at another time, and all requests of a run are the slower for it, however many they are.
 * Several runs a side show that noise. One a side does not, but its other routes do: what they share is the run's, and how
 * much they scatter around it is the least that a route may differ by without its code.
 */
import { studentCdf } from "../statistics/distributions";
import { moments } from "../statistics/mean";
import type { Others } from "./all-but-one";

/** A difference in some scale, with its standard error from within the runs. */
export interface Estimate {
  value: number;
  error: number;
}

/** Fewer other routes tell nothing. */
const FEWEST_OTHERS = 3;
/** Variance of a normal sample's median against that of its mean. */
const MEDIAN_VARIANCE = Math.PI / 2;

/**
 * Two-sided p of a route's difference being one of the run: against what its other routes have in common and how they
 * scatter. Robust, so that a few that did change do not count. 0 where there are too few to tell.
 * @param df degrees of freedom of the own error
 */
export function againstOthers(own: Estimate, { count, middle, scatter, error }: Others, df: number): number {
  if (count < FEWEST_OTHERS) return 0;
  const expected = error ** 2;
  const known = (count - 1) / 2;
  // Beyond what chance within the runs explains, itself known no better than by so few routes.
  const between = Math.max(0, scatter ** 2 - expected * (1 + Math.sqrt(1 / known)));
  const ofMiddle = (MEDIAN_VARIANCE * scatter ** 2) / count;
  const variance = own.error ** 2 + between + ofMiddle;
  const distance = Math.abs(own.value - middle);
  if (variance === 0) return distance === 0 ? 1 : 0;
  // Welch and Satterthwaite; a deviation that is taken from a median is known about half as well.
  const freedom = variance ** 2 / (own.error ** 4 / df + (between ** 2 + ofMiddle ** 2) / known);
  return twoSided(distance / Math.sqrt(variance), freedom);
}

/** Welch's test over the means of runs, two a side at least. */
export function betweenRuns(base: Float64Array, other: Float64Array): number {
  const [a, b] = [moments(base), moments(other)];
  const [va, vb] = [a.deviation ** 2 / a.count, b.deviation ** 2 / b.count];
  const distance = Math.abs(b.mean - a.mean);
  if (va + vb === 0) return distance === 0 ? 1 : 0;
  const freedom = (va + vb) ** 2 / (va ** 2 / (a.count - 1) + vb ** 2 / (b.count - 1));
  return twoSided(distance / Math.sqrt(va + vb), freedom);
}

const twoSided = (t: number, freedom: number): number => Math.min(1, 2 * studentCdf(-t, Math.max(1, freedom)));
