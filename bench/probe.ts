/**
 * The probe against its peers, in one run: `npx tsx bench/probe.ts [--seconds 3] [--rounds 5]`.
 * Closed loop: requests/s as a ratio to wrk (its own second run is the control) and to autocannon (npm install in bench/).
 * Open loop: how far from its schedule a request starts, and what that costs. R C against a packet capture.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
import { defaultProbeOptions, type ProbeOptions, planOf } from "../src/cli/probe-options";
import { LogWriter } from "../src/log/writer";
import { runProbe } from "../src/probe/probe";
import { Recorder } from "../src/probe/recorder";
import { readLog } from "../test/unit/probe/support";
import { capturedTimes, startCapture } from "./probe/capture";

const run = promisify(execFile);
const { values } = parseArgs({
  options: { seconds: { type: "string", default: "3" }, rounds: { type: "string", default: "5" } },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const CONNECTIONS = 32;
/** With all stamps, and the log written. */
const OURS = "request-timeline";
const folder = mkdtempSync(join(tmpdir(), "bench-probe-"));

const median = (sample: readonly number[]): number => sample.toSorted((a, b) => a - b)[Math.floor(sample.length / 2)]!;
const quantile = (sample: readonly number[], q: number): number =>
  sample.toSorted((a, b) => a - b)[Math.min(sample.length - 1, Math.floor(sample.length * q))]!;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

let logs = 0;

async function probe(url: string, options: Partial<ProbeOptions>) {
  const file = join(folder, `${++logs}.ndjson`);
  const recorder = new Recorder(new LogWriter({ file, role: "client" }));
  const plan = planOf([url], { ...defaultProbeOptions(), ...options });
  const before = process.cpuUsage();
  const result = await runProbe(plan, recorder, new AbortController().signal);
  const { user, system } = process.cpuUsage(before);
  recorder.close();
  return { result, file, cpuSeconds: (user + system) / 1e6 };
}

interface Run {
  rate: number;
  /** µs of the client's own processor time per request. */
  cpu: number;
}

/** Runs a client under the shell's `time`; `read` finds rate and number of requests in what it prints. */
async function timed(words: string[], read: (stdout: string) => { rate: number; requests: number }): Promise<Run> {
  const { stdout, stderr } = await run("bash", ["-c", 'TIMEFORMAT="%U %S"; time "$@"', "bash", ...words]);
  const [user, system] = stderr.trimEnd().split("\n").at(-1)!.split(" ").map(Number);
  const { rate, requests } = read(stdout);
  return { rate, cpu: ((user! + system!) / requests) * 1e6 };
}

async function ours(url: string): Promise<Run> {
  const words = ["probe", url, "--closed", "--duration", String(seconds), "--connections", String(CONNECTIONS)];
  const file = join(folder, `${++logs}.ndjson`);
  const result = await timed([process.execPath, "dist/cli.js", ...words, "--log", file, "--json"], (stdout) => {
    const { load, requests } = JSON.parse(stdout);
    return { rate: load.throughput, requests };
  });
  rmSync(file);
  return result;
}

const wrk = (url: string): Promise<Run> =>
  timed(["wrk", "-t1", `-c${CONNECTIONS}`, `-d${seconds}`, url], (stdout) => ({
    rate: Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1]),
    requests: Number(/(\d+) requests in/.exec(stdout)?.[1]),
  }));

function autocannon(url: string): Promise<Run> {
  const words = ["-c", String(CONNECTIONS), "-d", String(seconds), "-j", url];
  return timed([process.execPath, "bench/node_modules/autocannon/autocannon.js", ...words], (stdout) => {
    const { requests } = JSON.parse(stdout);
    return { rate: requests.average, requests: requests.total };
  });
}

