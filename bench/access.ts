/**
 * Opening an access log of 200,000 lines (nginx's combined format with $request_time behind it): lines a second into the
 * engine's columns, times, durations and targets included. Peers: readline and one regular expression a line, which keeps
 * four fields, the time as text, and throws the rest away; and the lines alone. Alternating, in one process; medians of processor time.
 * Run: npx tsx bench/access.ts [lines] [rounds]
 */
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openSession } from "../src/engine/node/open";

const lines = Number(process.argv[2] ?? 200_000);
const rounds = Number(process.argv[3] ?? 5);
const START = Date.UTC(2025, 10, 3, 9);
const COMBINED = /^(\S+) \S+ \S+ \[([^\]]+)\] "(\S+) (\S+) [^"]*" (\d{3}) (\d+|-) "[^"]*" "[^"]*" (\S+)$/;

/** A busy hour: twenty lines a second, a thousand paths, a twentieth of them not found. */
function makeAccessLog(path: string): void {
  let state = 12_345;
  const below = (most: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % most;
  };
  const text = Array.from({ length: lines }, (_, at) => {
    const [, day, month, year, time] = new Date(START + at * 50).toUTCString().split(" ");
    return (
      `10.0.${below(200)}.${below(250)} - - [${day}/${month}/${year}:${time} +0000] ` +
      `"GET /api/items/${below(1000)}?q=${below(50)} HTTP/1.1" ${below(20) ? 200 : 404} ${below(50_000)} ` +
      `"https://example.test/page/${below(30)}" "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36" ${(below(2000) / 1000).toFixed(3)}\n`
    );
  });
  writeFileSync(path, text.join(""));
}

async function linesOf(path: string, each: (line: string) => void): Promise<number> {
  let count = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    each(line);
    count++;
  }
  return count;
}

const ways: Record<string, (path: string) => Promise<number>> = {
  "the engine, into columns": async (path) => (await openSession([path])).store.server.length,
  "peer: readline and a regular expression": async (path) => {
    const kept: [string, string, number, number][] = [];
    await linesOf(path, (line) => {
      const match = COMBINED.exec(line);
      if (match) kept.push([match[2]!, match[4]!, Number(match[5]), Number(match[7])]);
    });
    return kept.length;
  },
  "readline alone": (path) => linesOf(path, () => undefined),
};

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-access-"));
  const log = join(folder, "access.log");
  const taken = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
  try {
    makeAccessLog(log);
    for (let round = 0; round < rounds; round++)
      for (const [name, way] of Object.entries(ways)) {
        const before = process.cpuUsage();
        const read = await way(log);
        const { user, system } = process.cpuUsage(before);
        if (read !== lines) throw new Error(`${name}: ${read} of ${lines} lines`);
        taken.get(name)!.push((user + system) / 1000);
      }
    console.log(`${lines} lines, ${rounds} rounds\n`);
    console.log("| | CPU ms, median | least | most | lines/s |\n|---|---:|---:|---:|---:|");
    for (const [name, times] of taken) {
      const sorted = times.toSorted((a, b) => a - b);
      const median = sorted[sorted.length >> 1]!;
      const cells = [median, sorted[0]!, sorted.at(-1)!].map((time) => time.toFixed(0));
      console.log(`| ${name} | ${cells.join(" | ")} | ${Math.round((lines / median) * 1000)} |`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
