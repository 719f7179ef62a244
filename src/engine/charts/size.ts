/** A duration against the size of what was received. */
import { leastSquares, pearson, ranks, spearmanInterval } from "../../model/statistics/correlation";
import type { Measure, SizeData } from "../../protocol/charts";
import { columnOf } from "../row-slices";
import { sortByKeys } from "../sort";
import type { Chosen } from "./chosen";
import { binOf, logBins } from "./log-bins";

/** More points than this hide each other: then their density is shown. */
const MOST_POINTS = 1_500;
const COLUMNS = 60;
const ROWS = 40;

export function sizeOf({ store, facts, measured }: Chosen, of: Measure): SizeData {
  const durations = columnOf(store, measured, (columns) => columns.duration(of));
  const sizes = columnOf(store, measured, (columns) => columns.shared("bytes"));
  const bytes = new Float64Array(measured.length);
  const micros = new Float64Array(measured.length);
  const rows = new Uint32Array(measured.length);
  let count = 0;
  for (let at = 0; at < measured.length; at++) {
    const size = sizes[at]!;
    if (!(size > 0 && durations[at]! > 0)) continue;
    bytes[count] = size;
    micros[count] = durations[at]!;
    rows[count++] = measured[at]!;
  }
  const x = bytes.subarray(0, count);
  const y = micros.subarray(0, count);
  const index = rows.subarray(0, count);
  const [minBytes, maxBytes] = range(x);
  const [min, max] = range(y);
  const spearman = pearson(ranks(x, ascending(x)), ranks(y, ascending(y)));
  const few = count <= MOST_POINTS;
  return {
    chart: "size",
    of,
    count,
    unknown: measured.length - count,
    fit: leastSquares(x, y),
    pearson: pearson(x, y),
    spearman,
    interval: spearmanInterval(spearman, count),
    ...{ minBytes, maxBytes, min, max },
    points: few
      ? {
          bytes: x.slice(),
          micros: y.slice(),
          failed: Uint8Array.from(index, (row) => (facts.isFailure(row) ? 1 : 0)),
          index: index.slice(),
        }
      : null,
    grid: few ? null : gridOf(x, y, [minBytes, maxBytes], [min, max]),
  };
}

function gridOf(
  x: Float64Array,
  y: Float64Array,
  [minX, maxX]: readonly [number, number],
  [minY, maxY]: readonly [number, number],
): SizeData["grid"] {
  const columns = logBins(minX, maxX, COLUMNS);
  const rows = logBins(minY, maxY, ROWS);
  const counts = new Uint32Array(columns.length * rows.length);
  for (let at = 0; at < x.length; at++) counts[binOf(columns, x[at]!) * rows.length + binOf(rows, y[at]!)]!++;
  return { columns, rows, counts };
}

function ascending(values: Float64Array): Uint32Array {
  const places = new Uint32Array(values.length);
  for (let at = 0; at < places.length; at++) places[at] = at;
  return sortByKeys(places, values, false);
}

function range(values: Float64Array): [min: number, max: number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return values.length ? [min, max] : [Number.NaN, Number.NaN];
}
