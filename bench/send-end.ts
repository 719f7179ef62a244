/**
 * How far R C can be below R S: cold recordings of the campus example, each by a server that has just been started, of a
 * recording's first request and of its others. Goal: nowhere below by more than 1 ms, on an idle machine, beside a busy
 * loop, and with client and server on one processor. The control within each row are the requests that are not the first.
 * Run: npm run build && npx tsx bench/send-end.ts [recordings]
 */
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { openSession } from "../src/engine/node/open";
import { assemble } from "../src/engine/request";
import { quantileSorted } from "../src/model/statistics/quantile";

const run = promisify(execFile);
const recordings = Number(process.argv[2] ?? 50);
const ROOT = resolve(__dirname, "..");
const BELOW_MICROS = 1_000;

/** R C − R S of each request of a fresh recording, µs, in order of their start. */
async function record(prefix: readonly string[]): Promise<number[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-send-end-"));
  try {
    const session = join(folder, "session");
    const urls = ["--page", "/", "/cgi-bin/calendar.cgi?3+1993"];
    const words = [...prefix, process.execPath, "dist/cli.js", "record", "--session", session, "--serve"];
    const [command, ...args] = [...words, "examples/campus", "--", ...urls];
    await run(command!, args, { cwd: ROOT });
    const { store } = await openSession([session]);
    return Array.from(store.spine.rows(), (row) => assemble(store, row).durations.network ?? Number.NaN);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function row(what: string, prefix: readonly string[]): Promise<void> {
  const first: number[] = [];
  const others: number[] = [];
  for (let i = 0; i < recordings; i++) {
    const [one, ...rest] = await record(prefix);
    first.push(one!);
    others.push(...rest);
  }
  const all = [...first, ...others];
  const below = all.filter((network) => !(network >= -BELOW_MICROS)).length;
  const cells = (values: number[], low: number): string[] => {
    const sorted = Float64Array.from(values).sort();
    return [0, low, 0.5].map((p) => Math.round(quantileSorted(sorted, p)).toLocaleString("en"));
  };
  console.log(`| ${[what, ...cells(first, 0.05), ...cells(others, 0.01)].join(" | ")} | ${below} of ${all.length} |`);
}

async function main(): Promise<void> {
  console.log(
    `${recordings} recordings a row, Node ${process.version.slice(1)}; R C − R S in µs\n\n` +
      "| | first: least | 5 % | median | others: least | 1 % | median | below −1 ms |\n|---|---|---|---|---|---|---|---|",
  );
  await row("nothing else", []);
  const busy = spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
  try {
    await row("beside a busy loop", []);
  } finally {
    busy.kill();
  }
  await row("client and server on one processor", ["taskset", "-c", "0"]);
}

void main();
