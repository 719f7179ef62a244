/** Requests by what was asked for, as horizontal bars, and by hour and day, as columns. */
import { scaleLinear } from "d3";
import type { TrafficData } from "../../src/protocol/charts";
import { bytes, count } from "../words/numbers";
import { type Axis, BOTTOM, countAxis, frame, marginFor, TOP } from "./axes";
import { layoutBars, ROW, VALUE } from "./bars";
import { type Chart, type Context, requests, zoneName } from "./chart";
import { type Box, type Figure, label, type Mark, rect, type Shape, type Table, textWidth } from "./figure";

type Item = TrafficData["items"][number];

const PLOT = 150;

export const trafficChart: Chart<TrafficData> = {
  empty: ({ requests: n, items, by }) => {
    if (n === 0 || items.length === 0) return "There is no request here.";
    const times = isTime({ by }) ? items.filter((item) => item.count > 0) : [];
    if (times.length !== 1) return null;
    return by === "day"
      ? `All ${count(n)} requests are of one day, ${times[0]!.label}.`
      : `All ${count(n)} requests are of one hour of the day, ${times[0]!.label}:00 to ${times[0]!.label}:59.`;
  },
  layout: (data, context) => (isTime(data) ? layoutColumns(data, context) : layoutArchives(data, context)),
  table,
};

const isTime = ({ by }: Pick<TrafficData, "by">): boolean => by === "hour" || by === "day";

function layoutArchives(data: TrafficData, { width }: Context): Figure {
  const names = Math.min(320, Math.max(120, width * 0.4));
  const room = { top: 4, x: names, width: width - names - VALUE, names: names - 12 };
  const scale = scaleLinear([0, Math.max(1, ...data.items.map(({ count: n }) => n))], [0, room.width]);
  const { shapes, marks } = layoutBars(
    data.items.map((item) => ({
      name: item.label,
      note: "",
      parts: [
        { value: item.count, ink: item.code ? "failed" : "bar" },
        { value: item.code ? 0 : item.failed, ink: "failed" },
      ],
      value: `${count(item.count)}, ${share(item.count, data.requests)}`,
      ink: item.code ? "failed" : "strong",
      words: itemWords(item, data),
    })),
    room,
    scale,
  );
  const { others } = data;
  const bottom = room.top + data.items.length * ROW;
  if (others.items > 0)
    shapes.push(
      label(
        0,
        bottom + 14,
        `and ${count(others.items)} more ${data.by === "path" ? "paths" : "folders"}: ${requests(others.count, count(others.count))}`,
      ),
    );
  return { width, height: bottom + (others.items > 0 ? ROW : 4), shapes, marks, summary: summary(data) };
}

/** In whole percent, with a digit below ten. */
function share(part: number, of: number): string {
  const percent = (part / Math.max(1, of)) * 100;
  return `${percent < 9.95 ? percent.toFixed(1) : Math.round(percent)} %`;
}

function layoutColumns(data: TrafficData, context: Context): Figure {
  const { items } = data;
  const y = countAxis(Math.max(1, ...items.map(({ count: n }) => n)), [TOP + PLOT, TOP], 4);
  const margin = marginFor(y.ticks);
  const plot: Box = { x: margin, y: TOP, width: context.width - margin - 12, height: PLOT };
  const step = plot.width / items.length;
  const title = data.by === "hour" ? `hour of the day, ${zoneName(context.zone)}` : `day, ${zoneName(context.zone)}`;
  const x = namesAxis(data, plot, step);
  const shapes: Shape[] = frame(plot, x, y, { y: "requests", x: title });
  const marks: Mark[] = [];
  items.forEach((item, at) => {
    const slot: Box = { x: plot.x + at * step, y: plot.y, width: step, height: PLOT };
    marks.push({ ...slot, words: itemWords(item, data) });
    if (item.count === 0) return;
    const bar = (n: number): Box => {
      const height = Math.max(1.5, plot.y + PLOT - y.scale(n));
      const gap = Math.min(4, step * 0.15);
      // A day alone is a bar, not a wall.
      const width = Math.min(60, step - 2 * gap);
      return { x: slot.x + (step - width) / 2, y: plot.y + PLOT - height, width, height };
    };
    shapes.push(rect(bar(item.count), "bar"));
    if (item.failed > 0) shapes.push(rect(bar(item.failed), "failed"));
  });
  return { width: context.width, height: TOP + PLOT + BOTTOM, shapes, marks, summary: summary(data) };
}

/** A name under each column, or under every other. */
function namesAxis({ items, by }: TrafficData, plot: Box, step: number): Axis {
  const written = items.map(({ label: text }) => (by === "day" ? text.slice(5) : text));
  const every = Math.max(1, Math.ceil((textWidth(written[0] ?? "") + 10) / step));
  return {
    scale: (at) => plot.x + (at + 0.5) * step,
    ticks: written.map((text, value) => ({ value, label: text })).filter(({ value }) => value % every === 0),
  };
}

function itemWords(
  { label: name, count: n, failed, bytes: size, code }: Item,
  { by, requests: all }: TrafficData,
): string {
  const when = by === "hour" ? `${name}:00` : name;
  const errors = failed && !code ? `, ${count(failed)} failed` : "";
  return `${when}: ${requests(n, count(n))} (${share(n, all)})${errors}${size ? `, ${bytes(size)}` : ""}`;
}

function summary({ by, items, requests: all, others }: TrafficData): string {
  const [first] = [...items].sort((a, b) => b.count - a.count);
  const busiest = first ? `; most: ${first.label} with ${count(first.count)}` : "";
  const left = others.items ? `; ${count(others.items)} more not shown` : "";
  return `${requests(all, count(all))} by ${by}${busiest}${left}`;
}

function table({ items, by, requests: all }: TrafficData): Table {
  const head = { path: "Path", folder: "Folder", hour: "Hour", day: "Day" }[by];
  return {
    head: [head, "Requests", "Share", "Failed", "Bytes"],
    rows: items.map((item) => [
      item.label,
      count(item.count),
      share(item.count, all),
      count(item.failed),
      bytes(item.bytes),
    ]),
  };
}
