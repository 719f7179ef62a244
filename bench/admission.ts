/**
 * Admission at 150 % of capacity: what an open loop's requests meet with it and, in the same run, without it.
 * `npx tsx bench/admission.ts [--workers N] [--load 1.5] [--seconds S]`. The capacity is what a
 * closed loop reaches just before, on the page that waits 50 ms.
 */
import { request } from "node:http";
import { parseArgs } from "node:util";
import { closedLoop } from "./speedup/client";
import { withServer } from "./speedup/server";
import { WORKLOADS, writeSite } from "./speedup/workloads";

const { values } = parseArgs({
  options: {
    workers: { type: "string", default: "2" },
    load: { type: "string", default: "1.5" },
    seconds: { type: "string", default: "10" },
  },
});
const [load, seconds] = [Number(values.load), Number(values.seconds)];
const PAGE = WORKLOADS[3]!;

interface Met {
  status: number;
  /** From the moment that was planned to the last byte, ms. */
  clientResponse: number;
}

const ask = (url: string, due: number): Promise<Met> =>
  new Promise((done, failed) => {
    request(url + PAGE.ask(0).path, { agent: false }, (response) => {
      response.resume();
      response.on("end", () => done({ status: response.statusCode!, clientResponse: performance.now() - due }));
    })
      .on("error", failed)
      .end();
  });

async function openLoop(url: string, perSecond: number): Promise<Met[]> {
  const start = performance.now();
  const met: Promise<Met>[] = [];
  for (let i = 0; i < perSecond * seconds; i++) {
    const due = start + (i * 1000) / perSecond;
    while (performance.now() < due) await new Promise((done) => setTimeout(done, due - performance.now()));
    met.push(ask(url, due));
  }
  return Promise.all(met);
}

const quantile = (sorted: readonly number[], q: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN).toFixed(0);

const pool = (words: readonly string[]): string[] => ["--workers", values.workers, ...words];

async function main(): Promise<void> {
  const capacity = await withServer(writeSite, pool([]), async ({ url }) => {
    const { answered, seconds: took } = await closedLoop(url, PAGE, Number(values.workers) * 2, 3);
    return answered / took;
  });
  const rate = capacity * load;
  process.stdout.write(
    `${values.workers} workers, capacity ${capacity.toFixed(1)}/s, offered ${rate.toFixed(1)}/s for ${seconds} s\n\n` +
      "| admission | answered | refused | R C ms, median | 95 % | longest | of the last second |\n|---|---|---|---|---|---|---|\n",
  );
  for (const [name, words] of [
    ["none", []],
    ["`--max-load 0.95`", ["--max-load", "0.95"]],
  ] as const) {
    const met = await withServer(writeSite, pool(words), ({ url }) => openLoop(url, rate));
    const accepted = met.filter(({ status }) => status === 200);
    const times = accepted.map(({ clientResponse }) => clientResponse);
    const sorted = [...times].sort((a, b) => a - b);
    const late = times.slice(-Math.round(times.length / seconds)).sort((a, b) => a - b);
    const cells = [name, accepted.length, met.length - accepted.length];
    const quantiles = [quantile(sorted, 0.5), quantile(sorted, 0.95), quantile(sorted, 1), quantile(late, 0.5)];
    process.stdout.write(`| ${[...cells, ...quantiles].join(" | ")} |\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
