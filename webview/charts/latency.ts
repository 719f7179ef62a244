/** The distribution of a duration: counts on a logarithmic axis, with p50, p95 and p99. */
import type { LatencyData } from "../../src/protocol/charts";
import { count, duration } from "../words/numbers";
import { BOTTOM, countAxis, edgeOf, frame, logAxis, marginFor, roundDuration, TOP } from "./axes";
import { type Chart, type Context, requests, SYMBOLS } from "./chart";
import { type Box, type Figure, label, line, type Mark, rect, type Shape, type Table, textWidth } from "./figure";

const PLOT = 190;
/** The names of the quantiles stand above the plot. */
const NAMES = 34;
const FEWEST = 5;

export const latencyChart: Chart<LatencyData> = {
  empty: ({ of, count: n }) =>
    n === 0
      ? `No request here has ${SYMBOLS[of]}.`
      : n < FEWEST
        ? `${requests(n, count(n))} here ${n === 1 ? "has" : "have"} ${SYMBOLS[of]}: a distribution needs at least ${FEWEST}.`
        : null,
  layout,
  table,
};

function layout(data: LatencyData, { width }: Context): Figure {
  const { bins, counts, failed } = data;
  const top = TOP + NAMES;
  const y = countAxis(Math.max(1, ...counts), [top + PLOT, top], 4);
  const margin = marginFor(y.ticks);
  const plot: Box = { x: margin, y: top, width: width - margin - 12, height: PLOT };
  const ends = [edgeOf(bins, 0), edgeOf(bins, bins.length)] as const;
  const x = logAxis(ends, [plot.x, plot.x + plot.width], Math.max(3, Math.floor(plot.width / 55)), roundDuration);
  const shapes: Shape[] = frame(plot, x, y, { y: "requests", x: `${SYMBOLS[data.of]}, logarithmic` });
  const marks: Mark[] = [];
  for (let bin = 0; bin < bins.length; bin++) {
    const [left, right] = [x.scale(edgeOf(bins, bin)), x.scale(edgeOf(bins, bin + 1))];
    const slot: Box = { x: left, y: plot.y, width: right - left, height: PLOT };
    if (counts[bin]! === 0) continue;
    // Whoever is alone must still be seen.
    const height = (n: number) => (n === 0 ? 0 : Math.max(1.5, plot.y + PLOT - y.scale(n)));
    const bar = (n: number): Box => ({
      ...slot,
      x: left + 0.5,
      width: right - left - 1,
      y: plot.y + PLOT - height(n),
      height: height(n),
    });
    shapes.push(rect(bar(counts[bin]!), "bar"));
    if (failed[bin]!) shapes.push(rect(bar(failed[bin]!), "failed"));
    marks.push({ ...slot, words: binWords(data, bin) });
  }
  quantileLines(data, x.scale, plot, shapes);
  return { width, height: top + PLOT + BOTTOM, shapes, marks, summary: summary(data) };
}

/** Each with its interval as a bar; names that would touch stand on three lines. */
function quantileLines({ quantiles }: LatencyData, x: (v: number) => number, plot: Box, shapes: Shape[]): void {
  const taken: { line: number; to: number }[] = [];
  for (const { p, value, interval } of quantiles) {
    if (!(value > 0)) continue;
    const at = x(value);
    if (interval && interval[0] > 0) {
      const [from, to] = interval.map((edge) => Math.min(plot.x + plot.width, Math.max(plot.x, x(edge))));
      shapes.push(
        rect({ x: from!, y: plot.y, width: to! - from!, height: plot.height }, "peak", { "fill-opacity": 0.1 }),
      );
    }
    const words = `p${p * 100} ${duration(value)}`;
    const width = textWidth(words);
    const left = Math.min(Math.max(plot.x, at - width / 2), plot.x + plot.width - width);
    const row = [2, 1, 0].find((row) => !taken.some((other) => other.line === row && other.to + 6 > left)) ?? 0;
    taken.push({ line: row, to: left + width });
    const y = plot.y - 6 - (2 - row) * 13;
    shapes.push(
      line(at, y + 3, at, plot.y + plot.height, "peak", { "stroke-width": 1.5, "stroke-dasharray": "4 2" }),
      label(left, y, words, "start", "strong"),
    );
  }
}

function binWords({ bins, counts, failed }: LatencyData, bin: number): string {
  const n = counts[bin]!;
  const errors = failed[bin]! ? `, ${count(failed[bin]!)} failed` : "";
  return `${roundEdge(bins, bin)} to ${roundEdge(bins, bin + 1)}: ${requests(n, count(n))}${errors}`;
}

const roundEdge = (bins: LatencyData["bins"], edge: number): string => duration(edgeOf(bins, edge));

function summary(data: LatencyData): string {
  const quantiles = data.quantiles.map(({ p, value }) => `p${p * 100} ${duration(value)}`).join(", ");
  const left = [
    data.unknown ? `${count(data.unknown)} without ${SYMBOLS[data.of]}` : "",
    data.below ? `${count(data.below)} of 0 or less not drawn` : "",
  ].filter(Boolean);
  return `${SYMBOLS[data.of]} of ${requests(data.count, count(data.count))}: mean ${duration(data.mean)}, ${quantiles}, ${duration(data.min)} to ${duration(data.max)}${left.length ? `; ${left.join(", ")}` : ""}`;
}

function table(data: LatencyData): Table {
  const rows = data.quantiles.map(({ p, value, interval }) => [
    `p${p * 100}`,
    duration(value),
    interval
      ? `95 % between ${duration(interval[0])} and ${duration(interval[1])}`
      : "too few requests for an interval",
    "",
  ]);
  const bins = [...data.counts.keys()]
    .filter((bin) => data.counts[bin]! > 0)
    .map((bin) => [
      roundEdge(data.bins, bin),
      roundEdge(data.bins, bin + 1),
      count(data.counts[bin]!),
      count(data.failed[bin]!),
    ]);
  return { head: ["From", "To", "Requests", "Failed"], rows: [...rows, ...bins] };
}
