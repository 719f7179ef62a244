/**
 * The answers on a session of 1,000,000 paired requests, after ingest: statistics by route, the verdict, what differs in
 * the slow ones, a comparison with itself, the queueing model. In a thread of its own, as the engine has one, and twice: the
 * first time, as who opens a session waits for them, and once all is compiled. Goal: the first time together in under 3 s;
 * processor time, with that of the threads that compile, stands beside, since it says more on a busy machine. Peer: sorting all R C once, which every quantile needs; its second time in the same thread.
 * Run: npx tsx bench/answers.ts [requests]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { comparedRun } from "../src/engine/compared-run";
import { measuredOf } from "../src/engine/measured";
import { openSession } from "../src/engine/node/open";
import { RowFacts } from "../src/engine/row-facts";
import { statisticsBy } from "../src/engine/statistics";
import type { Store } from "../src/engine/store";
import { differencesOf } from "../src/engine/verdict/differs";
import { verdictOf } from "../src/engine/verdict/verdict";
import { compare } from "../src/model/compare/compare";
import { limits, predictOpen } from "../src/model/queueing/predict";
import { inThread } from "./thread";
import { makeSession } from "./timeline/make";

const GOAL_MS = 3000;
const requests = Number(process.argv[2] ?? 1_000_000);

/** CPU time, so that what else runs on the machine counts less. */
function timed<T>(work: () => T): { ms: number; result: T } {
  const from = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(from);
  return { ms: (user + system) / 1000, result };
}

/** CPU ms of each answer, and what is said of it. */
function answer(store: Store): { ms: Record<string, number>; said: string } {
  const routes = timed(() => statisticsBy(store, "route"));
  const verdict = timed(() => verdictOf(store));
  const differs = timed(() => differencesOf(store, ""));
  const run = timed(() => comparedRun(store));
  const comparison = timed(() => compare([run.result], [run.result]));
  const model = timed(() => {
    const measured = measuredOf(store)!;
    return [1, 2, 4, 8].map((workers) => predictOpen(measured, workers, 0.8 * limits(measured, workers).most));
  });
  return {
    ms: {
      "statistics by route, 16 durations": routes.ms,
      verdict: verdict.ms,
      "what differs in the slow ones": differs.ms,
      "durations by route, for comparing": run.ms,
      comparison: comparison.ms,
      "queueing model": model.ms,
    },
    said: `${routes.result.length} routes; ${verdict.result ? `${verdict.result.title} ${verdict.result.text}` : "no part stands out"}`,
  };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-answers-"));
  try {
    makeSession(folder, requests);
    const { store } = await openSession([folder]);
    // Rows in order of time and routes belong to ingest: views use them as well.
    for (const row of store.spine.rows()) store.spine.routeOf(row);
    const facts = new RowFacts(store);
    const sorted = (): Float64Array =>
      Float64Array.from(store.spine.rows(), (row) => facts.duration(row, "clientResponse")).sort();
    const began = performance.now();
    const first = answer(store);
    const between = performance.now();
    const again = answer(store);
    const elapsed = [between - began, performance.now() - between] as const;
    const peer = [sorted, sorted].map((work) => timed(work).ms)[1]!;
    const together = (of: Record<string, number>): number => Object.values(of).reduce((sum, ms) => sum + ms, 0);
    const cell = (ms: number): string => `${ms.toFixed(0)} | ${(ms / peer).toFixed(1)}`;
    const line = (name: string, ms: number, later: number): void =>
      console.log(`| ${name} | ${cell(ms)} | ${cell(later)} |`);
    console.log(`${store.rows.requests} requests, ${first.said}`);
    console.log("| | first: CPU ms | of the peer | again: CPU ms | of the peer |\n|---|---:|---:|---:|---:|");
    for (const [name, ms] of Object.entries(first.ms)) line(name, ms, again.ms[name]!);
    line("together", together(first.ms), together(again.ms));
    console.log(`| peer: all R C, sorted once | | | ${cell(peer)} |`);
    const [firstSeconds, againSeconds] = elapsed.map((ms) => `${(ms / 1000).toFixed(1)} s`);
    console.log(`\nelapsed: ${firstSeconds} the first time (goal ${GOAL_MS / 1000} s), ${againSeconds} again`);
    if (elapsed[0] > GOAL_MS) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void (isMainThread ? inThread(__filename) : main());
