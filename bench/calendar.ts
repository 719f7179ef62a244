/**
 * The calendar as a process a request and as a program that is kept running, over one kept connection and over a
 * connection a request. `npx tsx bench/calendar.ts [--requests N] [--rounds R]`. One client, one
 * request at a time; medians of all rounds, each of which visits every cell.
 */
import { cpSync } from "node:fs";
import { Agent, request } from "node:http";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { withServer } from "./speedup/server";

const { values } = parseArgs({
  options: { requests: { type: "string", default: "100" }, rounds: { type: "string", default: "3" } },
});
const CAMPUS = resolve(__dirname, "../examples/campus");
const PATH = "/cgi-bin/calendar.cgi?3+1993";
const MODES = ["process", "persistent"] as const;

/** Requests before the measurement: the program starts, the server's code is compiled. */
const WARM_UP = 20;

const ask = (url: string, agent: Agent | false): Promise<number> =>
  new Promise((done, failed) => {
    const start = performance.now();
    request(url + PATH, { agent }, (response) => {
      response.resume();
      response.on("end", () => done(performance.now() - start));
    })
      .on("error", failed)
      .end();
  });

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

interface Times {
  clientResponse: number[];
  serverResponse: number[];
}

async function measure(mode: (typeof MODES)[number], kept: boolean, times: Times): Promise<void> {
  const copy = (root: string): void => cpSync(CAMPUS, root, { recursive: true });
  await withServer(copy, ["--cgi-mode", mode], async ({ url, records, stop }) => {
    const agent = kept ? new Agent({ keepAlive: true, maxSockets: 1 }) : false;
    const count = WARM_UP + Number(values.requests);
    for (let i = 0; i < count; i++) {
      const time = await ask(url, agent);
      if (i >= WARM_UP) times.clientResponse.push(time);
    }
    if (agent) agent.destroy();
    await stop();
    for (const { parseStart, sendEnd } of records().slice(WARM_UP))
      times.serverResponse.push((sendEnd! - parseStart) / 1000);
  });
}

async function main(): Promise<void> {
  const cells = MODES.flatMap((mode) =>
    [false, true].map((kept) => ({ mode, kept, times: { clientResponse: [], serverResponse: [] } as Times })),
  );
  for (let round = 0; round < Number(values.rounds); round++)
    for (const { mode, kept, times } of cells) await measure(mode, kept, times);
  const base = median(cells[0]!.times.clientResponse);
  process.stdout.write(
    "| `--cgi-mode` | connection | R C ms | R S ms | R C against the first |\n|---|---|---|---|---|\n",
  );
  for (const { mode, kept, times } of cells) {
    const [client, server] = [median(times.clientResponse), median(times.serverResponse)];
    process.stdout.write(
      `| ${mode} | ${kept ? "kept alive" : "one a request"} | ${client.toFixed(2)} | ${server.toFixed(2)} | ${(client / base).toFixed(2)} |\n`,
    );
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
