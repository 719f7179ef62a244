/**
 * R C and R S over the time of the day, a panel for each series: means of the slots as lines, single requests as dots,
 * peaks as rings.
 */
import { wallMicros } from "../../src/model/wall-clock";
import type { DayData, DaySeries, Level } from "../../src/protocol/charts";
import { count, duration } from "../words/numbers";
import { type Axis, BOTTOM, clockAxis, clockLabel, durationAxis, frame, marginFor, roundDuration, TOP } from "./axes";
import { type Chart, type Context, requests, zoneName } from "./chart";
import {
  type Box,
  dot,
  elided,
  type Figure,
  label,
  line,
  type Mark,
  path,
  polyline,
  type Shape,
  type Table,
  textWidth,
} from "./figure";

const LEGEND = 22;
const HEAD = 36;
const PLOT = 150;
const GAP = 28;
const NARROWEST = 280;
/** Of a single panel. */
const TALL = 260;
/** A peak further above what is kept would flatten the lines: it stands at the upper edge, with an arrow. */
const HIGHEST = 3;
/** Rings that get a label; more would hide the lines. */
const LABELLED = 2;

export const dayChart: Chart<DayData> = {
  empty: ({ series }) =>
    series.every(({ clientResponse, serverResponse }) => !clientResponse.all && !serverResponse.all)
      ? "No request here has a response time: neither R C nor R S is known."
      : null,
  layout,
  table,
};

function layout(data: DayData, context: Context): Figure {
  const { series } = data;
  const columns = Math.max(1, Math.min(series.length, 3, Math.floor((context.width + GAP) / (NARROWEST + GAP))));
  const width = (context.width - GAP * (columns - 1)) / columns;
  const plot = series.length === 1 ? TALL : PLOT;
  const cell = HEAD + TOP + plot + BOTTOM;
  const shapes: Shape[] = [];
  const marks: Mark[] = [];
  legend(shapes, data, context.width);
  series.forEach((one, at) => {
    const box = { x: (at % columns) * (width + GAP), y: LEGEND + Math.floor(at / columns) * cell, width, height: cell };
    panel(one, data, box, plot, context, shapes, marks);
  });
  return {
    width: context.width,
    height: LEGEND + Math.ceil(series.length / columns) * cell,
    shapes,
    marks,
    summary: summary(data),
  };
}

function legend(shapes: Shape[], data: DayData, width: number): void {
  const entries: [words: string, draw: (x: number) => Shape[]][] = [
    ["R C, mean of the slot", (x) => [line(x, 8, x + 16, 8, "client", { "stroke-width": 1.8 })]],
    ["R S", (x) => [line(x, 8, x + 16, 8, "server", { "stroke-width": 1.8 })]],
    ["a request", (x) => [dot(x + 8, 8, 2, { fill: "client" }, { "fill-opacity": 0.55 })]],
    ["peak, not in the mean", (x) => [dot(x + 8, 8, 4, { stroke: "peak" }, { fill: "none", "stroke-width": 1.6 })]],
  ];
  let x = 0;
  for (const [words, draw] of entries) {
    if (x + 24 + textWidth(words) > width) break;
    shapes.push(...draw(x), label(x + 22, 12, words));
    x += 22 + textWidth(words) + 18;
  }
  if (data.of > data.series.length) {
    const more = `the ${data.series.length} most frequent of ${count(data.of)}`;
    if (x + textWidth(more) < width) shapes.push(label(width, 12, more, "end"));
  }
}

/** On the axis's clock: µs since midnight, or of the wall clock's 1970. */
const axisTime = (at: number, { over }: DayData, { base, zone }: Context): number =>
  over === "day" ? at : wallMicros(base + at, zone);

