/**
 * The browser probe beside the HTTP probe, in turn: the campus main page's objects (six connections, as a browser has; three
 * passes), and one object fetched again and again on a kept connection while nothing else happens. Each object's first request
 * of a session warms server and client up, and is left out. R C as the probe logs it, as a packet capture on the loopback
 * interface shows the same requests, and R S; what R C has before the first and behind the last packet is the client's own.
 * Quartiles in ms. Two medians agree within the spread where they differ by no more than the smaller of the two interquartile
 * ranges. Last, where the browser's time goes between a response's first bytes and its last, by its net log.
 * Run: npm run build && npx tsx bench/browser.ts [rounds] (needs Chromium, and the right to capture)
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grouped } from "../src/model/grouped";
import type { TimelineRequest } from "../src/model/request";
import { quantileSorted } from "../src/model/statistics/quantile";
import { findBrowser } from "../src/probe/browser/find";
import { type Reading, readings } from "./browser/reading";
import { capturedExchanges, startCapture } from "./probe/capture";

const root = join(__dirname, "..");
const cli = join(root, "dist/cli.js");
/** One that a browser reads together with its header, and one that it does not. */
const OBJECTS = ["/images/academics.gif", "/images/header.jpg"];
const idlePage = (object: string): string => `${object.replace(/\W/g, "-").slice(1)}.html`;
/** Arguments of each client, by what is measured. */
const MEASUREMENTS = {
  "The campus main page": {
    "HTTP probe": ["--page", "--count", "3", "/"],
    "browser probe": ["--browser", "--count", "3", "/"],
  },
  ...Object.fromEntries(
    OBJECTS.map((object) => [
      `${object}, 20 times a second`,
      {
        "HTTP probe": ["--connections", "1", "--rate", "20", "--duration", "2", object],
        "browser probe": ["--browser", `/${idlePage(object)}`],
      },
    ]),
  ),
};
/** Fetches it again and again; a promise. */
const fetching = (object: string): string => `(async () => {
  for (let i = 0; i < 40; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await (await fetch("${object}", { cache: "no-store" })).arrayBuffer();
  }
})()`;
const rounds = Number(process.argv[2] ?? 10);

