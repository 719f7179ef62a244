/**
 * What more workers bring: throughput and R S of the reference server's pool for 1 to N workers, by lock mode and
 * workload, each compared with one worker in the same slice of time. `npx tsx bench/speedup.ts [--workers 1,2,4]
 * [--seconds S] [--slices N] [--connections C] [--only 'page that waits']`. A/A is one worker against another one.
 */
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { closedLoop } from "./speedup/client";
import { type Measured, measured, type Pool, startPools } from "./speedup/pools";
import { chart, explain, row, TITLES } from "./speedup/table";
import { WORKLOADS, type Workload } from "./speedup/workloads";

const { values } = parseArgs({
  options: {
    workers: { type: "string", default: "1,2,4" },
    seconds: { type: "string", default: "1" },
    slices: { type: "string", default: "3" },
    connections: { type: "string", default: "8" },
    only: { type: "string", default: "" },
  },
});
const counts = values.workers.split(",").map(Number);
const seconds = Number(values.seconds);
const slices = Number(values.slices);
const connections = Number(values.connections);
const LOCKS = ["none", "file", "handler"] as const;

/** Each slice visits every pool, so that what the machine does meanwhile meets them all. */
async function loadAll(pools: readonly Pool[], workload: Workload): Promise<void> {
  for (const pool of pools) await closedLoop(pool.url, workload, connections, seconds / 2);
  const load = ({ url }: Pool) => closedLoop(url, workload, connections, seconds, seconds / 4);
  for (let slice = 0; slice < slices; slice++)
    for (const pool of slice % 2 ? pools.toReversed() : pools) pool.slices.push(await load(pool));
}

const answers = ({ slices }: Pool): number => slices.reduce((sum, { answered }) => sum + answered, 0);

/** One pool's throughput to another's, over all slices: a slice of a slow page holds too few answers to be a number. */
const ratio = (pool: Pool, base: Pool): number => answers(pool) / answers(base);

async function compare(workload: Workload): Promise<void> {
  process.stdout.write(`\n## ${workload.name}\n\n${TITLES}\n`);
  const bars: [string, number][] = [];
  const sentences: string[] = [];
  for (const lock of LOCKS) {
    const pools = await startPools([counts[0]!, ...counts], lock);
    try {
      await loadAll(pools, workload);
    } finally {
      await Promise.all(pools.map((pool) => pool.stop()));
    }
    const [again, ...others] = pools;
    const base = others[0]!;
    const control = ratio(again!, base);
    const rows = others.map((pool): Measured => measured(pool, ratio(pool, base)));
    for (const pool of pools) pool.remove();
    for (const one of rows) {
      process.stdout.write(`${row(lock, one, one === rows[0] ? control : null)}\n`);
      bars.push([`${lock} × ${one.workers}`, one.throughput]);
    }
    for (const one of rows.slice(1)) sentences.push(explain(lock, rows[0]!, one, control));
  }
  process.stdout.write(`\n${chart(bars)}\n\n${sentences.join("\n")}\n`);
}

async function main(): Promise<void> {
  process.stdout.write(
    `${connections} connections in a closed loop, ${slices} alternating slices of ${seconds} s a pool, ` +
      `${availableParallelism()} cores shared with the client\n`,
  );
  for (const workload of WORKLOADS.filter(({ name }) => name.includes(values.only))) await compare(workload);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
