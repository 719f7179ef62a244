/**
 * Prediction against measurement: the reference server's pools, a connection a request, a CGI page that waits a time that
 * is drawn beforehand, open-loop Poisson arrivals by our own probe. The model is fed by one session at light load and told
 * only the size of the pool and the rate. Goal: R C within 20 % at the median of the cells. Control: the same prediction
 * without queueing (R C as at light load), which says how much of it is the model's.
 * Then a page that computes, in a closed loop: what more workers than processors answer, the processors being told to the
 * model with the time that a request takes of them; control: the same without processors.
 * `npm run build && npx tsx bench/predict.ts [--seconds 12] [--wait 40] [--workers 1,2,4] [--loads 0.2,…] [--svg FILE]`;
 * `--loads ""` is the page that computes alone.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { comparedRun } from "../src/engine/compared-run";
import { measuredOf } from "../src/engine/measured";
import { openSession } from "../src/engine/node/open";
import { curve } from "../src/model/queueing/curve";
import { curvesSvg, type MeasuredPoint } from "../src/model/queueing/curve-svg";
import { limits, type Measured, predictClosed, predictOpen } from "../src/model/queueing/predict";
import { moments } from "../src/model/statistics/mean";
import { random } from "../test/unit/model/random";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "12" },
    /** Mean of the page's wait, ms; exponential. */
    wait: { type: "string", default: "40" },
    workers: { type: "string", default: "1,2,4" },
    loads: { type: "string", default: "0.2,0.4,0.6,0.8,0.9" },
    svg: { type: "string" },
  },
});
const root = resolve(__dirname, "..");
const [WORKERS, LOADS] = [values.workers, values.loads].map((list) => list.split(",").filter(Boolean).map(Number)) as [
  number[],
  number[],
];
const WAITS = 400;
const COMPUTES = "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done";
const CLIENTS = 8;
/** What feeds the model: requests that hardly wait for each other, and enough of them; the load is in busy workers. */
const LIGHT = { workers: 4, load: 1 };

function writeSite(folder: string): string {
  mkdirSync(join(folder, "site/cgi-bin"), { recursive: true });
  const page = join(folder, "site/cgi-bin/waits.cgi");
  writeFileSync(page, "#!/bin/sh\nsleep $QUERY_STRING\nprintf 'Content-Type: text/plain\\n\\ndone\\n'\n");
  chmodSync(page, 0o755);
  const other = join(folder, "site/cgi-bin/computes.cgi");
  writeFileSync(other, `#!/bin/sh\n${COMPUTES}\nprintf 'Content-Type: text/plain\\n\\ndone\\n'\n`);
  chmodSync(other, 0o755);
  const dice = random(1);
  const waits = Array.from({ length: WAITS }, () => (dice.exponential(Number(values.wait)) / 1000).toFixed(4));
  writeFileSync(join(folder, "mix.txt"), waits.map((wait) => `1 /cgi-bin/waits.cgi?${wait}\n`).join(""));
  return join(folder, "site");
}

function record(folder: string, name: string, workers: number, rate: number) {
  const load = ["--mix", join(folder, "mix.txt"), "--poisson", "--connections", "1000", "--rate", `${rate}`];
  return recordLoad(folder, name, workers, load);
}

async function recordLoad(folder: string, name: string, workers: number, load: string[], seconds = values.seconds) {
  const session = join(folder, name);
  execFileSync(
    process.execPath,
    [
      ...["dist/cli.js", "record", "--session", session, "--serve", join(folder, "site")],
      ...["--serve-options", `--workers ${workers}`, "--", ...load],
      ...["--connection-per-request", "--seed", `${workers}`],
      ...["--duration", seconds, "--warm-up", "2"],
    ],
    { cwd: root, stdio: "pipe" },
  );
  const { store } = await openSession([session]);
  const runs = comparedRun(store).values().next().value;
  return { measured: measuredOf(store)!, responses: runs?.get("clientResponse") ?? new Float64Array() };
}

/** Processor time of all programs that this one has waited for, and of those that they have, ms: in steps of 10 ms. */
function processorTime(): number {
  const [user, system] = readFileSync("/proc/self/stat", "latin1").split(") ")[1]!.split(" ").slice(13, 15);
  return (Number(user) + Number(system)) * 10;
}

