/**
 * Reading a log of 1,000,000 records into columns: the engine's byte scanner, with a thread that scans
 * and without; the same columns by JSON.parse a line, and
 * by readline and JSON.parse; DuckDB's read_json on two threads; `wc -l` as the floor. Alternating, each in a process of
 * its own; medians. Beside the time the CPU's, which says more on a busy machine. Ends with what opening, opening again
 * by the index, and the first queries take; and opening a session of as many requests with both sides' logs.
 * Run: npm --prefix bench ci && npx tsx bench/ingest.ts [records] [rounds]; with 0 rounds it is opened only (10,000,000).
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { build } from "esbuild";
import { EngineClient } from "../src/engine/node/client";
import { FIRST_VIEW, type View } from "../src/protocol/messages";
import { makeLog } from "./ingest/make";
import { makeSession } from "./timeline/make";

const records = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 3);
const root = resolve(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "request-timeline-bench-"));
const log = join(folder, "server.ndjson");
const paired = join(folder, "paired");
/** Two logs of more do not fit a session. */
const MOST_PAIRED = 2_000_000;
const reader = join(folder, "read.js");
const engineScript = join(folder, "engine.js");

interface Taken {
  milliseconds: number;
  /** User and system, of all threads. */
  cpu: number;
  /** Most memory of the process, MiB. */
  peak: number;
  rows: number;
  columns: number | null;
}

const MODES: Record<string, string> = {
  scanner: "our byte scanner → columns, 2 threads",
  alone: "our byte scanner → columns, 1 thread",
  json: "JSON.parse a line → the same columns",
  readline: "readline + JSON.parse → the same columns",
  duckdb: "DuckDB read_json, 2 threads",
  wc: "wc -l",
};

function run(mode: string): Taken {
  const peers = join(root, "bench/package.json");
  if (mode !== "wc")
    return JSON.parse(execFileSync(process.execPath, [reader, mode, log, peers], { encoding: "utf8" }));
  const began = performance.now();
  execFileSync("wc", ["-l", log]);
  const milliseconds = performance.now() - began;
  return { milliseconds, cpu: Number.NaN, peak: Number.NaN, rows: records, columns: null };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

async function ingest(): Promise<void> {
  const taken = new Map<string, Taken[]>(Object.keys(MODES).map((mode) => [mode, []]));
  for (let round = 0; round < rounds; round++)
    for (const mode of taken.keys()) {
      const result = run(mode);
      if (result.rows !== records) throw new Error(`${mode} read ${result.rows} of ${records} records`);
      taken.get(mode)!.push(result);
    }
  const of = (mode: string, key: "milliseconds" | "cpu" | "peak") => median(taken.get(mode)!.map((one) => one[key]));
  console.log(`${"".padEnd(42)}${"ms".padStart(8)}${"CPU ms".padStart(8)}${"peak MiB".padStart(10)}  time ÷ scanner's`);
  for (const [mode, label] of Object.entries(MODES)) {
    const cell = (key: "milliseconds" | "cpu" | "peak", width: number) =>
      (Number.isNaN(of(mode, key)) ? "–" : of(mode, key).toFixed(0)).padStart(width);
    const ratio = of(mode, "milliseconds") / of("scanner", "milliseconds");
    console.log(
      `${label.padEnd(42)}${cell("milliseconds", 8)}${cell("cpu", 8)}${cell("peak", 10)}  ${ratio.toFixed(2)}`,
    );
  }
  const columns = taken.get("scanner")![0]!.columns!;
  console.log(`columns and interned strings: ${(columns / records).toFixed(0)} bytes a request`);
}

/** A session in the worker, as the extension opens it: time to the first rows and overview, then queries. */
async function sessions(what: string, path: string, index: string, ask: typeof queries): Promise<void> {
  for (const how of ["from the bare logs", "by the index"]) {
    const engine = new EngineClient(engineScript);
    const began = performance.now();
    const before = process.cpuUsage();
    const { key: session, span, requests, problems } = await engine.call("open", { paths: [path], follow: false });
    const { revision } = await engine.call("view", { session, page: "p", view: FIRST_VIEW });
    await engine.call("rows", { session, page: "p", revision, from: 0, count: 60 });
    await engine.call("overview", { session, from: 0, to: span[1], buckets: 1000 });
    const taken = (performance.now() - began).toFixed(0);
    const { user, system } = process.cpuUsage(before);
    const cpu = ((user + system) / 1000).toFixed(0);
    console.log(`${what} ${how}, rows and overview there: ${taken} ms, CPU ${cpu} ms, ${requests} requests`);
    if (problems > 0) {
      const { problems: kept } = await engine.call("problems", { session, limit: 3 });
      for (const { line, reason } of kept) console.log(`problem in line ${line}: ${reason}`);
    }
    if (how === "by the index") await ask(engine, session);
    else for (let wait = 0; wait < 3000 && !existsSync(index); wait++) await delay(100);
    await engine.close();
  }
  console.log(`index: ${(statSync(index).size / records).toFixed(0)} bytes a request`);
}

/** What a person takes to look at a session before the first question. */
const LOOK_MS = 1500;

async function queries(engine: EngineClient, session: string): Promise<void> {
  await delay(LOOK_MS);
  const wanted: [string, Partial<View>][] = [
    ["sort by R S", { sort: "serverResponse", descending: true }],
    ["sort by path", { sort: "path" }],
    ["filter rs:>15ms", { filter: "rs:>15ms" }],
    ["filter path:/items/1*", { filter: "path:/items/1*" }],
    ["search 77777", { filter: "77777" }],
    ["group by status", { group: "status" }],
    ["group by path (303,000 groups)", { group: "route" }],
  ];
  for (const [what, view] of wanted) {
    const began = performance.now();
    const { revision, matches } = await engine.call("view", { session, page: "p", view: { ...FIRST_VIEW, ...view } });
    await engine.call("rows", { session, page: "p", revision, from: 0, count: 60 });
    console.log(`${what.padEnd(34)}${(performance.now() - began).toFixed(0).padStart(6)} ms  ${matches} rows`);
  }
}

async function main(): Promise<void> {
  const common = { bundle: true, platform: "node", format: "cjs", target: "node20", logLevel: "warning" } as const;
  await build({ ...common, entryPoints: [join(root, "bench/ingest/read.ts")], outfile: reader });
  await build({ ...common, entryPoints: [join(root, "src/engine/node/worker.ts")], outfile: engineScript });
  makeLog(log, records);
  console.log(
    `${records} records, ${(statSync(log).size / 1e6).toFixed(0)} MB, Node ${process.version}, median of ${rounds}`,
  );
  if (rounds > 0) await ingest();
  await sessions("a server's log", log, `${log}.rtindex`, queries);
  if (records <= MOST_PAIRED) {
    rmSync(log);
    mkdirSync(paired);
    makeSession(paired, records);
    await sessions("client and server", paired, join(paired, "session.rtindex"), async () => undefined);
  }
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(`most memory of this process, with the engine's thread and its queries: ${peak.toFixed(0)} MiB`);
}

main().finally(() => rmSync(folder, { recursive: true, force: true }));
