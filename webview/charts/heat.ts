/** A duration over time as a heat map: how many requests there were in a cell is how strong its colour is. */
import { wallMicros } from "../../src/model/wall-clock";
import type { HeatData } from "../../src/protocol/charts";
import { count, duration } from "../words/numbers";
import { BOTTOM, clockAxis, clockLabel, edgeOf, frame, logAxis, marginFor, roundDuration, TOP } from "./axes";
import { type Chart, type Context, requests, SYMBOLS, zoneName } from "./chart";
import { type Box, type Figure, label, type Mark, rect, type Shape, type Table } from "./figure";

const PLOT = 220;
/** The strip of failures above the plot. */
const STRIP = 7;
const FAINTEST = 0.14;
const KEY = 5;

export const heatChart: Chart<HeatData> = {
  empty: ({ of, count: n, columns }) =>
    n === 0
      ? `No request here has ${SYMBOLS[of]}.`
      : columns < 2
        ? "All requests began at the same moment: there is no time to see them over."
        : null,
  layout,
  table,
};

/** Wall clock of a column's edge, µs. */
const wallAt = ({ from, to, columns }: HeatData, column: number, { base, zone }: Context): number =>
  wallMicros(base + from + (column * (to - from)) / columns, zone);

function layout(data: HeatData, context: Context): Figure {
  const { bins, columns, counts, failed, failures } = data;
  const top = TOP + STRIP + 4;
  const ends = [edgeOf(bins, 0), edgeOf(bins, bins.length)] as const;
  const y = logAxis(ends, [top + PLOT, top], 7, roundDuration);
  const margin = marginFor(y.ticks);
  const plot: Box = { x: margin, y: top, width: context.width - margin - 12, height: PLOT };
  const right = plot.x + plot.width;
  const x = clockAxis([wallAt(data, 0, context), wallAt(data, columns, context)], [plot.x, right], plot.width / 70);
  const most = Math.max(1, ...counts);
  const mostFailures = Math.max(1, ...failures);
  const shapes: Shape[] = [];
  const marks: Mark[] = [];
  const width = plot.width / columns;
  const height = PLOT / bins.length;
  for (let column = 0; column < columns; column++) {
    if (failures[column])
      shapes.push(
        rect(
          { x: plot.x + column * width, y: top - STRIP - 2, width: Math.max(2, width - 0.5), height: STRIP },
          "failed",
          { "fill-opacity": strength(failures[column]!, mostFailures) },
        ),
      );
    for (let bin = 0; bin < bins.length; bin++) {
      const at = column * bins.length + bin;
      const cell: Box = { x: plot.x + column * width, y: top + PLOT - (bin + 1) * height, width, height };
      marks.push({ ...cell, words: cellWords(data, column, bin, context) });
      if (!counts[at]) continue;
      shapes.push(
        rect({ ...cell, width: Math.max(1, width - 0.5), height: height - 0.5 }, "bar", {
          "fill-opacity": strength(counts[at]!, most),
        }),
      );
      if (failed[at]) {
        const size = Math.min(4, width, height);
        shapes.push(
          rect(
            { x: cell.x + (width - size) / 2, y: cell.y + (height - size) / 2, width: size, height: size },
            "failed",
          ),
        );
      }
    }
  }
  // The grid would hide the faintest cells if it were above them.
  shapes.unshift(...frame(plot, x, y, { y: SYMBOLS[data.of], x: zoneName(context.zone) }));
  key(shapes, most, failures.some(Boolean), right);
  return {
    width: context.width,
    height: top + PLOT + BOTTOM,
    shapes,
    marks,
    rows: bins.length,
    plot,
    summary: summary(data),
  };
}

/** Logarithmic: a single slow request is what one looks for. */
const strength = (n: number, most: number): number =>
  Math.round((FAINTEST + ((1 - FAINTEST) * Math.log1p(n - 1)) / Math.log1p(Math.max(1, most - 1))) * 100) / 100;

function key(shapes: Shape[], most: number, anyFailed: boolean, right: number): void {
  const size = 12;
  const text = `${count(most)} requests`;
  const left = right - KEY * size - 6 - text.length * 6.1;
  shapes.push(label(left - 6, 13, "1", "end"));
  for (let step = 0; step < KEY; step++) {
    const n = Math.round(most ** (step / (KEY - 1)));
    shapes.push(
      rect({ x: left + step * size, y: 4, width: size - 1, height: 9 }, "bar", { "fill-opacity": strength(n, most) }),
    );
  }
  shapes.push(label(left + KEY * size + 5, 13, text));
  // Of the strip, too: a column's failures.
  if (!anyFailed) return;
  const failed = left - 70;
  shapes.push(rect({ x: failed, y: 6, width: 4, height: 4 }, "failed"), label(failed + 9, 13, "failed"));
}

function cellWords(data: HeatData, column: number, bin: number, context: Context): string {
  const at = column * data.bins.length + bin;
  const n = data.counts[at]!;
  const errors = data.failed[at]! ? `, ${count(data.failed[at]!)} failed` : "";
  return `${columnWords(data, column, context)}, ${duration(edgeOf(data.bins, bin))} to ${duration(edgeOf(data.bins, bin + 1))}: ${requests(n, count(n))}${errors}`;
}

function columnWords(data: HeatData, column: number, context: Context): string {
  const step = Math.min(60e6, (data.to - data.from) / data.columns);
  return clockLabel(wallAt(data, column, context), step);
}

function summary(data: HeatData): string {
  const failures = data.failures.reduce((sum, n) => sum + n, 0);
  return `${SYMBOLS[data.of]} of ${requests(data.count, count(data.count))} over time${failures ? `, ${count(failures)} failed` : ""}${data.unknown ? `; ${count(data.unknown)} without ${SYMBOLS[data.of]}` : ""}`;
}

/** A row for each cell that is not empty. */
function table(data: HeatData, context: Context): Table {
  const rows: string[][] = [];
  for (let column = 0; column < data.columns; column++)
    for (let bin = 0; bin < data.bins.length; bin++) {
      const at = column * data.bins.length + bin;
      if (data.counts[at])
        rows.push([
          columnWords(data, column, context),
          duration(edgeOf(data.bins, bin)),
          duration(edgeOf(data.bins, bin + 1)),
          count(data.counts[at]!),
          count(data.failed[at]!),
        ]);
    }
  return { head: ["From", `${SYMBOLS[data.of]} from`, "to", "Requests", "Failed"], rows };
}
