/**
 * What the preload hook costs a server: CPU per request and throughput against the bare server, with an A/A control and
 * the neighbours' ways in the same run. `npx tsx bench/overhead.ts [--rounds N] [--seconds S] [--connections C]
 * [--only KIND]`, after `npm run build` and `npm ci --prefix bench`; needs wrk, and taskset (servers on core 0, clients on
 * core 1). Slices alternate between the variants, because the machine's speed drifts; the CPU time is the server's own.
 *
 * Each server is loaded in two ways. wrk asks as fast as it is answered, and sleeps when it is faster than the server: then
 * each answer has to wake it, which the slower server pays more often. At a fixed rate a client that never sleeps asks all
 * variants alike, below what the slowest can do.
 */
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { hookEnvironment } from "../src/session/launch";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    seconds: { type: "string", default: "1" },
    connections: { type: "string", default: "32" },
    only: { type: "string" },
  },
});
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), "request-timeline-bench-"));
const hook = resolve("dist/hook.js");
const PACE = resolve("bench/overhead/pace.cjs");
const seconds = Number(values.seconds);

interface Variant {
  name: string;
  env: NodeJS.ProcessEnv;
  execArgv?: string[];
}

const hooked = (name: string, more: NodeJS.ProcessEnv = {}): Variant => ({
  name,
  env: { ...hookEnvironment({ hook, log: join(folder, `${name}.ndjson`), recording: name }, process.env), ...more },
});

const BARE: Variant = { name: "bare", env: process.env };
const VARIANTS: Variant[] = [
  BARE,
  { name: "bare again (A/A)", env: process.env },
  hooked("hook, child spans off", { REQUEST_TIMELINE_CHILDREN: "off" }),
  hooked("hook"),
  { name: "pino-http to a file", env: { ...process.env, PINO_LOG: join(folder, "pino.log") } },
  { name: "OpenTelemetry http", env: process.env, execArgv: ["--require", resolve("bench/overhead/otel.cjs")] },
];

const SCENARIOS = [
  { kind: "http", path: "/", rate: 4_000, title: "node:http, 13 bytes" },
  { kind: "express", path: "/items/7", rate: 1_000, title: "Express 5, 1 KB of JSON" },
  { kind: "outgoing", path: "/", rate: 1_500, title: "node:http with one outgoing request" },
];
type Scenario = (typeof SCENARIOS)[number];
/** Seconds before the first slice, in which the compiler is at work. */
const WARM_UP = 3;

interface Usage {
  cpu: NodeJS.CpuUsage;
  memory: number;
}

/** µs of CPU per request, and requests per second, of each slice. */
interface Slices {
  cpu: number[];
  rate: number[];
}

interface Running {
  variant: Variant;
  child: ChildProcess;
  port: number;
  wrk: Slices;
  paced: Slices;
  memory: number;
}

const message = <T>(child: ChildProcess): Promise<T> =>
  new Promise((done) => child.once("message", (value: T) => done(value)));

async function start(variant: Variant, kind: string, backend: number): Promise<Running> {
  const child = fork(resolve("bench/overhead/server.cjs"), [kind, String(backend)], {
    env: variant.env,
    execArgv: variant.execArgv ?? [],
  });
  execFileSync("taskset", ["-a", "-c", "-p", "0", String(child.pid)]);
  const { port } = await message<{ port: number }>(child);
  return { variant, child, port, wrk: { cpu: [], rate: [] }, paced: { cpu: [], rate: [] }, memory: 0 };
}

async function usage({ child }: Running): Promise<Usage> {
  const answer = message<Usage>(child);
  child.send("usage");
  return answer;
}

const client = (...command: string[]): number =>
  Number(/(\d+) requests in/.exec(execFileSync("taskset", ["-c", "1", ...command], { encoding: "utf8" }))![1]);

/** Requests that wrk had answered in so many seconds. */
const wrk = ({ port }: Running, { path }: Scenario, seconds: number): number =>
  client("wrk", "-t1", `-c${values.connections}`, `-d${seconds}s`, `http://127.0.0.1:${port}${path}`);

/** The same at the scenario's rate. */
const paced = ({ port }: Running, { path, rate }: Scenario, seconds: number): number =>
  client(process.execPath, PACE, `${port}`, path, values.connections, `${rate}`, `${seconds}`);

async function slice(running: Running, slices: Slices, load: () => number): Promise<void> {
  const before = await usage(running);
  const requests = load();
  const after = await usage(running);
  const micros = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
  slices.cpu.push(micros / requests);
  slices.rate.push(requests / seconds);
  running.memory = after.memory;
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
const median = (numbers: readonly number[]): number => sorted(numbers)[Math.floor(numbers.length / 2)]!;
const quartiles = (numbers: readonly number[]): string =>
  [0.25, 0.75].map((q) => sorted(numbers)[Math.floor((numbers.length - 1) * q)]!.toFixed(1)).join(" to ");

/** Against the bare server of the same round: the drift of the machine is in both. */
function added({ cpu }: Slices, bare: Slices): string {
  const micros = cpu.map((one, i) => one - bare.cpu[i]!);
  return `${median(micros).toFixed(1)} (${quartiles(micros)})`;
}

function row(running: Running, bare: Running): string {
  const ratio = running.wrk.rate.map((rate, i) => rate / bare.wrk.rate[i]!);
  const cells = [
    running.variant.name,
    median(running.wrk.cpu).toFixed(1),
    added(running.wrk, bare.wrk),
    median(ratio).toFixed(2),
    median(running.paced.cpu).toFixed(1),
    added(running.paced, bare.paced),
    `${((running.memory - bare.memory) / 1048576).toFixed(0)}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

async function measure(scenario: Scenario, backend: number): Promise<void> {
  const all: Running[] = [];
  for (const variant of VARIANTS) all.push(await start(variant, scenario.kind, backend));
  for (const running of all) wrk(running, scenario, WARM_UP);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 ? all.toReversed() : all;
    for (const running of order) await slice(running, running.wrk, () => wrk(running, scenario, seconds));
    for (const running of order) await slice(running, running.paced, () => paced(running, scenario, seconds));
  }
  const rate = scenario.rate.toLocaleString("en");
  process.stdout.write(`\n### ${scenario.title}\n\n`);
  process.stdout.write(
    `| | wrk: CPU µs a request | added µs (quartiles) | throughput, bare = 1 | at ${rate}/s: CPU µs a request | added µs (quartiles) | MB above bare |\n`,
  );
  process.stdout.write("|---|---|---|---|---|---|---|\n");
  for (const running of all) process.stdout.write(`${row(running, all[0]!)}\n`);
  for (const { child } of all) child.disconnect();
}

async function main(): Promise<void> {
  if (!existsSync(hook)) throw new Error("dist/hook.js is missing: npm run build");
  process.stdout.write(
    `Node ${process.version}, ${values.connections} connections, ${rounds} slices of ${values.seconds} s a variant, alternating\n`,
  );
  const backend = await start(BARE, "http", 0);
  execFileSync("taskset", ["-a", "-c", "-p", "1", String(backend.child.pid)]);
  for (const scenario of SCENARIOS)
    if (!values.only || values.only === scenario.kind) await measure(scenario, backend.port);
  backend.child.disconnect();
}

main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
