/**
 * What more workers bring: throughput and R S of the reference server's pool for 1 to N workers, by lock mode and
 * workload, each compared with one worker in the same run. `npx tsx bench/speedup.ts [--workers 1,2,4] [--seconds S]
 * [--repeats R] [--connections C] [--only 'page that waits']`. The A/A column is one worker against itself.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { type Cell, type Measured, runCell } from "./speedup/run";
import { chart, explain, row, TITLES } from "./speedup/table";
import { WORKLOADS } from "./speedup/workloads";

const { values } = parseArgs({
  options: {
    workers: { type: "string", default: "1,2,4" },
    seconds: { type: "string", default: "2" },
    repeats: { type: "string", default: "3" },
    connections: { type: "string", default: "8" },
    only: { type: "string", default: "" },
  },
});
const counts = values.workers.split(",").map(Number);
const [seconds, repeats, connections] = [values.seconds, values.repeats, values.connections].map(Number) as [
  number,
  number,
  number,
];
const LOCKS = ["none", "file", "handler"] as const;

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

/** Each number's own median. */
function medianOf(runs: readonly Measured[]): Measured {
  const names = Object.keys(runs[0]!) as (keyof Measured)[];
  return Object.fromEntries(names.map((name) => [name, median(runs.map((run) => run[name]))])) as unknown as Measured;
}

async function main(): Promise<void> {
  process.stdout.write(
    `${connections} connections in a closed loop, ${repeats} × ${seconds} s a cell, ${availableParallelism()} cores shared with the client\n`,
  );
  for (const workload of WORKLOADS.filter(({ name }) => name.includes(values.only))) {
    process.stdout.write(`\n## ${workload.name}\n\n${TITLES}\n`);
    const bars: [string, number][] = [];
    const sentences: string[] = [];
    for (const lock of LOCKS) {
      // Every round visits every cell, so that what the machine does meanwhile meets them all.
      const cells: Cell[] = [counts[0]!, ...counts].map((workers) => ({ workload, workers, lock }));
      const runs: Measured[][] = cells.map(() => []);
      for (let round = 0; round < repeats; round++)
        for (const [index, cell] of cells.entries()) runs[index]!.push(await runCell(cell, connections, seconds));
      const [again, ...measured] = runs.map(medianOf);
      const base = measured[0]!;
      const control = again!.throughput / base.throughput;
      for (const [index, one] of measured.entries()) {
        const ratio = one.throughput / base.throughput;
        process.stdout.write(`${row(lock, counts[index]!, one, ratio, index ? null : control)}\n`);
        bars.push([`${lock} × ${counts[index]}`, one.throughput]);
      }
      sentences.push(explain(lock, counts, measured, control));
    }
    process.stdout.write(`\n${chart(bars)}\n\n${sentences.join("\n")}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
