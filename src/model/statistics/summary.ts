/** A sample in a few numbers, each with its 95 % confidence interval. */
import type { Summary } from "../report";
import { COUNT_FOR_MEAN, meanInterval, moments } from "./mean";
import { valuesAt } from "./order-statistics";
import { countForQuantile, quantileOf, quantileRanks, type Ranks } from "./quantile";

/**
 * Quantiles are Hyndman & Fan's definition 7; their intervals come from order statistics, hold for any distribution and
 * are null where n is too small (`countForQuantile`); the mean's is `meanInterval`. NaN is unknown and left out; with
 * no value left every number is NaN.
 */
export const summarise = (values: Float64Array): Summary =>
  summariseKnown(values.filter((value) => !Number.isNaN(value)));

/** The same where no value is NaN. */
export function summariseKnown(values: Float64Array): Summary {
  const of = moments(values);
  const { ranks, places, p50, p95, p99, needed } = rankedOf(of.count);
  const found = valuesAt(values, ranks);
  const valueAt = (rank: number): number => found[places.get(rank)!]!;
  const quantile = (p: number): number => quantileOf(of.count, p, valueAt);
  const interval = (of: Ranks): readonly [number, number] | null => of && [valueAt(of[0]), valueAt(of[1])];
  return {
    count: of.count,
    mean: of.mean,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    min: found[0] ?? Number.NaN,
    max: found.at(-1) ?? Number.NaN,
    deviation: of.deviation,
    ...(needed && { needed }),
    ci95: { mean: meanInterval(of), p50: interval(p50), p95: interval(p95), p99: interval(p99) },
  };
}

/** What so many values admit: the ranks that a summary reads, ascending, each one's place among them, and the intervals'. */
type Ranked = Readonly<Record<"p50" | "p95" | "p99", Ranks>> & {
  readonly ranks: readonly number[];
  readonly places: ReadonlyMap<number, number>;
  readonly needed: Summary["needed"] | null;
};

/** The durations of a route nearly all have the same n, and routes have like ones. */
const remembered = new Map<number, Ranked>();
const REMEMBERED = 4096;

function rankedOf(count: number): Ranked {
  const known = remembered.get(count);
  if (known) return known;
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((p) => quantileRanks(count, p)) as [Ranks, Ranks, Ranks];
  const last = count - 1;
  const around = [0.5, 0.95, 0.99].flatMap((p) => [Math.floor(last * p), Math.floor(last * p) + 1]);
  const read = new Set([0, last, ...around, ...[p50, p95, p99].flatMap((ranks) => ranks ?? [])]);
  const ranks = [...read].filter((rank) => rank >= 0 && rank <= last).sort((a, b) => a - b);
  const places = new Map(ranks.map((rank, place) => [rank, place]));
  const ranked = { ranks, places, p50, p95, p99, needed: missing(count) };
  if (remembered.size >= REMEMBERED) remembered.clear();
  remembered.set(count, ranked);
  return ranked;
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
