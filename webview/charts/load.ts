/** How many requests there were at once over time, at the client and at the server, and how long they queued. */
import { wallMicros } from "../../src/model/wall-clock";
import type { InFlight, LoadData } from "../../src/protocol/charts";
import { count, duration, plain } from "../words/numbers";
import { BOTTOM, clockAxis, clockLabel, countAxis, durationAxis, frame, marginFor, TOP } from "./axes";
import { type Chart, type Context, requests, zoneName } from "./chart";
import {
  type Box,
  elided,
  type Figure,
  type Ink,
  label,
  line,
  type Mark,
  path,
  rect,
  type Shape,
  type Table,
} from "./figure";

const PLOT = 140;
const QUEUE = 80;
/** Between the two plots. */
const BETWEEN = 30;

export const loadChart: Chart<LoadData> = {
  empty: ({ columns, client, server }) =>
    columns === 0 || (!client && !server)
      ? "No request here has a beginning and an end."
      : columns < 2
        ? "All requests began at the same moment: there is no time to see them over."
        : null,
  layout,
  table,
};

const wallAt = ({ from, to, columns }: LoadData, column: number, { base, zone }: Context): number =>
  wallMicros(base + from + (column * (to - from)) / columns, zone);

function layout(data: LoadData, context: Context): Figure {
  const { client, server, queue, columns } = data;
  const most = Math.max(1, ...(client?.max ?? []), ...(server?.max ?? []));
  const y = countAxis(most, [TOP + PLOT, TOP], 4);
  const queueTop = TOP + PLOT + BETWEEN;
  const longest = Math.max(0, ...[...(queue?.max ?? [])].filter((value) => !Number.isNaN(value)));
  const yQueue = queue && longest > 0 ? durationAxis(longest, [queueTop + QUEUE, queueTop], 3) : null;
  const margin = Math.max(marginFor(y.ticks), yQueue ? marginFor(yQueue.ticks) : 0);
  const plot: Box = { x: margin, y: TOP, width: context.width - margin - 12, height: PLOT };
  const x = clockAxis(
    [wallAt(data, 0, context), wallAt(data, columns, context)],
    [plot.x, plot.x + plot.width],
    plot.width / 70,
  );
  const step = plot.width / columns;
  const last = { x: zoneName(context.zone) };
  const shapes: Shape[] = frame(plot, yQueue ? { ...x, ticks: [] } : x, y, yQueue ? {} : last);
  legend(data, plot, shapes);
  if (client) inFlight(client, "client", plot, step, y.scale, shapes);
  if (server) inFlight(server, "server", plot, step, y.scale, shapes);
  if (yQueue && queue) {
    const lower: Box = { ...plot, y: queueTop, height: QUEUE };
    shapes.push(...frame(lower, x, yQueue, last));
    shapes.push(label(plot.x, queueTop - 8, elided("T C,Queue: mean, and the longest as a bar", plot.width)));
    queue.max.forEach((value, column) => {
      if (!(value > 0)) return;
      const top = yQueue.scale(value);
      shapes.push(
        rect(
          { x: plot.x + column * step, y: top, width: Math.max(1, step - 0.5), height: queueTop + QUEUE - top },
          "bar",
          { "fill-opacity": 0.35 },
        ),
      );
      const mean = yQueue.scale(queue.mean[column]!);
      shapes.push(
        line(plot.x + column * step, mean, plot.x + column * step + Math.max(1, step - 0.5), mean, "peak", {
          "stroke-width": 1.5,
        }),
      );
    });
  }
  const height = yQueue ? queueTop + QUEUE + BOTTOM : TOP + PLOT + BOTTOM;
  const marks: Mark[] = Array.from({ length: columns }, (_, column) => ({
    x: plot.x + column * step,
    y: TOP,
    width: step,
    height: height - TOP - BOTTOM,
    words: columnWords(data, column, context),
  }));
  return { width: context.width, height, shapes, marks, summary: summary(data) };
}

