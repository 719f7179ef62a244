/**
 * The answers on a session of 1,000,000 paired requests, after ingest: statistics by route, the verdict, what differs in
 * the slow ones, a comparison
 * with itself, the queueing model. Goal: together under 3 s. Peer: sorting all R C once, which every quantile needs.
 * Run: npx tsx bench/answers.ts [requests]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { comparedRun } from "../src/engine/compared-run";
import { measuredOf } from "../src/engine/measured";
import { openSession } from "../src/engine/node/open";
import { RowFacts } from "../src/engine/row-facts";
import { statisticsBy } from "../src/engine/statistics";
import { differencesOf } from "../src/engine/verdict/differs";
import { verdictOf } from "../src/engine/verdict/verdict";
import { compare } from "../src/model/compare/compare";
import { limits, predictOpen } from "../src/model/queueing/predict";
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

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-answers-"));
  try {
    makeSession(folder, requests);
    const { store } = await openSession([folder]);
    // Rows in order of time and routes belong to ingest: views use them as well.
    for (const row of store.spine.rows()) store.spine.routeOf(row);
    const facts = new RowFacts(store);
    const peer = timed(() =>
      Float64Array.from(store.spine.rows(), (row) => facts.duration(row, "clientResponse")).sort(),
    );
    const routes = timed(() => statisticsBy(store, "route"));
    const verdict = timed(() => verdictOf(store));
    const differs = timed(() => differencesOf(store, ""));
    const run = timed(() => comparedRun(store));
    const comparison = timed(() => compare([run.result], [run.result]));
    const model = timed(() => {
      const measured = measuredOf(store)!;
      return [1, 2, 4, 8].map((workers) => predictOpen(measured, workers, 0.8 * limits(measured, workers).most));
    });
    const answers = {
      "statistics by route, 15 durations": routes.ms,
      verdict: verdict.ms,
      "what differs in the slow ones": differs.ms,
      "durations by route, for comparing": run.ms,
      comparison: comparison.ms,
      "queueing model": model.ms,
    };
    const together = Object.values(answers).reduce((sum, ms) => sum + ms, 0);
    console.log(`${store.rows.requests} requests, ${routes.result.length} routes`);
    const line = (name: string, ms: number): void =>
      console.log(`| ${name} | ${ms.toFixed(0)} | ${(ms / peer.ms).toFixed(1)} |`);
    console.log("| | CPU ms | of the peer |\n|---|---:|---:|");
    for (const [name, ms] of Object.entries(answers)) line(name, ms);
    line(`together (goal ${GOAL_MS} ms)`, together);
    line("peer: all R C, sorted once", peer.ms);
    console.log(verdict.result ? `${verdict.result.title} ${verdict.result.text}` : "no part stands out");
    if (together > GOAL_MS) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
