/** The curves as an SVG that stands alone: lines by size of the pool, the calm part of each solid, measured points on them. */
import type { Curve, Point } from "./curve";

const WIDTH = 720;
const HEIGHT = 420;
const LEFT = 64;
const RIGHT = 96;
const TOP = 24;
const BOTTOM = 44;
const COLOURS = ["#1f77b4", "#d95f02", "#1b9e77", "#7570b3", "#e7298a"];

/** A measured point; `workers` gives it the colour of that curve. */
export type MeasuredPoint = Point & { workers: number | null };

export function curvesSvg(curves: readonly Curve[], measured: readonly MeasuredPoint[]): string {
  const all = [...curves.flatMap(({ points }) => points), ...measured];
  const most = {
    rate: Math.max(...all.map(({ rate }) => rate)),
    time: Math.max(...all.map((one) => one.clientResponse)),
  };
  const x = (rate: number): number => LEFT + (rate / most.rate) * (WIDTH - LEFT - RIGHT);
  const y = (micros: number): number => HEIGHT - BOTTOM - (micros / most.time) * (HEIGHT - TOP - BOTTOM);
  const colour = (workers: number | null): string => {
    const at = curves.findIndex((one) => one.workers === workers);
    return at < 0 ? "#666" : COLOURS[at % COLOURS.length]!;
  };
  const line = (points: readonly Point[], of: Curve, dashed: boolean): string =>
    points.length < 2
      ? ""
      : `<polyline fill="none" stroke="${colour(of.workers)}" stroke-width="2"${dashed ? ' stroke-dasharray="5 4"' : ""} points="${points.map((point) => `${at(x(point.rate))},${at(y(point.clientResponse))}`).join(" ")}"/>`;
  const drawn = curves.map((one) => {
    const calm = one.points.filter(({ rate }) => rate <= one.calm);
    const last = one.points.at(-1)!;
    const name = `${one.workers} ${one.workers === 1 ? "worker" : "workers"}`;
    return [
      line(calm, one, false),
      line(one.points.slice(Math.max(0, calm.length - 1)), one, true),
      label(x(last.rate) + 6, y(last.clientResponse) + 4, name, "start", colour(one.workers)),
    ].join("");
  });
  const points = measured.map(
    ({ rate, clientResponse, workers }) =>
      `<circle cx="${at(x(rate))}" cy="${at(y(clientResponse))}" r="4" fill="${colour(workers)}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="sans-serif" font-size="12">`,
    "<title>Predicted R C over load; points: measured; solid: the queue is under a tenth of R S</title>",
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...ticks(most.rate).map(
      (rate) =>
        grid(x(rate), TOP, x(rate), HEIGHT - BOTTOM) + label(x(rate), HEIGHT - BOTTOM + 16, `${rate}`, "middle"),
    ),
    ...ticks(most.time / 1000).map(
      (ms) => grid(LEFT, y(ms * 1000), WIDTH - RIGHT, y(ms * 1000)) + label(LEFT - 6, y(ms * 1000) + 4, `${ms}`, "end"),
    ),
    label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "requests per second", "middle"),
    label(LEFT, TOP - 8, "mean R C, ms", "middle"),
    ...drawn,
    ...points,
    "</svg>\n",
  ].join("\n");
}

const at = (value: number): string => value.toFixed(1);

const grid = (x0: number, y0: number, x1: number, y1: number): string =>
  `<line x1="${at(x0)}" y1="${at(y0)}" x2="${at(x1)}" y2="${at(y1)}" stroke="#ddd"/>`;

const label = (x: number, y: number, text: string, anchor: string, fill = "#333"): string =>
  `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" fill="${fill}">${text}</text>`;

/** Round numbers from 0 to the greatest, some five. */
function ticks(most: number): number[] {
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough)!;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, number) => Number((number * step).toPrecision(6)));
}
