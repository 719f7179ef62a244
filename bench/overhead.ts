/**
 * What the preload hook costs a server: CPU per request and throughput against the bare server, with an A/A control and
 * the neighbours' ways in the same run. `npx tsx bench/overhead.ts [--rounds N] [--seconds S] [--connections C]`, after
 * `npm run build` and `npm ci --prefix bench`; needs wrk. Slices alternate between the variants, because the machine's
 * speed drifts; the CPU time is the server's own.
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
  },
});
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), "request-timeline-bench-"));
const hook = resolve("dist/hook.js");

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
  { kind: "http", path: "/", title: "node:http, 13 bytes" },
  { kind: "express", path: "/items/7", title: "Express 5, 1 KB of JSON" },
  { kind: "outgoing", path: "/", title: "node:http with one outgoing request" },
];

interface Usage {
  cpu: NodeJS.CpuUsage;
  memory: number;
}

interface Running {
  variant: Variant;
  child: ChildProcess;
  port: number;
  /** µs of CPU per request, and requests per second, of each slice. */
  cpu: number[];
  rate: number[];
  memory: number;
}

const message = <T>(child: ChildProcess): Promise<T> =>
  new Promise((done) => child.once("message", (value: T) => done(value)));

async function start(variant: Variant, kind: string, backend: number): Promise<Running> {
  const child = fork(resolve("bench/overhead/server.cjs"), [kind, String(backend)], {
    env: variant.env,
    execArgv: variant.execArgv ?? [],
  });
  const { port } = await message<{ port: number }>(child);
  return { variant, child, port, cpu: [], rate: [], memory: 0 };
}

async function usage({ child }: Running): Promise<Usage> {
  const answer = message<Usage>(child);
  child.send("usage");
  return answer;
}

/** Requests that wrk had answered in one slice. */
function load({ port }: Running, path: string, seconds: string): number {
  const out = execFileSync(
    "wrk",
    ["-t1", `-c${values.connections}`, `-d${seconds}s`, `http://127.0.0.1:${port}${path}`],
    {
      encoding: "utf8",
    },
  );
  return Number(/(\d+) requests in/.exec(out)![1]);
}

async function slice(running: Running, path: string): Promise<void> {
  const before = await usage(running);
  const requests = load(running, path, values.seconds);
  const after = await usage(running);
  const micros = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
  running.cpu.push(micros / requests);
  running.rate.push(requests / Number(values.seconds));
  running.memory = after.memory;
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
const median = (numbers: readonly number[]): number => sorted(numbers)[Math.floor(numbers.length / 2)]!;
const quartiles = (numbers: readonly number[]): string =>
  [0.25, 0.75].map((q) => sorted(numbers)[Math.floor((numbers.length - 1) * q)]!.toFixed(1)).join(" to ");

/** Against the bare server of the same round: the drift of the machine is in both. */
function row(running: Running, bare: Running): string {
  const added = running.cpu.map((cpu, i) => cpu - bare.cpu[i]!);
  const ratio = running.rate.map((rate, i) => rate / bare.rate[i]!);
  const cells = [
    running.variant.name,
    median(running.cpu).toFixed(1),
    `${median(added).toFixed(1)} (${quartiles(added)})`,
    median(ratio).toFixed(2),
    `${((running.memory - bare.memory) / 1048576).toFixed(0)}`,
  ];
  return `| ${cells.join(" | ")} |`;
}

async function measure({ kind, path, title }: (typeof SCENARIOS)[number], backend: number): Promise<void> {
  const all: Running[] = [];
  for (const variant of VARIANTS) all.push(await start(variant, kind, backend));
  for (const running of all) load(running, path, "1");
  for (let round = 0; round < rounds; round++)
    for (const running of round % 2 ? all.toReversed() : all) await slice(running, path);
  process.stdout.write(`\n### ${title}\n\n`);
  process.stdout.write("| | CPU µs a request | added µs (quartiles) | throughput, bare = 1 | MB above bare |\n");
  process.stdout.write("|---|---|---|---|---|\n");
  for (const running of all) process.stdout.write(`${row(running, all[0]!)}\n`);
  for (const { child } of all) child.disconnect();
}

async function main(): Promise<void> {
  if (!existsSync(hook)) throw new Error("dist/hook.js is missing: npm run build");
  process.stdout.write(
    `Node ${process.version}, ${values.connections} connections, ${rounds} slices of ${values.seconds} s a variant, alternating\n`,
  );
  const backend = await start(BARE, "http", 0);
  for (const scenario of SCENARIOS) await measure(scenario, backend.port);
  backend.child.disconnect();
}

main()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  })
  .finally(() => rmSync(folder, { recursive: true, force: true }));