async function closedLoop(url: string): Promise<void> {
  const peers = new Map([
    ["wrk", wrk],
    ["wrk again (control)", wrk],
    [OURS, ours],
  ]);
  if (existsSync("bench/node_modules/autocannon")) peers.set("autocannon", autocannon);
  const runs = new Map<string, Run[]>([...peers.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, client] of peers) runs.get(name)!.push(await client(url));
  const ratio = (name: string, peer: string) =>
    median(runs.get(name)!.map(({ rate }, i) => rate / runs.get(peer)![i]!.rate)).toFixed(2);
  print(`Closed loop, ${CONNECTIONS} connections, ${rounds} rounds of ${seconds} s, medians:\n`);
  print("| client | requests/s | of wrk's | CPU µs a request |\n|---|---:|---:|---:|");
  for (const [name, sample] of runs) {
    const rate = Math.round(median(sample.map((one) => one.rate)));
    const cpu = median(sample.map((one) => one.cpu)).toFixed(1);
    print(`| ${name} | ${rate} | ${ratio(name, "wrk")} | ${cpu} |`);
  }
  if (peers.has("autocannon"))
    print(`\nOurs of autocannon's: ${ratio(OURS, "autocannon")} (goal 1.3); of wrk's the goal is 0.75.`);
}

/** Without what starting a process and warming its code up cost. */
async function steadyState(url: string): Promise<void> {
  let cpu = 0;
  for (let round = 0; round < 3; round++) {
    const { result, cpuSeconds } = await probe(url, { closed: true, duration: seconds, connections: CONNECTIONS });
    cpu = (cpuSeconds / result.requests) * 1e6;
  }
  print(`Warmed up ours costs ${cpu.toFixed(1)} µs of CPU a request.`);
}

async function openLoop(url: string): Promise<void> {
  print("\n| open loop | schedule error, median µs | 99 % µs | CPU, % of a core |\n|---|---:|---:|---:|");
  for (const rate of [100, 1000]) {
    const { file, cpuSeconds } = await probe(url, { rate, duration: seconds, warmUp: 1 });
    const errors = readLog(file).flatMap((record) =>
      record.type === "client" && !record.warmup ? [record.requestStart! - record.intendedStart!] : [],
    );
    const share = Math.round((cpuSeconds / (seconds + 1)) * 100);
    print(`| ${rate}/s | ${median(errors)} | ${quantile(errors, 0.99)} | ${share} |`);
  }
}

async function againstCapture(url: string, port: number): Promise<void> {
  const pcap = join(folder, "lo.pcap");
  let dump: ChildProcess;
  try {
    dump = await startCapture(port, pcap);
  } catch (error) {
    print(`R C against a packet capture: not measured (${(error as Error).message})`);
    return;
  }
  const { file } = await probe(url, { count: 500 });
  // tcpdump reads behind: the last packets are in the file when that has stopped to grow and tcpdump has ended.
  for (let size = -1; size !== statSync(pcap).size; await delay(2_000)) size = statSync(pcap).size;
  const ended = new Promise((resolve) => dump.once("close", resolve));
  dump.removeAllListeners("exit").kill("SIGINT");
  await ended;
  const captured = capturedTimes(pcap, port);
  const differences = readLog(file).flatMap((record) => {
    if (record.type !== "client") return [];
    const time = captured.get(Number(/:(\d+)>/.exec(record.conn!)![1]))?.[record.ord! - 1];
    return time === undefined ? [] : [record.responseEnd! - record.requestStart! - time];
  });
  print(
    `\nR C less that of a packet capture, ${differences.length} requests: median ${median(differences)} µs, ` +
      `95th percentile ${quantile(differences, 0.95)} µs`,
  );
}

async function main(): Promise<void> {
  const server = spawn(process.execPath, ["--import", "tsx", "bench/probe/canned-server.ts"]);
  try {
    const port = await new Promise<number>((resolve) => server.stdout.once("data", (text) => resolve(Number(text))));
    const url = `http://127.0.0.1:${port}/`;
    await closedLoop(url);
    await steadyState(url);
    await openLoop(url);
    await againstCapture(url, port);
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
