/** How a duration is distributed over time: counts in columns of time and logarithmic bins. */
import type { HeatData, Measure } from "../../protocol/charts";
import { columnOf } from "../row-slices";
import { interlude, ROWS_A_STEP } from "../steps";
import type { Chosen } from "./chosen";
import { Columns } from "./columns";
import { binOf, logBins } from "./log-bins";

const BINS = 40;

export function heatOf(chosen: Chosen, of: Measure, wanted: number): HeatData {
  const { store, facts, axis, measured } = chosen;
  const values = columnOf(store, measured, (columns) => columns.duration(of));
  const starts = columnOf(store, measured, (columns) => columns.starts(axis).map((start) => start - store.base));
  const columns = Columns.over(starts, wanted);
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  let count = 0;
  let below = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    if (value <= 0) below++;
    else {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  const bins = logBins(min, max, BINS);
  const counts = new Uint32Array(columns.length * bins.length);
  const failed = new Uint32Array(columns.length * bins.length);
  const failures = new Uint32Array(columns.length);
  for (let at = 0; at < values.length; at++) {
    if (at % ROWS_A_STEP === ROWS_A_STEP - 1) interlude();
    const column = columns.at(starts[at]!);
    if (column < 0) continue;
    const isFailure = facts.isFailure(measured[at]!);
    if (isFailure) failures[column]!++;
    const value = values[at]!;
    if (!(value > 0)) continue;
    const cell = column * bins.length + binOf(bins, value);
    counts[cell]!++;
    if (isFailure) failed[cell]!++;
  }
  return {
    chart: "heat",
    of,
    from: columns.from,
    to: columns.to,
    columns: columns.length,
    bins,
    counts,
    failed,
    failures,
    count,
    unknown: values.length - count,
    below,
  };
}
