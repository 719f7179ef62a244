/**
 * Each chart's data on a session of 1,000,000 paired requests, after ingest, as the worker computes them and in a thread of
 * its own: the first question of a filter also chooses the rows. Goal: each well under a second. Peer: sorting all R C
 * once, which every quantile needs. CPU time, so that what else runs on the machine counts less; the median of the runs and
 * their range.
 * Run: npx tsx bench/charts.ts [requests] [runs]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { chartOf } from "../src/engine/charts/chart";
import { openSession } from "../src/engine/node/open";
import { RowFacts } from "../src/engine/row-facts";
import type { ChartData, ChartQuery } from "../src/protocol/charts";
import { inThread } from "./thread";
import { makeSession } from "./timeline/make";

const GOAL_MS = 1_000;
const requests = Number(process.argv[2] ?? 1_000_000);
const runs = Number(process.argv[3] ?? 5);

const QUERIES: Record<string, ChartQuery> = {
  "choices, by route": { chart: "choices", by: "route" },
  "time of the day": { chart: "day", by: "route", over: "day", peaks: "mad" },
  distribution: { chart: "latency", of: "clientResponse" },
  "heat map": { chart: "heat", of: "clientResponse", columns: 90 },
  "duration against size": { chart: "size", of: "clientResponse" },
  "objects by size": { chart: "objects", page: null },
  "requests by path": { chart: "traffic", by: "path" },
  "requests by hour": { chart: "traffic", by: "hour" },
  "requests by day": { chart: "traffic", by: "day" },
  "at once, and the queue": { chart: "load", columns: 240 },
  prediction: { chart: "prediction" },
};

function cpuMs(work: () => unknown): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}

function repeated(work: () => unknown): { median: number; text: string } {
  const times = Array.from({ length: runs }, () => cpuMs(work)).sort((a, b) => a - b);
  const median = times[runs >> 1]!;
  const range = `${times[0]!.toFixed(0)}–${times.at(-1)!.toFixed(0)}`;
  return { median, text: `${median.toFixed(0).padStart(6)} ms  (${range})` };
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-charts-"));
  try {
    makeSession(folder, requests);
    const { store } = await openSession([folder]);
    // Rows in order of time and routes belong to ingest: views use them as well.
    for (const row of store.spine.rows()) store.spine.routeOf(row);
    const facts = new RowFacts(store);
    const data = (filter: string, query: ChartQuery): ChartData => {
      const steps = chartOf(store, { filter, span: null, zone: [[0, 60]] }, query);
      for (;;) {
        const step = steps.next();
        if (step.done) return step.value;
      }
    };
    const peer = repeated(() =>
      Float64Array.from(store.spine.rows(), (row) => facts.duration(row, "clientResponse")).sort(),
    );
    console.log(`${store.rows.requests.toLocaleString("en")} requests, CPU time: median of ${runs} (range)\n`);
    let number = 0;
    let slowest = 0;
    const measured: [string, () => unknown][] = [
      // Another filter each time: nothing is remembered of it.
      ["choosing the rows by a filter", () => data(`rc:>${number++}us`, { chart: "choices", by: "route" })],
      ...Object.entries(QUERIES).map(([name, query]): [string, () => unknown] => [name, () => data("", query)]),
    ];
    for (const [name, work] of measured) {
      const { median, text } = repeated(work);
      slowest = Math.max(slowest, median);
      console.log(`${name.padEnd(32)}${text.padEnd(26)}  × ${(median / peer.median).toFixed(1)}`);
    }
    console.log(`${"peer: all R C, sorted once".padEnd(32)}${peer.text}`);
    if (slowest > GOAL_MS) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void (isMainThread ? inThread(__filename) : main());
