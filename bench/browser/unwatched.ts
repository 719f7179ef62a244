/** What watching costs a page: the campus page watched as the probe does and not at all, and the HTTP probe, in turn. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AGREEMENT_HEAD, agreement, quantilesOf, type Value } from "./agreement";
import { loadPages, type PageLoads } from "./page-loads";

const SHOWN = 10;

const newLoads = (): PageLoads => ({ own: [], probed: [], threads: new Map(), loaded: [] });

function add(all: PageLoads, more: PageLoads): void {
  all.own.push(...more.own);
  all.probed.push(...more.probed);
  all.loaded.push(...more.loaded);
  for (const [name, { run, waited }] of more.threads) {
    const sum = all.threads.get(name) ?? { run: 0, waited: 0 };
    all.threads.set(name, { run: sum.run + run, waited: sum.waited + waited });
  }
}

/** By the HTTP probe's own log, warmed up as the browser is. */
function httpLoads({ cli, folder, url }: Site, times: number): Value[] {
  const log = join(mkdtempSync(join(folder, "http-")), "client.ndjson");
  const words = ["probe", "--page", "--count", `${times + 1}`, "--log", log, url];
  execFileSync(process.execPath, [cli, ...words], { stdio: "ignore" });
  return readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.includes('"type":"client"'))
    .map((line) => JSON.parse(line) as { url: string; pass: number; requestStart: number; responseEnd: number })
    .filter(({ pass }) => pass > 1)
    .map((one) => ({ path: new URL(one.url).pathname, value: (one.responseEnd - one.requestStart) / 1000 }));
}

export interface Site {
  /** The browser. */
  program: string;
  cli: string;
  /** For logs. */
  folder: string;
  url: string;
  /** The process that serves it. */
  server: number;
}

/** A client of its own for each round and way, `times` loads each. */
export async function printUnwatched(site: Site, rounds: number, times: number): Promise<void> {
  const { program, url, server } = site;
  const [watched, free, http] = [newLoads(), newLoads(), [] as Value[]];
  for (let round = 0; round < rounds; round++) {
    http.push(...httpLoads(site, times));
    for (const [all, isWatched] of [
      [watched, true],
      [free, false],
    ] as const)
      add(all, await loadPages(program, url, server, times, isWatched));
  }
  console.log("\nThe campus main page, watched as by the probe and not watched:\n");
  console.log(AGREEMENT_HEAD);
  const [probe, page, unwatched] = ["the probe", "the page's own Resource Timing", "that of a browser not watched"];
  console.log(agreement("R C", `${probe}, ${page}`, watched.probed, watched.own));
  console.log(agreement("R C", `${page}, ${unwatched}`, watched.own, free.own));
  console.log(agreement("R C", `${probe}, ${unwatched}`, watched.probed, free.own));
  console.log(agreement("R C", `HTTP probe, ${unwatched}`, http, free.own));
  console.log(agreement("R C", `HTTP probe, ${probe}`, http, watched.probed));
  for (const [name, { loaded }] of Object.entries({ watched, "not watched": free }))
    console.log(`\nLoad event, ${name}: quartiles ${quantilesOf(loaded).map(Math.round).join(", ")} ms`);
  printThreads(watched, free);
}

/** ms for one load: those that run longest. */
function printThreads(watched: PageLoads, free: PageLoads): void {
  const columns = (loads: PageLoads, name: string): string[] => {
    const { run, waited } = loads.threads.get(name) ?? { run: 0, waited: 0 };
    return [run, waited].map((sum) => (sum / loads.loaded.length).toFixed(1));
  };
  const names = [...watched.threads].toSorted(([, one], [, other]) => other.run - one.run).map(([name]) => name);
  console.log("\n| thread | runs, ms a load | waits for a processor | not watched: runs | waits |");
  console.log("|---|---:|---:|---:|---:|");
  for (const name of names.slice(0, SHOWN))
    console.log(`| ${[name, ...columns(watched, name), ...columns(free, name)].join(" | ")} |`);
}
