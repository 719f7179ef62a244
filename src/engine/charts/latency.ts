/** The distribution of a duration: counts in logarithmic bins, and its quantiles. */
import { meanOf } from "../../model/statistics/mean";
import { quantileInterval, quantileSorted } from "../../model/statistics/quantile";
import type { LatencyData, Measure } from "../../protocol/charts";
import { known } from "../known";
import { columnOf } from "../row-slices";
import { sortNumbers } from "../sort";
import { interlude, ROWS_A_STEP } from "../steps";
import type { Chosen } from "./chosen";
import { binOf, logBins } from "./log-bins";

const BINS = 80;
const QUANTILES = [0.5, 0.95, 0.99];

export function latencyOf({ store, facts, measured }: Chosen, of: Measure): LatencyData {
  const values = columnOf(store, measured, (columns) => columns.duration(of));
  const sorted = sortNumbers(known(values.slice()));
  let firstAbove = 0;
  while (firstAbove < sorted.length && !(sorted[firstAbove]! > 0)) firstAbove++;
  const bins = logBins(sorted[firstAbove] ?? 0, sorted.at(-1) ?? 0, BINS);
  const counts = new Uint32Array(bins.length);
  const failed = new Uint32Array(bins.length);
  for (let at = 0; at < values.length; at++) {
    if (at % ROWS_A_STEP === ROWS_A_STEP - 1) interlude();
    const value = values[at]!;
    if (!(value > 0)) continue;
    const bin = binOf(bins, value);
    counts[bin]!++;
    if (facts.isFailure(measured[at]!)) failed[bin]!++;
  }
  return {
    chart: "latency",
    of,
    bins,
    counts,
    failed,
    count: sorted.length,
    unknown: values.length - sorted.length,
    below: firstAbove,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
    mean: meanOf(sorted),
    quantiles: QUANTILES.map((p) => ({
      p,
      value: quantileSorted(sorted, p),
      interval: quantileInterval(sorted, p),
    })),
  };
}
