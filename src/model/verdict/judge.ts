/**
 * Which part of the requests' time makes the slow ones slow, or, where none stands out from the others, where the time of
 * all of them goes. A part is named only where it is clearly the largest: else the answer is that there is none.
 */
import { quantileSorted } from "../statistics/quantile";

/** In order of the request. `connection` is before R C, the others add up to it. */
export const PARTS = ["connection", "network", "queue", "parse", "process", "send"] as const;
export type Part = (typeof PARTS)[number];

/** Columns of equal length, µs; an unknown part is 0. */
export type Sample = Readonly<Record<Part, Float64Array>>;

export interface Judgement {
  /** slow: what the slowest have more than the middle ones. all: what most of everybody's time is. */
  of: "slow" | "all";
  part: Part;
  /** Of the difference, or of the whole time, 0 to 1. */
  share: number;
  /** The part's mean surplus over the middle ones, or its mean, µs. */
  micros: number;
  /** The slow requests (all of them for `all`), and the middle ones, by index. */
  slow: number[];
  middle: number[];
}

/** Fewer requests say nothing. */
export const ENOUGH = 10;
/** The slow ones are the slowest twentieth; they stand out where they take twice the median and 5 ms more. */
const SLOWEST = 0.95;
const OUTSTANDING = 2;
const NOTICEABLE = 5_000;
/** A part is named from this share on. */
const CLEARLY = 0.5;
/** Requests that all take less than this (µs at the median) need no explanation. */
const LONG = 50_000;

export function judge(sample: Sample): Judgement | null {
  const count = sample.process.length;
  if (count < ENOUGH) return null;
  const totals = new Float64Array(count);
  for (const part of PARTS) for (let i = 0; i < count; i++) totals[i]! += sample[part][i]!;
  const sorted = totals.slice().sort();
  const median = quantileSorted(sorted, 0.5);
  const between = (low: number, high: number): number[] =>
    Array.from(totals.keys()).filter((i) => totals[i]! >= low && totals[i]! <= high);
  const middle = between(quantileSorted(sorted, 0.4), quantileSorted(sorted, 0.6));
  const slow = between(quantileSorted(sorted, SLOWEST), Number.POSITIVE_INFINITY);
  const slowest = mean(totals, slow);
  if (slowest >= OUTSTANDING * median && slowest >= median + NOTICEABLE) {
    const surplus = (part: Part): number => mean(sample[part], slow) - mean(sample[part], middle);
    return named("slow", surplus, slow, middle);
  }
  if (median < LONG) return null;
  const everybody = Array.from(totals.keys());
  return named("all", (part) => mean(sample[part], everybody), everybody, middle);
}

function named(of: "slow" | "all", amount: (part: Part) => number, slow: number[], middle: number[]): Judgement | null {
  const amounts = PARTS.map((part) => ({ part, micros: Math.max(0, amount(part)) }));
  const whole = amounts.reduce((sum, { micros }) => sum + micros, 0);
  const largest = amounts.reduce((a, b) => (b.micros > a.micros ? b : a));
  if (!(whole > 0) || largest.micros < CLEARLY * whole) return null;
  return { of, ...largest, share: largest.micros / whole, slow, middle };
}

export function mean(values: Float64Array, indices: readonly number[]): number {
  let sum = 0;
  for (const index of indices) sum += values[index]!;
  return indices.length ? sum / indices.length : 0;
}