function panel(
  one: DaySeries,
  data: DayData,
  box: Box,
  height: number,
  context: Context,
  shapes: Shape[],
  marks: Mark[],
): void {
  const { clientResponse: c, serverResponse: s, points } = one;
  const most = Math.max(c.all?.max ?? 0, s.all?.max ?? 0);
  const kept = Math.max(c.kept?.max ?? 0, s.kept?.max ?? 0);
  const top = box.y + HEAD + TOP;
  const y = durationAxis(Math.min(most, kept * HIGHEST || most), [top + height, top], 4);
  const margin = Math.max(44, marginFor(y.ticks));
  const plot: Box = { x: box.x + margin, y: top, width: box.width - margin - 8, height };
  const x = timeAxis(data, context, plot);
  const time = (at: number) => x.scale(axisTime(at, data, context));
  const title = { "font-weight": 600 };
  shapes.push(
    label(box.x, box.y + 14, elided(one.key, box.width), "start", "strong", title),
    label(box.x, box.y + 30, elided(panelWords(one), box.width)),
    ...frame(plot, x, y),
  );
  if (!points.whole) band(one, data, time, y, shapes);
  singles(one, time, y, plot, shapes);
  for (const side of ["server", "client"] as const) {
    const means = [...one[side].mean].map((value, slot) => [middle(data, slot, time), y.scale(value)] as const);
    const known = means.filter(([, at]) => !Number.isNaN(at));
    shapes.push(
      path(polyline(known), { stroke: side }, { fill: "none", "stroke-width": 1.8, "stroke-linejoin": "round" }),
    );
    // A line of one slot is a point.
    if (known.length === 1) shapes.push(dot(known[0]![0], known[0]![1], 2.5, { fill: side }));
  }
  peaks(one, data, context, time, y, plot, shapes, marks);
  for (let slot = 0; slot < data.slots.length; slot++) {
    if (one.requests[slot] === 0) continue;
    const at = middle(data, slot, time);
    const half = Math.max(4, (time(data.slots[slot]! + data.width) - time(data.slots[slot]!)) / 2);
    marks.push({ x: at - half, y: plot.y, width: half * 2, height, words: slotWords(one, data, slot, context) });
  }
}

function timeAxis(data: DayData, context: Context, plot: Box): Axis {
  const first = axisTime(data.slots[0] ?? 0, data, context);
  const last = axisTime((data.slots.at(-1) ?? 0) + data.width, data, context);
  return clockAxis([first, last], [plot.x, plot.x + plot.width], Math.max(2, Math.floor(plot.width / 62)));
}

/** Where a slot's mean is drawn: a schedule's slot is a moment, an equal slot a length. */
const middle = (data: DayData, slot: number, time: (at: number) => number): number =>
  time(data.slots[slot]! + (data.scheduled ? 0 : data.width / 2));

function band(one: DaySeries, data: DayData, time: (at: number) => number, y: Axis, shapes: Shape[]): void {
  const known = [...one.client.mean.keys()].filter((slot) => !Number.isNaN(one.client.mean[slot]!));
  const edge = (of: Float64Array) => known.map((slot) => [middle(data, slot, time), y.scale(of[slot]!)] as const);
  const around = polyline([...edge(one.client.max), ...edge(one.client.min).reverse()]);
  if (around) shapes.push(path(`${around}Z`, { fill: "client" }, { "fill-opacity": 0.12 }));
}

function singles({ points }: DaySeries, time: (at: number) => number, y: Axis, plot: Box, shapes: Shape[]): void {
  if (!points.whole) return;
  for (const side of ["server", "client"] as const)
    points[side].forEach((value, at) => {
      // Of a peak's other side, what has no place in the plot is left to the arrow.
      if (!(y.scale(value) >= plot.y) || (side === "client" && points.peak[at])) return;
      shapes.push(dot(time(points.at[at]!), y.scale(value), 2, { fill: side }, { "fill-opacity": 0.55 }));
    });
}

/** Their marks come before those of the slots that they lie in, so that they can be pointed at. */
function peaks(
  { key, points }: DaySeries,
  data: DayData,
  context: Context,
  time: (at: number) => number,
  y: Axis,
  plot: Box,
  shapes: Shape[],
  marks: Mark[],
): void {
  const value = (at: number): number => (Number.isNaN(points.client[at]!) ? points.server[at]! : points.client[at]!);
  const found = [...points.peak.keys()].filter((at) => points.peak[at]).sort((a, b) => value(b) - value(a));
  const taken: Box[] = [];
  found.forEach((at, rank) => {
    const [px, above] = [time(points.at[at]!), y.scale(value(at)) < plot.y - 1];
    const py = above ? plot.y + 2 : y.scale(value(at));
    const arrow = path(
      `M${Math.round(px) - 4} ${py + 3}l4 -7l4 7`,
      { stroke: "peak" },
      { fill: "none", "stroke-width": 1.6 },
    );
    const ring = dot(
      px,
      py,
      rank < LABELLED ? 4 : 3,
      { stroke: "peak" },
      { fill: "none", "stroke-width": rank < LABELLED ? 1.6 : 1.1 },
    );
    shapes.push(above ? arrow : ring);
    const words = `${clockLabel(axisTime(slotStart(data, points.at[at]!), data, context), data.width)} ${duration(value(at))}`;
    const request = points.index[at]!;
    marks.push({ x: px - 5, y: py - 5, width: 10, height: 10, words: `${key}, ${words}: a peak`, request });
    if (rank >= LABELLED) return;
    const width = textWidth(words);
    const left = px + 8 + width > plot.x + plot.width;
    // Beside a ring; above an arrow, where no other peak is.
    const spot: Box = above
      ? {
          x: Math.min(Math.max(plot.x, px - width / 2), plot.x + plot.width - width),
          y: plot.y - 16,
          width,
          height: 12,
        }
      : { x: left ? px - 8 - width : px + 8, y: py - 6, width, height: 12 };
    if (
      taken.some(
        (other) => Math.abs(other.y - spot.y) < 12 && other.x < spot.x + width && spot.x < other.x + other.width,
      )
    )
      return;
    taken.push(spot);
    shapes.push(label(spot.x, spot.y + 10, words, "start", "strong"));
  });
}

