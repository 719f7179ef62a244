/** R C against load as the queueing model has it, a curve for each size of the pool, with what was measured on them. */
import type { Curve, Point } from "../../src/model/queueing/curve";
import type { PredictionData } from "../../src/protocol/charts";
import { count, duration, percent, plain } from "../words/numbers";
import { BOTTOM, frame, linearAxis, logAxis, marginFor, roundDuration, TOP } from "./axes";
import { type Chart, type Context, requests } from "./chart";
import {
  type Box,
  dot,
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

const PLOT = 220;
/** Of a curve's points, those that one can walk through and that the table has. */
const EVERY = 6;
/** Air below the curves, and above them for their names. */
const AIR = [0.8, 1.7] as const;
const NEAR = 4;

export const predictionChart: Chart<PredictionData> = {
  empty: ({ measured, needed, curves }) =>
    !measured
      ? "A prediction needs R S, and no request here has the server's marks from its beginning to its end."
      : measured.requests < needed
        ? `Only ${requests(measured.requests, count(measured.requests))} here ${measured.requests === 1 ? "has" : "have"} R S: a prediction needs at least ${needed}.`
        : curves.length === 0
          ? "R S is 0 as far as these logs tell: no load is too much for such a server."
          : null,
  layout,
  table,
};

const poolName = (workers: number): string => `${count(workers)} ${workers === 1 ? "worker" : "workers"}`;
const perSecond = (rate: number): string =>
  `${rate >= 100 ? count(rate) : plain(Number(rate.toPrecision(rate < 1 ? 2 : 3)))}/s`;

function layout(data: PredictionData, { width }: Context): Figure {
  const { curves, points, workers } = data;
  const all: Point[] = [...curves.flatMap((one) => one.points), ...points];
  const times = all.map(({ clientResponse }) => clientResponse);
  const top = TOP + 14;
  const y = logAxis([Math.min(...times) * AIR[0], Math.max(...times) * AIR[1]], [top + PLOT, top], 6, roundDuration);
  const margin = marginFor(y.ticks);
  const plot: Box = { x: margin, y: top, width: width - margin - 12, height: PLOT };
  const most = Math.max(...all.map(({ rate }) => rate));
  const x = linearAxis(most, [plot.x, plot.x + plot.width], Math.max(3, Math.floor(plot.width / 70)), plain);
  const place = ({ rate, clientResponse }: Point) => [x.scale(rate), y.scale(clientResponse)] as const;
  const shapes: Shape[] = frame(plot, x, y, { y: "R C, logarithmic", x: "requests per second" });
  const marks: Mark[] = [];
  legend(plot, shapes);
  let free = plot.x;
  for (const one of curves) {
    const calm = one.points.filter(({ rate }) => rate <= one.calm);
    const rest = one.points.slice(calm.length - 1);
    const ink = { stroke: one.workers === workers ? "client" : "server" } as const;
    const look = { fill: "none", "stroke-width": one.workers === workers ? 2.4 : 1.6 };
    const knee = place(calm.at(-1)!);
    shapes.push(
      line(knee[0], knee[1], knee[0], plot.y + PLOT, "peak", { "stroke-dasharray": "2 3" }),
      path(polyline(calm.map(place)), ink, look),
      path(polyline(rest.map(place)), ink, { ...look, "stroke-dasharray": "6 4" }),
      dot(...knee, 3, { fill: "peak" }),
    );
    const [endX, endY] = place(one.points.at(-1)!);
    const name = endX - free < textWidth(poolName(one.workers)) ? count(one.workers) : poolName(one.workers);
    shapes.push(label(endX, endY - 6, name, "end", one.workers === workers ? "strong" : "text"));
    free = endX + NEAR;
    marks.push(...walked(one).map((point) => markAt(place(point), curveWords(data, one, point))));
  }
  const [whole, ...parts] = points;
  for (const part of parts) shapes.push(dot(...place(part), 2.5, { fill: "client" }, { "fill-opacity": 0.55 }));
  if (whole) shapes.push(dot(...place(whole), 4.5, { fill: "strong" }));
  marks.unshift(...points.map((point, at) => markAt(place(point), pointWords(point, at === 0))));
  return { width, height: top + PLOT + BOTTOM, shapes, marks, summary: summary(data) };
}

function legend(plot: Box, shapes: Shape[]): void {
  let { x } = plot;
  const room = plot.x + plot.width;
  for (const [words, shape] of [
    ["measured", dot(x + 5, 9, 4.5, { fill: "strong" })],
    ["solid: the queue is under a tenth of R S", null],
  ] as const) {
    const from = x + (shape ? 14 : 0);
    if (from + words.length * 6.1 > room) return;
    if (shape) shapes.push(shape);
    shapes.push(label(from, 13, words));
    x = from + words.length * 6.1 + 18;
  }
}

const walked = ({ points, calm }: Curve): Point[] => points.filter(({ rate }, at) => at % EVERY === 0 || rate === calm);

const markAt = ([x, y]: readonly [number, number], words: string): Mark => ({
  ...{ x: x - NEAR, y: y - NEAR, width: NEAR * 2, height: NEAR * 2 },
  words,
});

/** What is neither R S nor the network. */
const queueOf = ({ measured }: PredictionData, { clientResponse }: Point): number =>
  Math.max(0, clientResponse - measured!.demand.service - measured!.network);

function curveWords(data: PredictionData, { workers, most, calm }: Curve, point: Point): string {
  const small = point.rate <= calm ? ", still small" : "";
  return `${poolName(workers)} at ${perSecond(point.rate)}, ${percent(point.rate / most)} busy: R C ${duration(point.clientResponse)}, of it queue ${duration(queueOf(data, point))}${small}`;
}

const pointWords = ({ rate, clientResponse, requests: n }: PredictionData["points"][number], whole: boolean): string =>
  `Measured${whole ? "" : ", a part of the session"}: R C ${duration(clientResponse)} at ${perSecond(rate)}, means of ${requests(n, count(n))}`;

function summary({ measured, curves, points, workers, atOnce }: PredictionData): string {
  const limits = curves.map((one, at) =>
    at === 0
      ? `${poolName(one.workers)} ${one.workers === 1 ? "answers" : "answer"} at most ${perSecond(one.most)} and ${one.workers === 1 ? "has" : "have"} little queue up to ${perSecond(one.calm)}`
      : `${poolName(one.workers)} ${perSecond(one.most)}, up to ${perSecond(one.calm)}`,
  );
  const whole = points[0]
    ? `. Measured${workers ? ` with ${poolName(workers)}` : ""}: R C ${duration(points[0].clientResponse)} at ${perSecond(points[0].rate)}`
    : "";
  const more =
    atOnce > Math.max(1, workers)
      ? `. This server had up to ${count(atOnce)} requests at once: the curves are of workers that take one at a time`
      : "";
  return `What limits is the pool (no log tells processor time), where a request keeps a worker for ${duration(measured!.demand.service)} (R S): ${limits.join("; ")}${whole}${more}`;
}

function table(data: PredictionData): Table {
  const { curves, points, workers } = data;
  const busy = (rate: number) => percent(workers ? (rate * data.measured!.demand.service) / 1e6 / workers : Number.NaN);
  return {
    head: ["Pool", "Rate", "Busy", "Queue", "R C"],
    rows: [
      ...points.map((point, at) => [
        `measured${at ? `, part ${at}` : ""}`,
        perSecond(point.rate),
        busy(point.rate),
        "–",
        duration(point.clientResponse),
      ]),
      ...curves.flatMap((one) =>
        walked(one).map((point) => [
          poolName(one.workers),
          perSecond(point.rate),
          percent(point.rate / one.most),
          duration(queueOf(data, point)),
          duration(point.clientResponse),
        ]),
      ),
    ],
  };
}
