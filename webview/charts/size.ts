/** A duration against the size of what was received: points, or how dense they lie; the fit; how they go together. */
import type { SizeData } from "../../src/protocol/charts";
import { bytes, count, duration } from "../words/numbers";
import { type Axis, BOTTOM, edgeOf, frame, logAxis, marginFor, roundBytes, roundDuration, TOP } from "./axes";
import { type Chart, type Context, requests, SYMBOLS } from "./chart";
import { type Box, dot, type Figure, label, type Mark, path, polyline, rect, type Shape, type Table } from "./figure";

const PLOT = 220;
const FEWEST = 3;
const CURVE_STEPS = 60;

export const sizeChart: Chart<SizeData> = {
  empty: ({ of, count: n, minBytes, maxBytes }) =>
    n < FEWEST
      ? `${n === 0 ? "No request here has" : `Only ${requests(n, count(n))} here ${n === 1 ? "has" : "have"}`} both a size and ${SYMBOLS[of]}; at least ${FEWEST} are needed.`
      : minBytes === maxBytes
        ? `All ${count(n)} requests here have the same size, ${bytes(minBytes)}: there is nothing to compare.`
        : null,
  layout,
  table,
};

function layout(data: SizeData, { width }: Context): Figure {
  const y = logAxis(around(data.min, data.max, data.grid?.rows), [TOP + PLOT, TOP], 7, roundDuration);
  const margin = marginFor(y.ticks);
  const plot: Box = { x: margin, y: TOP, width: width - margin - 12, height: PLOT };
  const domain = around(data.minBytes, data.maxBytes, data.grid?.columns);
  const x = logAxis(domain, [plot.x, plot.x + plot.width], Math.max(3, Math.floor(plot.width / 55)), roundBytes);
  const shapes: Shape[] = frame(plot, x, y, { y: SYMBOLS[data.of], x: "size received, logarithmic" });
  const marks: Mark[] = [];
  if (data.points) points(data.points, x, y, shapes, marks);
  if (data.grid) density(data.grid, x, y, shapes, marks);
  const curve = fitCurve(data, x, y, plot, domain);
  if (curve) shapes.push(path(curve, { stroke: "peak" }, { fill: "none", "stroke-width": 1.8 }));
  if (data.fit) shapes.push(label(plot.x + plot.width, 12, fitWords(data.fit), "end", "strong"));
  return { width, height: TOP + PLOT + BOTTOM, shapes, marks, summary: summary(data) };
}

/** A logarithmic domain with air around it; of a grid, its edges. */
function around(min: number, max: number, grid?: NonNullable<SizeData["grid"]>["rows"]): [number, number] {
  if (grid) return [edgeOf(grid, 0), edgeOf(grid, grid.length)];
  return [min / 1.15, max * 1.15];
}

function points(all: NonNullable<SizeData["points"]>, x: Axis, y: Axis, shapes: Shape[], marks: Mark[]): void {
  const order = [...all.bytes.keys()].sort((a, b) => all.bytes[a]! - all.bytes[b]!);
  for (const at of order) {
    const [px, py] = [x.scale(all.bytes[at]!), y.scale(all.micros[at]!)];
    const failed = all.failed[at] === 1;
    shapes.push(dot(px, py, 2.2, { fill: failed ? "failed" : "bar" }, { "fill-opacity": failed ? 0.9 : 0.6 }));
    marks.push({
      ...{ x: px - 3, y: py - 3, width: 6, height: 6 },
      words: `${bytes(all.bytes[at]!)}: ${duration(all.micros[at]!)}${failed ? ", failed" : ""}`,
      request: all.index[at]!,
    });
  }
}

