/**
 * What a hover on a log's line costs over the file's size; goal: under 20 ms, whatever the size. Measured is all but
 * VS Code itself: decoding the line, and the engine's answer across its thread. Peer: `grep` for the record's id, which
 * is how one finds the other lines of a request without a hover. Besides: finding a line in a file that is too large
 * for the editor (a slice), and the scan that it needs once.
 * Run: npm run build && npx tsx bench/hover.ts [megabytes …]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isMainThread } from "node:worker_threads";
import { EngineClient } from "../src/engine/node/client";
import { LineIndex } from "../src/extension/line-index";
import { recordAt } from "../src/extension/record-at";
import { SLICE_LINES } from "../src/extension/slice-lines";
import { nativeFormat } from "../src/formats/native-format";
import { idOf, writeLog } from "./hover/write-log";
import { inThread } from "./thread";

const GOAL_MS = 20;
const HOVERS = 500;
const megabytes = process.argv.slice(2).map(Number);
const sizes = megabytes.length ? megabytes : [1, 10, 50, 200];
const folder = mkdtempSync(join(tmpdir(), "request-timeline-bench-hover-"));

function timed<T>(work: () => T): { ms: number; result: T } {
  const from = performance.now();
  const result = work();
  return { ms: performance.now() - from, result };
}

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor((sorted.length - 1) * q)]!;

async function measure(size: number): Promise<boolean> {
  const file = join(folder, `${size}.ndjson`);
  const requests = writeLog(file, size * 1024 * 1024);
  const engine = new EngineClient(resolve("dist/engine.js"));
  await engine.call("open", { paths: [file], follow: true });
  const index = new LineIndex(file, SLICE_LINES);
  const scanFrom = performance.now();
  await index.lineCount();
  const scan = performance.now() - scanFrom;

  const hovers: number[] = [];
  const slices: number[] = [];
  for (let hover = 0; hover < HOVERS; hover++) {
    const request = 1 + Math.floor((hover / HOVERS) * requests);
    const line = request + 1;
    const sliceFrom = performance.now();
    const slice = await index.slice(Math.floor((line - 1) / SLICE_LINES) * SLICE_LINES + 1);
    slices.push(performance.now() - sliceFrom);
    const text = slice.split("\n")[(line - 1) % SLICE_LINES];
    const from = performance.now();
    const at = recordAt(nativeFormat, () => text, 0, {});
    const found = await engine.call("line", { file, line });
    hovers.push(performance.now() - from);
    if (!at || !("record" in at) || found?.detail.request.id !== idOf(request))
      throw new Error(`line ${line} is not request ${request}`);
  }
  await engine.close();
  const greps = Array.from({ length: 5 }, () => timed(() => execFileSync("grep", ["-c", idOf(requests), file])).ms);
  const own = hovers.sort((a, b) => a - b);
  const peer = quantile(
    greps.sort((a, b) => a - b),
    0.5,
  );
  const columns = [
    `${String(Math.round(statSync(file).size / 1024 / 1024)).padStart(5)} MB`,
    `${String(requests).padStart(8)} records`,
    `hover p50 ${quantile(own, 0.5).toFixed(2)} p95 ${quantile(own, 0.95).toFixed(2)} ms`,
    `grep ${peer.toFixed(1)} ms, ratio ${(quantile(own, 0.5) / peer).toFixed(3)}`,
    `slice p50 ${quantile(
      slices.sort((a, b) => a - b),
      0.5,
    ).toFixed(1)} ms after a scan of ${scan.toFixed(0)} ms`,
  ];
  console.log(columns.join("  "));
  rmSync(file);
  return quantile(own, 0.95) < GOAL_MS;
}

async function main(): Promise<void> {
  try {
    let reached = true;
    for (const size of sizes) reached = (await measure(size)) && reached;
    if (!reached) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void (isMainThread ? inThread(__filename) : main());
