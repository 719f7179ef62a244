/** `request-timeline predict` (DESIGN 5.1): the queueing model's answer for other pool sizes, delays and loads. */
import { writeFile } from "node:fs/promises";
import { type Command, InvalidArgumentError } from "commander";
import { measuredOf } from "../../engine/measured";
import { openSession } from "../../engine/node/open";
import type { ReportColumn } from "../../engine/report-columns";
import { aligned } from "../../engine/report-table";
import { formatMicros } from "../../engine/units";
import { curve } from "../../model/queueing/curve";
import { curvesSvg, type MeasuredPoint } from "../../model/queueing/curve-svg";
import type { Demand } from "../../model/queueing/pool";
import {
  limits,
  type Measured,
  type Overload,
  overload,
  type Predicted,
  predictClosed,
  predictOpen,
} from "../../model/queueing/predict";
import { MICROS_PER_MILLI } from "../../model/time";
import { toStdout } from "../to-stdout";
import { whole } from "../whole-number";

const SCHEMA = "request-timeline/prediction@1";
/** Workers that share processors: the time that it takes to tell grows with their square. */
const MOST_SHARING = 1_000;
/** Parts of a pool's capacity that are shown where no rate is named. */
const LOADS = [0.2, 0.5, 0.8, 0.9, 0.95];

interface PredictOptions {
  workers: number[];
  rate?: number[];
  clients?: number[];
  think: number;
  networkDelay?: number;
  processors?: number;
  processorTime?: number;
  maxLoad: number;
  svg?: string;
  measured?: string[];
  json?: true;
}

export function addPredict(program: Command): void {
  program
    .command("predict")
    .description("Predict R C, queue and throughput for other pool sizes, network delays and loads (a queueing model).")
    .argument("<session>", "a session recorded at light load")
    .requiredOption("--workers <n...>", "sizes of the pool; a worker answers one request at a time", several)
    .option("--rate <r...>", "requests per second that come in; without it, parts of what the pool can answer", rates)
    .option("--clients <n...>", "instead: so many clients, each with one request at a time", several)
    .option("--think <ms>", "with --clients: pause between a response and the next request", milliseconds, 0)
    .option("--network-delay <ms>", "R C − R S instead of the measured one", milliseconds)
    .option("--processors <n>", "that all workers share; with --processor-time", one)
    .option("--processor-time <ms>", "of a request, in the mean: no log tells it", milliseconds)
    .option("--max-load <part>", "of the capacity, what admission would let in at overload", part, 0.95)
    .option("--svg <file>", "R C over load as a picture: a curve for each size of the pool")
    .option("--measured <sessions...>", "with --svg: sessions at other loads, as points beside the curves")
    .option("--json", "everything, as JSON")
    .action(run);
}

async function run(path: string, options: PredictOptions, command: Command): Promise<void> {
  const { store } = await openSession([path]);
  const found = measuredOf(store);
  if (!found) {
    process.stderr.write("request-timeline predict: no request of this session has the server's marks\n");
    process.exitCode = 1;
    return;
  }
  if (options.rate && options.clients) command.error("error: --rate and --clients are two models: name one");
  const network = options.networkDelay === undefined ? found.network : options.networkDelay * MICROS_PER_MILLI;
  const demand = shared(found.demand, options, command);
  const measured = { ...found, network, demand };
  const predicted = options.workers.flatMap((workers) => predictions(measured, workers, options));
  const over = (options.rate ?? []).flatMap((rate) =>
    options.workers.flatMap((workers) => overload(measured, workers, rate, options.maxLoad) ?? []),
  );
  if (options.svg !== undefined) await writePicture(options.svg, measured, options);
  const pools = options.workers.map((workers) => ({ workers, ...limits(measured, workers) }));
  await toStdout(
    options.json
      ? [`${JSON.stringify({ schema: SCHEMA, measured, pools, predicted, overload: over }, finite, 1)}\n`]
      : table(measured, pools, predicted, over, options.maxLoad),
  );
}

/** With the processors that were told. */
function shared(
  demand: Demand,
  { processors: count, processorTime, workers }: PredictOptions,
  command: Command,
): Demand {
  if (count === undefined && processorTime === undefined) return demand;
  if (count === undefined || processorTime === undefined)
    return command.error("error: --processors and --processor-time are one thing: name both");
  const time = processorTime * MICROS_PER_MILLI;
  if (time > demand.service)
    return command.error(`error: --processor-time is more than R S, which is ${formatMicros(demand.service)}`);
  if (Math.max(...workers) > MOST_SHARING)
    return command.error(`error: --processors is for at most ${MOST_SHARING} workers`);
  return { ...demand, processors: { time, count } };
}