function density(grid: NonNullable<SizeData["grid"]>, x: Axis, y: Axis, shapes: Shape[], marks: Mark[]): void {
  const { columns, rows, counts } = grid;
  const most = Math.max(1, ...counts);
  for (let column = 0; column < columns.length; column++)
    for (let row = 0; row < rows.length; row++) {
      const n = counts[column * rows.length + row]!;
      if (n === 0) continue;
      const [left, right] = [x.scale(edgeOf(columns, column)), x.scale(edgeOf(columns, column + 1))];
      const [bottom, top] = [y.scale(edgeOf(rows, row)), y.scale(edgeOf(rows, row + 1))];
      const box: Box = { x: left, y: top, width: right - left - 0.5, height: bottom - top - 0.5 };
      const opacity = Math.round((0.15 + (0.85 * Math.log1p(n - 1)) / Math.log1p(Math.max(1, most - 1))) * 100) / 100;
      shapes.push(rect(box, "bar", { "fill-opacity": opacity }));
      marks.push({
        ...box,
        words: `${bytes(Math.round(edgeOf(columns, column)))} to ${bytes(Math.round(edgeOf(columns, column + 1)))}, ${duration(edgeOf(rows, row))} to ${duration(edgeOf(rows, row + 1))}: ${requests(n, count(n))}`,
      });
    }
}

/** A line in µs and bytes is a curve on logarithmic axes. */
function fitCurve({ fit }: SizeData, x: Axis, y: Axis, plot: Box, [from, to]: readonly [number, number]): string {
  if (!fit) return "";
  const ends: (readonly [number, number])[] = [];
  for (let step = 0; step <= CURVE_STEPS; step++) {
    const size = from * (to / from) ** (step / CURVE_STEPS);
    const at = y.scale(Math.max(Number.MIN_VALUE, fit.intercept + fit.slope * size));
    if (at >= plot.y && at <= plot.y + plot.height) ends.push([x.scale(size), at]);
  }
  return polyline(ends);
}

function fitWords({ slope, intercept }: NonNullable<SizeData["fit"]>): string {
  const perKilobyte = duration(Math.abs(slope) * 1_000);
  return `${duration(intercept)} ${slope < 0 ? "−" : "+"} ${perKilobyte} per kB`;
}

/** Of a rank correlation; what its interval does not carry is not said. */
function strengthWords({ spearman, interval, count: n }: SizeData): string {
  if (Number.isNaN(spearman)) return "no correlation can be computed";
  const size = Math.abs(spearman);
  if (interval && interval[0] <= 0 && interval[1] >= 0) return "size and duration are not shown to go together";
  if (!interval && size < 1) return `too few requests (${count(n)}) to say how they go together`;
  if (size < 0.2) return "size and duration hardly go together";
  const word = size < 0.4 ? "weakly" : size < 0.7 ? "clearly" : "closely";
  return `larger ones take ${spearman > 0 ? "longer" : "less time"}, ${word} related`;
}

const coefficient = (value: number): string => (Number.isNaN(value) ? "–" : value.toFixed(2).replace("-", "−"));

function summary(data: SizeData): string {
  const range = data.interval ? ` (95 % ${coefficient(data.interval[0])} to ${coefficient(data.interval[1])})` : "";
  const left = data.unknown ? `; ${count(data.unknown)} without size or ${SYMBOLS[data.of]} left out` : "";
  return `${requests(data.count, count(data.count))}: ${strengthWords(data)}. Spearman ${coefficient(data.spearman)}${range}, Pearson ${coefficient(data.pearson)}${data.fit ? `; least squares ${fitWords(data.fit)}` : ""}${left}`;
}

function table(data: SizeData): Table {
  if (data.points) {
    const { bytes: sizes, micros, failed } = data.points;
    const order = [...sizes.keys()].sort((a, b) => sizes[a]! - sizes[b]!);
    return {
      head: ["Size", SYMBOLS[data.of], "Failed"],
      rows: order.map((at) => [bytes(sizes[at]!), duration(micros[at]!), failed[at] ? "failed" : ""]),
    };
  }
  const { columns, rows, counts } = data.grid!;
  const cells = [...counts.keys()].filter((at) => counts[at]! > 0);
  return {
    head: ["Size from", "to", `${SYMBOLS[data.of]} from`, "to", "Requests"],
    rows: cells.map((at) => {
      const [column, row] = [Math.floor(at / rows.length), at % rows.length];
      return [
        bytes(Math.round(edgeOf(columns, column))),
        bytes(Math.round(edgeOf(columns, column + 1))),
        duration(edgeOf(rows, row)),
        duration(edgeOf(rows, row + 1)),
        count(counts[at]!),
      ];
    }),
  };
}
