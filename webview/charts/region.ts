/** A region of the heat map as what the waterfall understands: a span of time and terms of the filter. */
import type { HeatData } from "../../src/protocol/charts";
import type { TimeSpan } from "../time/scale";
import { edgeOf } from "./axes";
import { FILTER_KEYS } from "./chart";
import type { Box } from "./figure";

/** Cells, first and last of both directions included. */
export interface Region {
  columns: [first: number, last: number];
  bins: [first: number, last: number];
}

/** The cells that a rectangle in the picture touches; null where it touches none. */
export function regionIn(
  data: HeatData,
  plot: Box,
  [[x0, y0], [x1, y1]]: [[number, number], [number, number]],
): Region | null {
  const column = (x: number) => ((x - plot.x) / plot.width) * data.columns;
  const bin = (y: number) => ((plot.y + plot.height - y) / plot.height) * data.bins.length;
  const within = (from: number, to: number, length: number): [number, number] | null => {
    const [first, last] = [Math.max(0, Math.floor(from + 0.01)), Math.min(length - 1, Math.ceil(to - 0.01) - 1)];
    return first <= last ? [first, last] : null;
  };
  const columns = within(column(x0), column(x1), data.columns);
  const bins = within(bin(y1), bin(y0), data.bins.length);
  return columns && bins && { columns, bins };
}

/** Where a region lies in the picture. */
export function regionBox(data: HeatData, plot: Box, { columns, bins }: Region): Box {
  const [width, height] = [plot.width / data.columns, plot.height / data.bins.length];
  return {
    x: plot.x + columns[0] * width,
    y: plot.y + plot.height - (bins[1] + 1) * height,
    width: (columns[1] - columns[0] + 1) * width,
    height: (bins[1] - bins[0] + 1) * height,
  };
}

export function requestsIn({ bins, counts }: HeatData, region: Region): number {
  let sum = 0;
  for (let column = region.columns[0]; column <= region.columns[1]; column++)
    for (let bin = region.bins[0]; bin <= region.bins[1]; bin++) sum += counts[column * bins.length + bin]!;
  return sum;
}

/** µs relative to base. */
export function spanIn({ from, to, columns: all }: HeatData, { columns }: Region): TimeSpan {
  const width = (to - from) / all;
  return [from + columns[0] * width, from + (columns[1] + 1) * width];
}

/** Lowest and highest duration of a region, µs. */
export const levelsIn = ({ bins: all }: HeatData, { bins }: Region): [number, number] => [
  edgeOf(all, bins[0]),
  edgeOf(all, bins[1] + 1),
];

/** The filter with terms for a region's durations in place of those that it has for them. */
export function filterFor(filter: string, data: HeatData, region: Region): string {
  const key = FILTER_KEYS[data.of];
  const rest = filter.split(/("[^"]*"|\s+)/).filter((part) => part.trim() !== "");
  const kept = joined(rest).filter((term) => !new RegExp(`^${key}:[<>]=?`).test(term));
  const [low, high] = levelsIn(data, region);
  return [...kept, `${key}:>=${written(Math.floor(low))}`, `${key}:<${written(Math.ceil(high))}`].join(" ");
}

/** Pieces that were cut at quotation marks, put together again: `path:` and `"/a b"` are one term. */
function joined(pieces: readonly string[]): string[] {
  const terms: string[] = [];
  for (const piece of pieces) {
    const last = terms.at(-1);
    if (piece.startsWith('"') && last?.endsWith(":")) terms[terms.length - 1] = last + piece;
    else terms.push(piece);
  }
  return terms;
}

/** Whole µs, in the largest unit that has no more than three decimals. */
function written(micros: number): string {
  if (micros >= 1e6 && micros % 1e3 === 0) return `${micros / 1e6}s`;
  if (micros >= 1e3) return `${micros / 1e3}ms`;
  return `${micros}us`;
}
