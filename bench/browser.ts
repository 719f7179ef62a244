/**
 * The browser probe beside the HTTP probe, in turn, and each beside itself: the campus main page's objects (six connections, as
 * a browser has; five passes), the same objects each alone, and one object again and again, on a kept connection while nothing else happens. Each
 * object's first request of a session warms server and client up, and is left out. R C as the probe logs it, as a packet capture
 * on the loopback interface shows the same requests, and R S; what R C has before the first and behind the last packet is the
 * client's own. Quartiles in ms; then for how many objects the probes agree within the spread, object by object, and a probe
 * with itself. Then where the browser's time goes between a response's first bytes and its last, by its net log; last, the page
 * in a browser that nobody watches.
 * Run: npm run build && npx tsx bench/browser.ts [rounds] [word of one measurement] (needs Chromium, and the right to capture)
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grouped } from "../src/model/grouped";
import type { TimelineRequest } from "../src/model/request";
import { findBrowser } from "../src/probe/browser/find";
import { AGREEMENT_HEAD, agreement, quantilesOf, type Value } from "./browser/agreement";
import { type Reading, readings } from "./browser/reading";
import { printUnwatched } from "./browser/unwatched";
import { capturedExchanges, startCapture } from "./probe/capture";

const root = join(__dirname, "..");
const cli = join(root, "dist/cli.js");
/** One that a browser reads together with its header, and one that it does not. */
const OBJECTS = ["/images/academics.gif", "/images/header.jpg"];
const campus = join(root, "examples/campus");
/** The campus main page, and what it embeds. */
const PAGE_OBJECTS = [
  "/",
  ...new Set(
    [...readFileSync(join(campus, "htdocs/index.html"), "utf8").matchAll(/"(\/images\/[^"]+|\/campus\.\w+)"/g)].map(
      ([, path]) => path!,
    ),
  ),
];
/** Of the page in a session. */
const PASSES = 5;
const ONE_BY_ONE = "one-by-one.html";
const idlePage = (object: string): string => `${object.replace(/\W/g, "-").slice(1)}.html`;
/** Arguments of each client, by what is measured. */
const MEASUREMENTS = {
  "The campus main page": {
    "HTTP probe": ["--page", "--count", `${PASSES}`, "/"],
    "browser probe": ["--browser", "--count", `${PASSES}`, "/"],
  },
  "The page's objects, one at a time, 20 a second": {
    "HTTP probe": ["--connections", "1", "--rate", "20", "--duration", "18", ...PAGE_OBJECTS],
    "browser probe": ["--browser", `/${ONE_BY_ONE}`],
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
/** Fetches them in turn, again and again; a promise. */
const fetching = (objects: readonly string[], times: number): string => `(async () => {
  for (let i = 0; i < ${times}; i++)
    for (const object of ${JSON.stringify(objects)}) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      await (await fetch(object, { cache: "no-store" })).arrayBuffer();
    }
})()`;
/** Requests of one object a session. */
const TIMES = 40;
const rounds = Number(process.argv[2] ?? 10);
const only = process.argv[3];
/** What a client is called where it stands beside itself. */
const again = (client: string): string => `${client} again`;
const PAIRS = [
  ["HTTP probe", "browser probe"],
  ["HTTP probe", again("HTTP probe")],
  ["browser probe", again("browser probe")],
] as const;

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

const COMPARED: Record<string, (one: Measured) => number> = {
  "R C": ({ clientResponse }) => clientResponse,
  "R C up to the last packet": ({ before, captured }) => before + captured,
};

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

const quartiles = (values: readonly number[]): string =>
  quantilesOf(values)
    .map((value) => (value / 1000).toFixed(2))
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
  const values = (client: string, value: (one: Measured) => number): Value[] =>
    measured
      .get(client)!
      .filter(isCommon)
      .map((one) => ({ path: one.path, value: value(one) / 1000 }));
  console.log(`\n${AGREEMENT_HEAD}`);
  for (const [what, value] of Object.entries(COMPARED))
    for (const [one, other] of PAIRS)
      console.log(agreement(what, `${one}, ${other}`, values(one, value), values(other, value)));
}

/** Where Chromium's time goes; `OBJECTS` in turn, watched and not. */
async function printReading(program: string, origin: string): Promise<void> {
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
        own.push(...(await readings(program, origin, fetching([object], TIMES), object, state === "on")));
    for (const [state, own] of all) {
      const columns = (["waiting", "header", "handingOn", "rest"] as const).map((key) =>
        own.map((one) => one[key] * 1000),
      );
      console.log(`| ${[object, state, own.length, ...columns.map(quartiles)].join(" | ")} |`);
    }
  }
}

/** A server of its own, for what is measured without the probe's session. */
async function serving(folder: string, measure: (origin: string, server: number) => Promise<void>): Promise<void> {
  const port = await freePort();
  const words = ["serve", "--root", join(folder, "site"), "--port", `${port}`, "--log", join(folder, "server.ndjson")];
  const server = spawn(process.execPath, [cli, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  await once(server.stdout, "data");
  try {
    await measure(`http://127.0.0.1:${port}`, server.pid!);
  } finally {
    server.kill();
    await once(server, "exit");
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-browser-"));
  try {
    cpSync(campus, join(folder, "site"), { recursive: true });
    const write = (name: string, script: string): void =>
      writeFileSync(join(folder, "site/htdocs", name), `<script>${script}</script>`);
    for (const object of OBJECTS) write(idlePage(object), fetching([object], TIMES));
    write(ONE_BY_ONE, fetching(PAGE_OBJECTS, TIMES / 2));
    for (const [name, clients] of Object.entries(MEASUREMENTS)) {
      if (only !== undefined && !name.includes(only)) continue;
      const all = Object.entries(clients);
      const turns = [...all, ...all.map(([client, probe]) => [again(client), probe] as const)];
      const measured = new Map<string, Measured[]>(turns.map(([client]) => [client, []]));
      for (let round = 0; round < rounds; round++)
        for (const [client, probe] of turns) measured.get(client)!.push(...(await load(folder, probe)));
      print(name, measured);
    }
    const program = findBrowser();
    if (only === undefined || "net log".includes(only))
      await serving(folder, (origin) => printReading(program, origin));
    if (only === undefined || "not watched".includes(only))
      await serving(folder, (origin, server) =>
        printUnwatched({ program, cli, folder, url: `${origin}/`, server }, rounds, PASSES),
      );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