const slotStart = ({ slots }: DayData, at: number): number => slots.findLast((start) => start <= at) ?? at;

function panelWords({ count: n, peaks: peaked, clientResponse, serverResponse }: DaySeries): string {
  const level = (symbol: string, of: Level | null) => (of ? [`${symbol} ${duration(of.mean)}`] : []);
  const kept = peaked ? ` (${count(n - peaked)} of ${count(n)})` : ` (${count(n)})`;
  const means = [...level("R C", clientResponse.kept), ...level("R S", serverResponse.kept)];
  return `mean ${means.join(", ")}${kept}`;
}

function slotWords(one: DaySeries, data: DayData, slot: number, context: Context): string {
  const from = axisTime(data.slots[slot]!, data, context);
  const side = (symbol: string, { mean, min, max }: DaySeries["client"]) =>
    Number.isNaN(mean[slot]!)
      ? []
      : [`${symbol} ${duration(mean[slot]!)} (${duration(min[slot]!)} to ${duration(max[slot]!)})`];
  const n = one.requests[slot]!;
  const clock = clockLabel(from, Math.min(data.width, 60e6));
  const values = [...side("R C", one.client), ...side("R S", one.server)];
  return `${one.key}, ${clock}: ${requests(n, count(n))}${values.length ? `, ${values.join(", ")}` : ", all of them peaks"}`;
}

/** A slot's width is round in its unit. */
const widthWords = (width: number): string =>
  width >= 3_600e6 ? `${width / 3_600e6} h` : width >= 60e6 ? `${width / 60e6} min` : roundDuration(width);

/** Of one series its numbers; those of several stand above their panels. */
function summary({ series, of, over, width, scheduled }: DayData): string {
  const slots = scheduled ? "slots of the schedule" : `slots of ${widthWords(width)}`;
  const peaked = series.reduce((sum, { peaks: n }) => sum + n, 0);
  const which =
    series.length === 1
      ? `${series[0]!.key}: ${panelWords(series[0]!)}`
      : `${count(series.length)} of ${count(of)} series`;
  return `${which}, over ${over === "day" ? "the time of the day" : "the session"} in ${slots}; ${peaked === 1 ? "1 peak" : `${count(peaked)} peaks`}`;
}

/** A row for each series and slot that has requests, after a row for the whole series. */
function table(data: DayData, context: Context): Table {
  const head = [
    "Series",
    `From (${zoneName(context.zone)})`,
    "Requests",
    "R C mean",
    "R C min",
    "R C max",
    "R S mean",
    "R S min",
    "R S max",
  ];
  const rows = data.series.flatMap((one) => [
    [one.key, "all", count(one.count), ...levelCells(one.clientResponse.all), ...levelCells(one.serverResponse.all)],
    ...(one.peaks
      ? [
          [
            one.key,
            "without peaks",
            count(one.count - one.peaks),
            ...levelCells(one.clientResponse.kept),
            ...levelCells(one.serverResponse.kept),
          ],
        ]
      : []),
    ...[...data.slots.keys()]
      .filter((slot) => one.requests[slot]! > 0)
      .map((slot) => [
        one.key,
        clockLabel(axisTime(data.slots[slot]!, data, context), Math.min(data.width, 60e6)),
        count(one.requests[slot]!),
        ...slotCells(one.client, slot),
        ...slotCells(one.server, slot),
      ]),
  ]);
  return { head, rows };
}

const levelCells = (level: Level | null): string[] =>
  [level?.mean, level?.min, level?.max].map((value) => duration(value ?? Number.NaN));
const slotCells = ({ mean, min, max }: DaySeries["client"], slot: number): string[] =>
  [mean, min, max].map((of) => duration(of[slot]!));
