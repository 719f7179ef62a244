/**
 * What connections cost a page: kept alive or one a request, six at a time or one, over the campus main page.
 * `npx tsx bench/connections.ts [--rounds R] [--logs DIR]`. Each round loads the page once a cell, medians are of all
 * rounds; `--logs` leaves the clients' logs there, for the waterfall.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { defaultProbeOptions, planOf } from "../src/cli/probe-options";
import { openSession } from "../src/engine/node/open";
import { assemble } from "../src/engine/request";
import { LogWriter } from "../src/log/writer";
import { quantileSorted } from "../src/model/statistics/quantile";
import { runProbe } from "../src/probe/probe";
import { Recorder } from "../src/probe/recorder";
import { withServer } from "./speedup/server";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "40" },
    logs: { type: "string" },
  },
});
const CAMPUS = resolve(__dirname, "../examples/campus");

interface Cell {
  name: string;
  connections: number;
  connectionPerRequest?: true;
}
const CELLS: readonly Cell[] = [
  { name: "six, kept alive", connections: 6 },
  { name: "six, one a request", connections: 6, connectionPerRequest: true },
  { name: "one, kept alive", connections: 1 },
  { name: "one, one a request", connections: 1, connectionPerRequest: true },
];

/** µs, of the resources of the page; `opened` counts connections, `page` is from the first wish to the last byte. */
interface Times {
  opened: number;
  blocked: number[];
  connect: number[];
  clientResponse: number[];
  page: number[];
}

async function visit(url: string, { connections, connectionPerRequest }: Cell, file: string): Promise<void> {
  const options = { ...defaultProbeOptions(), page: true as const, connections, connectionPerRequest };
  const recorder = new Recorder(new LogWriter({ file, role: "client" }));
  await runProbe(planOf([url], options), recorder, new AbortController().signal, {});
  recorder.close();
}

async function collect(file: string, times: Times): Promise<void> {
  const { store } = await openSession([file]);
  const requests = Array.from({ length: store.rows.length }, (_, row) => row)
    .filter((row) => !store.rows.isEmpty(row))
    .map((row) => assemble(store, row));
  for (const { url, durations } of requests) {
    if (durations.connect !== null) times.connect.push(durations.connect);
    if (new URL(url).pathname === "/") continue;
    times.blocked.push(durations.blocked!);
    times.clientResponse.push(durations.clientResponse!);
  }
  times.opened += new Set(requests.map(({ connection }) => connection)).size;
  const ends = requests.map(({ marks }) => marks.responseEnd!);
  times.page.push(Math.max(...ends) - Math.min(...requests.map(({ marks }) => marks.fetchStart!)));
}

async function main(): Promise<void> {
  const folder = values.logs ?? mkdtempSync(join(tmpdir(), "request-timeline-bench-"));
  mkdirSync(folder, { recursive: true });
  const cells = CELLS.map((cell) => ({
    cell,
    times: { opened: 0, blocked: [], connect: [], clientResponse: [], page: [] } as Times,
  }));
  const copy = (root: string): void => cpSync(CAMPUS, root, { recursive: true });
  await withServer(copy, [], async ({ url }) => {
    // The first visit of each compiles code, here and at the server.
    for (let round = 0; round <= Number(values.rounds); round++)
      for (const [index, { cell, times }] of cells.entries()) {
        const file = join(folder, `${index}-${round}.ndjson`);
        await visit(url, cell, file);
        if (round > 0) await collect(file, times);
      }
  });
  if (values.logs === undefined) rmSync(folder, { recursive: true });
  const ms = (micros: number[]): string => (quantileSorted(Float64Array.from(micros).sort(), 0.5) / 1000).toFixed(2);
  process.stdout.write(
    "| connections | opened a page | blocked ms | connect ms | R C ms | whole page ms |\n|---|---|---|---|---|---|\n",
  );
  for (const { cell, times } of cells) {
    const { blocked, connect, clientResponse, page } = times;
    process.stdout.write(
      `| ${cell.name} | ${(times.opened / page.length).toFixed(1)} | ${ms(blocked)} | ${ms(connect)} | ${ms(clientResponse)} | ${ms(page)} |\n`,
    );
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
