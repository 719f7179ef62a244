/**
 * How long a hover's question of a line waits while a large session is opened and looked at for the first time: a line
 * is asked of the engine's thread every few milliseconds from the first moment on, while the panel asks its own
 * questions as soon as the session is read. Goal: under 20 ms. A line that has not been read yet is answered so.
 * Run: npm run build && npx tsx bench/opening.ts [megabytes of a server's log] [paired requests]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EngineClient } from "../src/engine/node/client";
import { FIRST_VIEW } from "../src/protocol/messages";
import { writeLog } from "./hover/write-log";
import { makeSession } from "./timeline/make";

const GOAL_MS = 20;
const EVERY_MS = 2;
/** What can wait begins when nothing has been asked for a while; then it is watched for so long. */
const QUIET_MS = 300;
const AFTER_MS = 3_000;
const megabytes = Number(process.argv[2] ?? 1024);
const paired = Number(process.argv[3] ?? 1_000_000);

interface Phase {
  name: string;
  /** How long it took, ms. */
  took: number;
  waits: number[];
}

async function watched(file: string, lines: number, paths: string[]): Promise<Phase[]> {
  const engine = new EngineClient(join(__dirname, "../dist/engine.js"));
  // A thread's start is none of a log's size.
  await engine.call("line", { file, line: 1 });
  const phases: Phase[] = [];
  const phase = (name: string): void => {
    const now = performance.now();
    const last = phases.at(-1);
    if (last) last.took = now - last.took;
    phases.push({ name, took: now, waits: [] });
  };
  let watching = true;
  const watch = async (): Promise<void> => {
    for (let turn = 0; watching; turn++) {
      const from = performance.now();
      const own = phases.at(-1)!;
      await engine.call("line", { file, line: 2 + ((turn * 977) % lines) });
      own.waits.push(performance.now() - from);
      await delay(EVERY_MS);
    }
  };
  phase("reading, and the verdict");
  const done = watch();
  const { key: session, span } = await engine.call("open", { paths, follow: true });
  phase("the panel's first questions");
  const page = { session, page: "p" };
  const [{ revision }] = await Promise.all([
    engine.call("view", { ...page, view: FIRST_VIEW }),
    engine.call("overview", { session, from: span[0], to: span[1], buckets: 1200 }),
    engine.call("info", { session }),
  ]);
  await engine.call("rows", { ...page, revision, from: 0, count: 60 });
  phase("a request's details, what differs, a chart");
  await engine.call("detail", { session, index: 5 });
  await engine.call("differs", { session, filter: "" });
  const scope = { filter: "", span: null, zone: [[0, 0]] as const };
  await engine.call("chart", { session, scope, query: { chart: "choices", by: "route" } });
  watching = false;
  await done;
  phase("the index is written, texts are ranked");
  await delay(QUIET_MS);
  watching = true;
  const rest = watch();
  await delay(AFTER_MS);
  watching = false;
  await rest;
  phases.at(-1)!.took = performance.now() - phases.at(-1)!.took;
  await engine.close();
  return phases;
}

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.floor((sorted.length - 1) * q)] ?? Number.NaN;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-opening-"));
  try {
    let reached = true;
    const report = (phases: Phase[]): void => {
      console.log("| while | took, ms | lines asked | p50 ms | p99 ms | longest ms |\n|---|---:|---:|---:|---:|---:|");
      for (const { name, took, waits } of phases) {
        waits.sort((a, b) => a - b);
        const [p50, p99, most] = [0.5, 0.99, 1].map((q) => quantile(waits, q).toFixed(1));
        console.log(`| ${name} | ${took.toFixed(0)} | ${waits.length} | ${p50} | ${p99} | ${most} |`);
        reached &&= !(waits.at(-1)! >= GOAL_MS);
      }
    };
    if (megabytes) {
      const file = join(folder, "server.ndjson");
      const lines = writeLog(file, megabytes * 2 ** 20);
      console.log(`\na server's log of ${megabytes} MB, ${lines} requests\n`);
      report(await watched(file, lines, [file]));
      rmSync(file);
      rmSync(`${file}.rtindex`, { force: true });
    }
    if (paired) {
      const paths = makeSession(folder, paired);
      console.log(`\n${paired} paired requests\n`);
      report(await watched(paths[1]!, paired, [folder]));
    }
    if (!reached) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