function predictions(measured: Measured, workers: number, { rate, clients, think }: PredictOptions): Predicted[] {
  if (clients) return clients.map((count) => predictClosed(measured, workers, count, think * MICROS_PER_MILLI));
  const { most } = limits(measured, workers);
  return (rate ?? LOADS.map((load) => load * most)).map((one) => predictOpen(measured, workers, one));
}

/** The curves, with the means of what was measured at other loads. */
async function writePicture(file: string, measured: Measured, { workers, measured: paths = [] }: PredictOptions) {
  const points: MeasuredPoint[] = [];
  for (const path of paths) {
    const found = measuredOf((await openSession([path])).store);
    const response = found && found.demand.service + found.network + (found.queue ?? 0);
    if (found && response) points.push({ rate: found.rate, clientResponse: response, workers: null });
  }
  const curves = workers.map((count) => curve(measured, count));
  await writeFile(file, curvesSvg(curves, points));
}

const column = (title: string, text: (item: Predicted) => string): ReportColumn<Predicted> => ({
  title,
  right: true,
  text,
});
const orOverload = (micros: number): string => (Number.isFinite(micros) ? formatMicros(micros) : "overload");
const perSecond = (rate: number): string => `${rate >= 100 ? rate.toFixed(0) : rate.toPrecision(3)}/s`;

const COLUMNS: readonly ReportColumn<Predicted>[] = [
  column("workers", ({ workers }) => `${workers}`),
  column("clients", ({ clients }) => (clients === null ? "" : `${clients}`)),
  column("rate", ({ rate }) => perSecond(rate)),
  column("busy", ({ utilisation }) => `${(Math.min(1, utilisation) * 100).toFixed(0)} %`),
  column("queue", ({ queue }) => orOverload(queue)),
  column("R S", ({ serverResponse }) => formatMicros(serverResponse)),
  column("R C", ({ clientResponse }) => orOverload(clientResponse)),
  column("answered", ({ throughput }) => perSecond(throughput)),
];

function* table(
  { requests, demand, network, queue, rate }: Measured,
  pools: readonly { workers: number; most: number; calm: number }[],
  predicted: readonly Predicted[],
  over: readonly Overload[],
  maxLoad: number,
): Generator<string> {
  const waited = queue === null ? "" : `, queue ${formatMicros(queue)}`;
  yield `Measured: ${requests} requests, ${perSecond(rate)}, R S ${formatMicros(demand.service)} (squared variation ${demand.variation.toFixed(2)}), network ${formatMicros(network)}${waited}.\n\n`;
  yield* aligned(COLUMNS, predicted);
  yield "\n";
  for (const { workers, most, calm } of pools) {
    const by = demand.processors && most < (workers * 0.95e6) / demand.service ? ", which their processors limit" : "";
    yield `${workers} ${workers === 1 ? "worker answers" : "workers answer"} at most ${perSecond(most)}${by}; up to ${perSecond(calm)} the queue is under a tenth of R S.\n`;
  }
  for (const { workers, rate: of, growth, refused, answered } of over)
    yield `${perSecond(of)} are too many for ${workers}: without admission the wait grows by ${growth.toFixed(2)} s every second; with --max-load ${maxLoad} ${(refused * 100).toFixed(0)} % are refused at once and ${perSecond(answered)} answered.\n`;
  yield "Means, for requests that come at random and are served in order. The network's delay does not keep a worker.\n";
  if (!demand.processors)
    yield "Processors are not in it, because no log tells the processor time of a request: --processors and --processor-time do.\n";
}

/** JSON has no infinity: an overload's times are null. */
const finite = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? null : value;

const one = whole(1, 100_000);

const several = (text: string, before?: number[]): number[] => [...(before ?? []), one(text)];

function rates(text: string, before?: number[]): number[] {
  const rate = Number(text);
  if (!(rate > 0) || !Number.isFinite(rate)) throw new InvalidArgumentError("write requests per second, such as 50");
  return [...(before ?? []), rate];
}

function part(text: string): number {
  const value = Number(text);
  if (!(value > 0) || value > 1) throw new InvalidArgumentError("write a part, such as 0.95");
  return value;
}

function milliseconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0) || !Number.isFinite(value)) throw new InvalidArgumentError("write milliseconds, such as 40");
  return value;
}
