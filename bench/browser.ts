/**
 * The browser probe beside the HTTP probe, in turn: the campus main page's objects (six connections, as a browser has), and one
 * object fetched again and again while nothing else happens. R C as the probe logs it, as a packet capture on the loopback
 * interface shows the same requests, and R S; what R C has before the first and behind the last packet is the client's own.
 * Quartiles in ms; two medians agree where they differ by less than either's interquartile range.
 * Run: npm run build && npx tsx bench/browser.ts [rounds] (needs Chromium, and the right to capture)
 */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grouped } from "../src/model/grouped";
import type { TimelineRequest } from "../src/model/request";
import { quantileSorted } from "../src/model/statistics/quantile";
import { capturedExchanges, startCapture } from "./probe/capture";

const root = join(__dirname, "..");
const cli = join(root, "dist/cli.js");
/** One that a browser reads together with its header, and one that it does not. */
const OBJECTS = ["/images/academics.gif", "/images/header.jpg"];
const idlePage = (object: string): string => `${object.replace(/\W/g, "-").slice(1)}.html`;
/** Arguments of each client, by what is measured. */
const MEASUREMENTS = {
  "The campus main page": { "HTTP probe": ["--page", "/"], "browser probe": ["--browser", "/"] },
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
const fetching = (object: string): string => `<script>
  const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
  (async () => {
    for (let i = 0; i < 40; i++) {
      await pause();
      await (await fetch("${object}", { cache: "no-store" })).arrayBuffer();
    }
  })();
</script>`;
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
  const measured: Measured[] = [];
  for (const [connection, own] of grouped(sent, ({ connection }) => connection)) {
    const captured = times.get(Number(/:(\d+)>/.exec(connection ?? "")?.[1])) ?? [];
    own.sort((a, b) => a.marks.requestStart! - b.marks.requestStart!);
    for (const [at, { url, durations, marks }] of own.entries())
      if (captured.length === own.length && durations.clientResponse !== null && durations.serverResponse !== null)
        measured.push({
          path: new URL(url).pathname,
          ...{ clientResponse: durations.clientResponse, serverResponse: durations.serverResponse },
          captured: captured[at]!.last - captured[at]!.sent,
          before: captured[at]!.sent - marks.requestStart!,
          behind: marks.responseEnd! - captured[at]!.last,
        });
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
  const [http, browser] = [...measured.values()].map((own) =>
    quantilesOf(own.filter(isCommon).map(({ clientResponse }) => clientResponse)),
  );
  const [difference, ...ranges] = [browser![1]! - http![1]!, http![2]! - http![0]!, browser![2]! - browser![0]!];
  console.log(
    `\nMedians of R C: ${difference.toFixed(2)} ms apart; interquartile ranges ${ranges.map((range) => range.toFixed(2)).join(" and ")} ms.`,
  );
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-browser-"));
  try {
    cpSync(join(root, "examples/campus"), join(folder, "site"), { recursive: true });
    for (const object of OBJECTS) writeFileSync(join(folder, "site/htdocs", idlePage(object)), fetching(object));
    for (const [name, clients] of Object.entries(MEASUREMENTS)) {
      const measured = new Map<string, Measured[]>(Object.keys(clients).map((client) => [client, []]));
      for (let round = 0; round < rounds; round++)
        for (const [client, probe] of Object.entries(clients))
          measured.get(client)!.push(...(await load(folder, probe)));
      print(name, measured);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
