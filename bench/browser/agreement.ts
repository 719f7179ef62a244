/**
 * For how many of a page's objects two series of measurements agree. Three readings of "within the spread": the medians are no
 * further apart than the smaller of the two interquartile ranges, than the larger, and than both combined, the root of the sum
 * of their squares: the spread of a difference of two independent values.
 */
import { grouped } from "../../src/model/grouped";
import { quantileSorted } from "../../src/model/statistics/quantile";

export interface Value {
  path: string;
  /** ms. */
  value: number;
}

export const quantilesOf = (values: readonly number[]): number[] => {
  const sorted = Float64Array.from(values).sort();
  return [0.25, 0.5, 0.75].map((q) => quantileSorted(sorted, q));
};

export const AGREEMENT_HEAD = [
  "| of each object | pair | objects | values each | smaller | larger | combined | medians apart, ms | smaller range, ms |",
  "|---|---|---:|---:|---:|---:|---:|---|---|",
].join("\n");

/** A line of a table: by reading, how many objects agree; quartiles over the objects of the distance and of the smaller range. */
export function agreement(what: string, pair: string, first: readonly Value[], second: readonly Value[]): string {
  const others = grouped(second, ({ path }) => path);
  const objects = [...grouped(first, ({ path }) => path)].flatMap(([path, own]) => {
    const other = others.get(path);
    return other ? [compared(own, other)] : [];
  });
  const agree = (bound: (ranges: number[]) => number): number =>
    objects.filter(({ apart, ranges }) => apart <= bound(ranges)).length;
  const quartiles = (values: number[]): string =>
    quantilesOf(values)
      .map((value) => value.toFixed(2))
      .join(", ");
  const columns = [
    what,
    pair,
    objects.length,
    Math.min(...objects.map(({ count }) => count)),
    agree((ranges) => Math.min(...ranges)),
    agree((ranges) => Math.max(...ranges)),
    agree((ranges) => Math.hypot(...ranges)),
    quartiles(objects.map(({ apart }) => apart)),
    quartiles(objects.map(({ ranges }) => Math.min(...ranges))),
  ];
  return `| ${columns.join(" | ")} |`;
}

function compared(...pair: [readonly Value[], readonly Value[]]): { count: number; apart: number; ranges: number[] } {
  const [first, second] = pair.map((own) => quantilesOf(own.map(({ value }) => value)));
  return {
    count: Math.min(...pair.map((own) => own.length)),
    apart: Math.abs(first![1]! - second![1]!),
    ranges: [first!, second!].map(([low, , high]) => high! - low!),
  };
}
