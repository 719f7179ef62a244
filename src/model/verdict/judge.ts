/**
 * Which part of the requests' time makes the slow ones slow, or, where none stands out from the others, where the time of
 * all of them goes. A part is named only where it is clearly the largest: else the answer is that there is none.
 */
import { quantileSorted } from "../statistics/quantile";

/** In order of the request. `client` and `connection` are before R C, the others add up to it. */
export const PARTS = ["client", "connection", "network", "queue", "parse", "process", "send"] as const;
export type Part = (typeof PARTS)[number];
export type Parts = Record<Part, number>;

/** Columns of equal length, µs; an unknown part is 0. */
export type Sample = Readonly<Record<Part, Float64Array>>;

export interface Judgement {
  /** slow: what the slowest have more than the middle ones. all: where everybody's time goes. none: nothing to explain. */
  of: "slow" | "all" | "none";
  /** Mean surplus of each part over the middle ones, or its mean, µs; never below 0. */
  amounts: Parts;
  /** Their sum, µs. */
  whole: number;
  /** The slow requests (all of them for `all`), and the middle ones, by index. */
  slow: number[];
  middle: number[];
  /** The slow ones are the first. */
  first: boolean;
  /** At so few moments all slow requests ended; 0: at several, or it does not matter. */
  moments: number;
  /** Mean of the slow ones and median of all, µs. */
  slowest: number;
  median: number;
}

/** Fewer requests say nothing. */
export const ENOUGH = 10;
/** The slow ones are of the slowest twentieth; they stand out where they take twice the median and 5 ms more. */
export const SLOWEST = 0.95;
const OUTSTANDING = 2;
const NOTICEABLE = 5_000;
/**
 * One or two moments at which requests are slow happen to every machine. Requests that end together, within this part of
 * what they take, waited for the same moment.
 */
const SEVERAL = 3;
const TOGETHER = 0.5;
/** Unless so many (ENOUGH) took so long, µs: that is a stall, and no machine's everyday. */
const STALL = 500_000;
/**
 * Or it is the first moment, and by far: the slow ones are nearly all among the first requests, as a part of all, from one of
 * the very first (ENOUGH) on.
 */
const FIRST = 0.05;
const BY_FAR = 5;
const NEARLY_ALL = 0.8;
/** A part is named from this share on. */
export const CLEARLY = 0.5;
/** Requests whose processing takes less than this (µs, mean) need no explanation: it is what they are for. */
const LONG = 100_000;
/** Any other part is no use to anybody, and is named from here on, µs. */
const WASTED = 20_000;

/** Requests in order of time; `starts` in µs. Null where there are too few. */
export function judge(sample: Sample, starts: Float64Array): Judgement | null {
  const count = sample.process.length;
  if (count < ENOUGH) return null;
  const totals = totalsOf(sample);
  const sorted = totals.slice().sort();
  const median = quantileSorted(sorted, 0.5);
  const middle = within(totals, quantileSorted(sorted, 0.4), quantileSorted(sorted, 0.6));
  const slowFrom = Math.max(quantileSorted(sorted, SLOWEST), OUTSTANDING * median, median + NOTICEABLE);
  const slow = within(totals, slowFrom, Number.POSITIVE_INFINITY);
  const first = areFirst(totals, median, mean(totals, slow));
  const moments = incidents(slow, starts, totals);
  if (first || moments >= SEVERAL) return { ...compared("slow", sample, totals, slow, middle, median), first };
  if (slow.length >= ENOUGH && mean(totals, slow) >= Math.max(BY_FAR * median, STALL))
    return { ...compared("slow", sample, totals, slow, middle, median), moments };
  const indices = within(totals, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const everybody = compared("all", sample, totals, indices, middle, median);
  const part = largestPart(everybody);
  const isLong = part !== null && everybody.amounts[part] >= (part === "process" ? LONG : WASTED);
  return isLong ? everybody : { ...everybody, of: "none" };
}

function areFirst(totals: Float64Array, median: number, slowest: number): boolean {
  if (!(slowest >= Math.max(BY_FAR * median, LONG))) return false;
  const alike = within(totals, (median + slowest) / 2, Number.POSITIVE_INFINITY);
  if (alike[0]! >= ENOUGH) return false;
  const among = Math.max(alike.length, FIRST * totals.length);
  return alike.filter((index) => index < among).length >= NEARLY_ALL * alike.length;
}

/** Moments at which slow requests ended. */
function incidents(slow: readonly number[], starts: Float64Array, totals: Float64Array): number {
  const together = TOGETHER * mean(totals, slow);
  const ends = Float64Array.from(slow, (index) => starts[index]! + totals[index]!).sort();
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const end of ends) {
    if (end <= last + together) continue;
    last = end;
    count++;
  }
  return count;
}

/** One request beside the middle ones of all. */
export function judgeOne(sample: Sample, index: number): Judgement | null {
  if (sample.process.length < ENOUGH) return null;
  const totals = totalsOf(sample);
  const sorted = totals.slice().sort();
  const middle = within(totals, quantileSorted(sorted, 0.4), quantileSorted(sorted, 0.6));
  return compared("slow", sample, totals, [index], middle, quantileSorted(sorted, 0.5));
}

/** The part that is clearly the largest; null where none is. */
export function largestPart({ amounts, whole }: Judgement): Part | null {
  const largest = PARTS.reduce((a, b) => (amounts[b] > amounts[a] ? b : a));
  return whole > 0 && amounts[largest] >= CLEARLY * whole ? largest : null;
}

function compared(
  of: Judgement["of"],
  sample: Sample,
  totals: Float64Array,
  slow: number[],
  middle: number[],
  median: number,
): Judgement {
  const amounts = {} as Parts;
  let whole = 0;
  for (const part of PARTS) {
    const usual = of === "slow" ? mean(sample[part], middle) : 0;
    amounts[part] = Math.max(0, mean(sample[part], slow) - usual);
    whole += amounts[part];
  }
  return { of, amounts, whole, slow, middle, first: false, moments: 0, slowest: mean(totals, slow), median };
}

export function totalsOf(sample: Sample): Float64Array {
  const totals = new Float64Array(sample.process.length);
  for (const part of PARTS) for (let i = 0; i < totals.length; i++) totals[i]! += sample[part][i]!;
  return totals;
}

/** Which of the totals lie there, by index. */
function within(totals: Float64Array, low: number, high: number): number[] {
  const found: number[] = [];
  for (let i = 0; i < totals.length; i++) if (totals[i]! >= low && totals[i]! <= high) found.push(i);
  return found;
}

export function mean(values: Float64Array, indices: readonly number[]): number {
  let sum = 0;
  for (const index of indices) sum += values[index]!;
  return indices.length ? sum / indices.length : 0;
}
