/**
 * Level of detail over 1,000,000 requests: how long the pyramid takes to be built, to be built with the columns that it
 * stands on, and to be extended by what a recording at 5,000 requests a second brings in a tenth of a second. Peers: one
 * pass over the same values for their extremes, and building it anew. Goals: built in under 70 ms; extended, not rebuilt.
 * Run: npx tsx bench/pyramid.ts [requests] [rounds]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession } from "../src/engine/node/open";
import { RowColumns } from "../src/engine/row-columns";
import { Pyramid } from "../src/model/pyramid";
import { makeSession } from "./timeline/make";

const requests = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 15);
const LIVE = 500;

function timed(work: () => void): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

function say(what: string, times: number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const cells = [sorted[sorted.length >> 1]!, sorted[0]!, sorted.at(-1)!].map((time) => time.toFixed(2));
  console.log(`| ${what} | ${cells.join(" | ")} |`);
}

const repeated = (work: () => void): number[] => Array.from({ length: rounds }, () => timed(work));

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-pyramid-"));
  try {
    makeSession(folder, requests);
    const { store } = await openSession([folder]);
    const rows = store.spine.rows();
    const columns = () => {
      const of = new RowColumns(store, rows);
      return { values: Float32Array.from(of.responseTime()), marks: of.failures() };
    };
    const { values, marks } = columns();
    console.log(`${requests} requests, ${rounds} rounds\n`);
    console.log("| | median ms | least | most |\n|---|---:|---:|---:|");
    say(
      "built",
      repeated(() => new Pyramid().replaceFrom(0, values, marks)),
    );
    say(
      "built, with its columns taken from the store",
      repeated(() => {
        const taken = columns();
        new Pyramid().replaceFrom(0, taken.values, taken.marks);
      }),
    );
    const live = new Pyramid();
    live.replaceFrom(0, values, marks);
    const [more, marked] = [values.slice(0, LIVE), marks.slice(0, LIVE)];
    // Fifty tenths of a second; where it has to grow is among them.
    const steps = Array.from({ length: 50 }, () => timed(() => live.replaceFrom(live.length, more, marked)));
    say(`extended by ${LIVE}`, steps);
    say(
      "peer: one pass over the values for their extremes",
      repeated(() => {
        let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
        for (let at = 0; at < values.length; at++) {
          if (values[at]! < least) least = values[at]!;
          if (values[at]! > most) most = values[at]!;
        }
        if (least > most) throw new Error("no values");
      }),
    );
    const whole = live.range(0, requests);
    if (whole.max !== values.reduce((a, b) => Math.max(a, b))) throw new Error("an extreme is lost");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