interface Measured {
  path: string;
  clientResponse: number;
  /** First packet out to last packet in. */
  captured: number;
  /** How much earlier than its first packet it counts as sent, and how much later than its last one as received. */
  before: number;
  behind: number;
  serverResponse: number;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

async function load(folder: string, probe: string[]): Promise<Measured[]> {
  const port = await freePort();
  const session = mkdtempSync(join(folder, "session-"));
  const packets = join(folder, "packets.pcap");
  const capture = await startCapture(port, packets);
  capture.removeAllListeners("exit");
  const site = ["--serve", join(folder, "site"), "--port", `${port}`];
  execFileSync(process.execPath, [cli, "record", "--session", session, ...site, "--", ...probe], {
    stdio: "ignore",
  });
  capture.kill("SIGINT");
  await once(capture, "exit");
  const text = execFileSync(process.execPath, [cli, "report", session, "--json"], { maxBuffer: 1e9 });
  const { requests } = JSON.parse(text.toString()) as { requests: TimelineRequest[] };
  const sent = requests.filter(({ marks, connection }) => marks.requestStart !== null && connection !== null);
  const times = capturedExchanges(packets, port);
  const first = new Map(
    sent.toSorted((a, b) => b.marks.requestStart! - a.marks.requestStart!).map((one) => [one.url, one]),
  );
  const measured: Measured[] = [];
  for (const [connection, own] of grouped(sent, ({ connection }) => connection)) {
    const captured = times.get(Number(/:(\d+)>/.exec(connection ?? "")?.[1])) ?? [];
    own.sort((a, b) => a.marks.requestStart! - b.marks.requestStart!);
    if (captured.length !== own.length) continue;
    for (const [at, request] of own.entries()) {
      const { clientResponse, serverResponse } = request.durations;
      if (clientResponse === null || serverResponse === null || first.get(request.url) === request) continue;
      measured.push({
        path: new URL(request.url).pathname,
        clientResponse,
        serverResponse,
        captured: captured[at]!.last - captured[at]!.sent,
        before: captured[at]!.sent - request.marks.requestStart!,
        behind: request.marks.responseEnd! - captured[at]!.last,
      });
    }
  }
  return measured;
}

const quantilesOf = (values: readonly number[]): number[] => {
  const sorted = Float64Array.from(values).sort();
  return [0.25, 0.5, 0.75].map((q) => quantileSorted(sorted, q) / 1000);
};
const quartiles = (values: readonly number[]): string =>
  quantilesOf(values)
    .map((value) => value.toFixed(2))
    .join(", ");

function print(name: string, measured: Map<string, Measured[]>): void {
  // A browser also asks for an icon.
  const paths = [...measured.values()].map((own) => new Set(own.map(({ path }) => path)));
  const isCommon = ({ path }: Measured): boolean => paths.every((own) => own.has(path));
  console.log(`\n${name}:\n`);
  console.log("| client | requests | R C | in the packets | before them | behind them | R S | R C − R S |");
  console.log("|---|---:|---|---|---|---|---|---|");
  for (const [client, own] of measured) {
    const rows = own.filter(isCommon);
    const columns = [
      rows.map(({ clientResponse }) => clientResponse),
      rows.map(({ captured }) => captured),
      rows.map(({ before }) => before),
      rows.map(({ behind }) => behind),
      rows.map(({ serverResponse }) => serverResponse),
      rows.map(({ clientResponse, serverResponse }) => clientResponse - serverResponse),
    ];
    console.log(`| ${[client, rows.length, ...columns.map(quartiles)].join(" | ")} |`);
  }
  const common = [...measured.values()].map((own) => own.filter(isCommon));
  console.log("");
  verdict("R C", common, ({ clientResponse }) => clientResponse);
  verdict("R C up to the last packet", common, ({ before, captured }) => before + captured);
}

function verdict(name: string, measured: Measured[][], value: (one: Measured) => number): void {
  const [http, browser] = measured.map((own) => quantilesOf(own.map(value)));
  const difference = browser![1]! - http![1]!;
  const ranges = [http!, browser!].map(([low, , high]) => high! - low!);
  const word = Math.abs(difference) <= Math.min(...ranges) ? "agrees" : "does not agree";
  const spread = ranges.map((range) => range.toFixed(2)).join(" and ");
  console.log(
    `- ${name} ${word} within the spread: the browser's median is ${Math.abs(difference).toFixed(2)} ms ${difference < 0 ? "earlier" : "later"}, interquartile ranges ${spread} ms.`,
  );
}

/** Where Chromium's time goes; `OBJECTS` in turn, watched and not. */
async function printReading(folder: string): Promise<void> {
  const port = await freePort();
  const words = ["serve", "--root", join(folder, "site"), "--port", `${port}`, "--log", join(folder, "server.ndjson")];
  const server = spawn(process.execPath, [cli, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  await once(server.stdout, "data");
  const [program, origin] = [findBrowser(), `http://127.0.0.1:${port}`];
  console.log("\nIn Chromium, by its net log:\n");
  console.log("| object | Network domain | requests | first bytes | header read | header handed on | last byte |");
  console.log("|---|---|---:|---|---|---|---|");
  for (const object of OBJECTS) {
    const all = new Map<string, Reading[]>([
      ["on", []],
      ["off", []],
    ]);
    for (let round = 0; round < rounds; round++)
      for (const [state, own] of all)
        own.push(...(await readings(program, origin, fetching(object), object, state === "on")));
    for (const [state, own] of all) {
      const columns = (["waiting", "header", "handingOn", "rest"] as const).map((key) =>
        own.map((one) => one[key] * 1000),
      );
      console.log(`| ${[object, state, own.length, ...columns.map(quartiles)].join(" | ")} |`);
    }
  }
  server.kill();
  await once(server, "exit");
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-browser-"));
  try {
    cpSync(join(root, "examples/campus"), join(folder, "site"), { recursive: true });
    for (const object of OBJECTS)
      writeFileSync(join(folder, "site/htdocs", idlePage(object)), `<script>${fetching(object)}</script>`);
    for (const [name, clients] of Object.entries(MEASUREMENTS)) {
      const measured = new Map<string, Measured[]>(Object.keys(clients).map((client) => [client, []]));
      for (let round = 0; round < rounds; round++)
        for (const [client, probe] of Object.entries(clients))
          measured.get(client)!.push(...(await load(folder, probe)));
      print(name, measured);
    }
    await printReading(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