function legend({ client, server }: LoadData, plot: Box, shapes: Shape[]): void {
  let { x } = plot;
  const entry = (ink: Ink, words: string) => {
    shapes.push(line(x, 9, x + 16, 9, ink, { "stroke-width": 1.8 }), label(x + 21, 13, words));
    x += 21 + words.length * 6.1 + 18;
  };
  if (client) entry("client", "at the client");
  if (server) entry("server", "at the server");
  const shaded = "mean, shaded: the most at once";
  if (x + shaded.length * 6.1 < plot.x + plot.width) shapes.push(label(x, 13, shaded));
}

/** The mean as a line of steps, the most at once as an area behind it. */
function inFlight(
  { mean, max }: InFlight,
  ink: Ink,
  plot: Box,
  step: number,
  y: (v: number) => number,
  shapes: Shape[],
): void {
  const base = plot.y + plot.height;
  const stairs = (values: ArrayLike<number>): string =>
    Array.from(values, (value, column) => {
      const [left, right, at] = [plot.x + column * step, plot.x + (column + 1) * step, y(value)].map(
        (v) => Math.round(v * 10) / 10,
      );
      return `${column ? "L" : "M"}${left} ${at}L${right} ${at}`;
    }).join("");
  shapes.push(
    path(`${stairs(max)}L${plot.x + plot.width} ${base}L${plot.x} ${base}Z`, { fill: ink }, { "fill-opacity": 0.16 }),
    path(stairs(mean), { stroke: ink }, { fill: "none", "stroke-width": 1.5, "stroke-linejoin": "round" }),
  );
}

function columnWords(data: LoadData, column: number, context: Context): string {
  const { client, server, queue, started, from, to, columns } = data;
  const step = Math.min(60e6, (to - from) / columns);
  const side = (name: string, of: InFlight | null) =>
    of ? [`${name} ${plain(Math.round(of.mean[column]! * 100) / 100)} at once, at most ${count(of.max[column]!)}`] : [];
  const waited =
    queue && !Number.isNaN(queue.mean[column]!)
      ? [`queue ${duration(queue.mean[column]!)}, at most ${duration(queue.max[column]!)}`]
      : [];
  const begun = requests(started[column]!, count(started[column]!));
  return `${clockLabel(wallAt(data, column, context), step)}: ${[`${begun} began`, ...side("client", client), ...side("server", server), ...waited].join("; ")}`;
}

function summary({ client, server, queue, started }: LoadData): string {
  const most = (of: InFlight) => count(Math.max(0, ...of.max));
  const total = started.reduce((sum, n) => sum + n, 0);
  const longest = queue ? Math.max(...[...queue.max].filter((value) => !Number.isNaN(value))) : Number.NaN;
  const parts = [
    client ? `at most ${most(client)} at once at the client` : "",
    server ? `at most ${most(server)} at the server` : "",
    queue ? `longest queue ${duration(longest)}` : "the queue is not known",
  ];
  return `${requests(total, count(total))} over time: ${parts.filter(Boolean).join(", ")}`;
}

function table(data: LoadData, context: Context): Table {
  const { client, server, queue, started } = data;
  const step = Math.min(60e6, (data.to - data.from) / data.columns);
  const at = (of: InFlight | null, column: number) =>
    of ? [plain(Math.round(of.mean[column]! * 100) / 100), count(of.max[column]!)] : ["–", "–"];
  return {
    head: ["From", "Began", "Client mean", "most", "Server mean", "most", "Queue mean", "longest"],
    rows: [...started.keys()].map((column) => [
      clockLabel(wallAt(data, column, context), step),
      count(started[column]!),
      ...at(client, column),
      ...at(server, column),
      duration(queue?.mean[column] ?? Number.NaN),
      duration(queue?.max[column] ?? Number.NaN),
    ]),
  };
}