async function sharedProcessors(folder: string): Promise<void> {
  const load = (connections: number) => ["/cgi-bin/computes.cgi", "--closed", "--connections", `${connections}`];
  // A short recording is taken off: what is left is what requests need, of server, program and probe together.
  const used = [processorTime()];
  const short = (await recordLoad(folder, "computes-short", 1, load(1), "1")).measured;
  used.push(processorTime());
  const light = (await recordLoad(folder, "computes-light", 1, load(1))).measured;
  used.push(processorTime());
  const [before, between, after] = used as [number, number, number];
  const more = (after - between - (between - before)) / (light.requests - short.requests);
  const time = Math.min(light.demand.service, more * 1000);
  const count = availableParallelism();
  process.stdout.write(
    `\nA page that computes: R S ${ms(light.demand.service)} ms with one client, processor time ${more.toFixed(1)} ms with the probe's; ${count} processors, ${CLIENTS} clients in a closed loop.\n\n| workers | answered /s | predicted | error | without processors | error |\n|---|---|---|---|---|---|\n`,
  );
  for (const workers of WORKERS) {
    const { measured } = await recordLoad(folder, `computes-${workers}`, workers, load(CLIENTS));
    const shared = { ...light, demand: { ...light.demand, processors: { time, count } } };
    const cells = [shared, light].flatMap((one) => {
      const { throughput } = predictClosed(one, workers, CLIENTS, 0);
      return [throughput.toFixed(1), percent(throughput / measured.rate - 1)];
    });
    process.stdout.write(`| ${[workers, measured.rate.toFixed(1), ...cells].join(" | ")} |\n`);
  }
}

const percent = (part: number): string => `${part > 0 ? "+" : ""}${(part * 100).toFixed(0)} %`;
const ms = (micros: number): string => (micros / 1000).toFixed(1);
const middle = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "request-timeline-predict-"));
  try {
    writeSite(folder);
    process.stdout.write(
      "| workers | load | rate /s | requests | R C measured ms | predicted ms | error | R S measured ms | error without queueing |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    const errors: number[] = [];
    const controls: number[] = [];
    const points: MeasuredPoint[] = [];
    let light: Measured | null = null;
    for (const workers of LOADS.length ? WORKERS : []) {
      // Anew before each size of the pool, because a machine changes, but always of the same light load on the same pool.
      light = (await record(folder, `light-${workers}`, LIGHT.workers, (LIGHT.load * 1000) / Number(values.wait)))
        .measured;
      process.stdout.write(
        `| light | | ${light.rate.toFixed(1)} | ${light.requests} | ${ms(light.demand.service + light.network)} | | | ${ms(light.demand.service)} | |\n`,
      );
      for (const load of LOADS) {
        const rate = load * limits(light, workers).most;
        const { responses, measured } = await record(folder, `cell-${workers}-${load}`, workers, rate);
        const { mean } = moments(responses);
        const predicted = predictOpen(light, workers, rate);
        const error = predicted.clientResponse / mean - 1;
        const control = (light.demand.service + light.network) / mean - 1;
        errors.push(Math.abs(error));
        controls.push(Math.abs(control));
        points.push({ rate, clientResponse: mean, workers });
        const cells = [workers, percent(load).slice(1), rate.toFixed(1), responses.length, ms(mean)];
        const judged = [ms(predicted.clientResponse), percent(error), ms(measured.demand.service), percent(control)];
        process.stdout.write(`| ${[...cells, ...judged].join(" | ")} |\n`);
      }
    }
    if (errors.length)
      process.stdout.write(
        `\nError of R C at the median of ${errors.length} cells: ${percent(middle(errors)).slice(1)} (goal 20 %), without queueing ${percent(middle(controls)).slice(1)}. Load average ${loadavg()[0]!.toFixed(1)} at the end.\n`,
      );
    await sharedProcessors(folder);
    const fed = light;
    if (values.svg !== undefined && fed)
      writeFileSync(
        values.svg,
        curvesSvg(
          WORKERS.map((workers) => curve(fed, workers)),
          points,
        ),
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
