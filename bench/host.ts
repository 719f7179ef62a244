/**
 * What the engine leaves of its host's event loop: the greatest delay while a session of many requests loads, and while
 * one records at 5,000 requests/s and a page asks for its view and overview after every change. This process stands for
 * the extension host: it holds the same client of the same worker. Control in the same run: the same time, the same
 * writer, without the engine. Goal: at most 50 ms above the control.
 * Run: npx tsx bench/host.ts [requests] [seconds]
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { build } from "esbuild";
import { EngineClient } from "../src/engine/node/client";
import { FIRST_VIEW } from "../src/protocol/messages";
import { makeLog } from "./ingest/make";

const requests = Number(process.argv[2] ?? 1_000_000);
const seconds = Number(process.argv[3] ?? 10);
const RATE = 5000;
const root = resolve(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "request-timeline-bench-"));
const script = join(folder, "engine.js");
const append = join(folder, "append.js");
/** Delays of this process's event loop while the work goes on, ms. */
async function measured(what: string, work: () => Promise<string>): Promise<void> {
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const heap = process.memoryUsage().heapUsed;
  loop.enable();
  const said = await work();
  loop.disable();
  const ms = (nanoseconds: number) => (nanoseconds / 1e6).toFixed(1).padStart(7);
  const grown = ((process.memoryUsage().heapUsed - heap) / 2 ** 20).toFixed(1);
  console.log(
    `${what.padEnd(44)}${ms(loop.percentile(50))}${ms(loop.percentile(99))}${ms(loop.max)}  heap +${grown} MiB  ${said}`,
  );
}

async function load(): Promise<string> {
  const engine = new EngineClient(script);
  const began = performance.now();
  const { key: session, span } = await engine.call("open", { paths: [join(folder, "big.ndjson")], follow: false });
  await ask(engine, session, span[1]);
  await engine.close();
  return `${((performance.now() - began) / 1000).toFixed(1)} s`;
}

async function ask(engine: EngineClient, session: string, to: number): Promise<void> {
  const { revision, rows } = await engine.call("view", { session, page: "p", view: FIRST_VIEW });
  await engine.call("rows", { session, page: "p", revision, from: Math.max(0, rows - 60), count: 60 });
  await engine.call("overview", { session, from: 0, to: Math.max(1, to), buckets: 1000 });
}

/** With the writer at work; the engine follows its log where `follow` is given. */
async function recorded(name: string, follow: boolean): Promise<string> {
  const live = join(folder, name);
  mkdirSync(live);
  const writer: ChildProcess = spawn(process.execPath, [append, join(live, "server.ndjson"), String(RATE)]);
  const engine = follow ? new EngineClient(script) : null;
  let seen = 0;
  let changes = 0;
  engine?.onEvent((event) => {
    if (event.event !== "changed") return;
    seen = event.info.requests;
    changes++;
    ask(engine, event.info.key, event.info.span[1]).catch(() => undefined);
  });
  await engine?.call("open", { paths: [live], follow: true });
  await delay(seconds * 1000);
  writer.kill();
  await engine?.close();
  return follow ? `${seen} requests in ${changes} changes` : "";
}

async function main(): Promise<void> {
  const common = { bundle: true, platform: "node", format: "cjs", target: "node20", logLevel: "warning" } as const;
  await build({ ...common, entryPoints: [join(root, "src/engine/node/worker.ts")], outfile: script });
  await build({ ...common, entryPoints: [join(root, "bench/host/append.ts")], outfile: append });
  makeLog(join(folder, "big.ndjson"), requests);
  console.log(`event-loop delay, ms${"median".padStart(31)}${"99 %".padStart(7)}${"max".padStart(7)}`);
  await measured("control: idle", async () => {
    await delay(seconds * 1000);
    return "";
  });
  await measured(`loading ${requests} requests`, load);
  await measured("control: the writer alone", () => recorded("control", false));
  await measured(`following ${RATE} requests/s`, () => recorded("live", true));
}

main().finally(() => rmSync(folder, { recursive: true, force: true }));
