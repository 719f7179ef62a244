/** What changed between two sides in one duration of one route, and whether the data carry saying so. */
import { blockMeans } from "../statistics/blocks";
import { meanOf } from "../statistics/mean";
import { ascending, rankTest, shift } from "../statistics/rank-test";
import type { Estimate } from "./run-noise";

/** Requests a side below which nothing is said. */
export const ENOUGH = 30;
/** From so many runs a side on, runs are compared: they show the noise from run to run, which blocks of one cannot. */
export const RUNS = 4;

export type Word = "faster" | "slower" | "no difference shown" | "not enough data";

export interface Change {
  /** Requests on either side. */
  count: readonly [base: number, other: number];
  /** µs. */
  mean: readonly [base: number, other: number];
  /** other − base, µs, with its 95 % interval; null where nothing is said. */
  difference: { estimate: number; low: number; high: number } | null;
  /** Of the rank test over blocks of time; null where nothing is said. */
  p: number | null;
  /** Cliff's delta. */
  delta: number | null;
  /** How many more requests a side would need; 0 where there are enough. */
  missing: number;
}

export interface Minimum {
  /** Part of the base's mean. */
  relative: number;
  micros: number;
}

/** What a user would notice. */
export const MINIMUM: Minimum = { relative: 0.05, micros: 500 };

/** What else is known of a change, for the judgement over all routes. */
export interface Evidence {
  change: Change;
  /** µs. */
  absolute: Estimate;
  /** Degrees of freedom of its error. */
  freedom: number;
  /** The means of each side's blocks of time, ascending. */
  blocks: readonly [base: Float64Array, other: Float64Array];
  /** The means of each side's runs; null where a side has too few. */
  runs: readonly [base: Float64Array, other: Float64Array] | null;
}

/** Each side's runs: the duration of each request, µs, in order of time. Without evidence where nothing can be said. */
export function change(
  base: readonly Float64Array[],
  other: readonly Float64Array[],
): Evidence | { change: Change; absolute: null } {
  const [all, others] = [joined(base), joined(other)];
  const count = [all.length, others.length] as const;
  const mean = [meanOf(all), meanOf(others)] as const;
  const missing = Math.max(0, ENOUGH - Math.min(...count));
  const nothing = { count, mean, difference: null, p: null, delta: null, missing };
  if (missing > 0) return { change: nothing, absolute: null };
  const [a, b] = [base, other].map((runs) => ascending(joined(runs.map(blockMeans)))) as [Float64Array, Float64Array];
  const runs = base.length >= RUNS && other.length >= RUNS ? ([runMeans(base), runMeans(other)] as const) : null;
  const ofBlocks = shift(a, b);
  return {
    change: { count, mean, difference: runs ? shift(...runs) : ofBlocks, ...rankTest(a, b), missing },
    absolute: estimate(ofBlocks),
    freedom: a.length + b.length - 2,
    blocks: [a, b],
    runs,
  };
}

/** A change as a difference of logarithms; null where a block is not above 0. */
export function relativeOf({ blocks: [a, b] }: Evidence): Estimate | null {
  return a[0]! > 0 && b[0]! > 0 ? estimate(shift(logarithms(a), logarithms(b))) : null;
}

function logarithms(values: Float64Array): Float64Array {
  const found = new Float64Array(values.length);
  for (let at = 0; at < found.length; at++) found[at] = Math.log(values[at]!);
  return found;
}

/** The interval is of 95 %: this many standard errors to either side. */
const REACH = 1.96;

const estimate = ({ estimate: value, low, high }: ReturnType<typeof shift>): Estimate => ({
  value,
  error: (high - low) / (2 * REACH),
});

/**
 * The plain word. `adjusted` is p after the correction for many tests. A difference is claimed where chance does not
 * explain it and it may be as large as counts: an interval that ends below the minimum says it is too small to matter.
 */
export function word({ difference, mean, missing }: Change, adjusted: number | null, minimum: Minimum = MINIMUM): Word {
  if (missing > 0) return "not enough data";
  if (!difference || adjusted === null || adjusted > 0.05) return "no difference shown";
  const reach = difference.estimate > 0 ? difference.high : -difference.low;
  if (reach < minimum.micros || reach < minimum.relative * mean[0]) return "no difference shown";
  return difference.estimate > 0 ? "slower" : "faster";
}

const runMeans = (runs: readonly Float64Array[]): Float64Array => Float64Array.from(runs, meanOf);

function joined(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
