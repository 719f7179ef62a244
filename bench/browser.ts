/**
 * The campus main page's objects by the browser probe and by the HTTP probe (six connections, as a browser has), in
 * turn: R C as the probe logs it, as a packet capture on the loopback interface shows the same requests, and R S.
 * What R C has before the first and behind the last packet is the client's own. Quartiles in ms.
 * Run: npm run build && npx tsx bench/browser.ts [rounds] (needs Chromium, and the right to capture)
 */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { grouped } from "../src/model/grouped";
import type { TimelineRequest } from "../src/model/request";
import { quantileSorted } from "../src/model/statistics/quantile";
import { capturedExchanges, startCapture } from "./probe/capture";

const root = join(__dirname, "..");
const cli = join(root, "dist/cli.js");
const CLIENTS = { "HTTP probe": "--page", "browser probe": "--browser" };
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

async function load(folder: string, option: string): Promise<Measured[]> {
  const port = await freePort();
  const session = mkdtempSync(join(folder, "session-"));
  const packets = join(folder, "packets.pcap");
  const capture = await startCapture(port, packets);
  capture.removeAllListeners("exit");
  const site = ["--serve", join(root, "examples/campus"), "--port", `${port}`];
  execFileSync(process.execPath, [cli, "record", "--session", session, ...site, "--", option, "/"], {
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

function quartiles(values: readonly number[]): string {
  const sorted = Float64Array.from(values).sort();
  return [0.25, 0.5, 0.75].map((q) => (quantileSorted(sorted, q) / 1000).toFixed(2)).join(", ");
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bench-browser-"));
  try {
    const all = new Map<string, Measured[]>(Object.keys(CLIENTS).map((client) => [client, []]));
    for (let round = 0; round < rounds; round++)
      for (const [client, option] of Object.entries(CLIENTS)) all.get(client)!.push(...(await load(folder, option)));
    // A browser also asks for an icon.
    const paths = [...all.values()].map((own) => new Set(own.map(({ path }) => path)));
    const common = (path: string): boolean => paths.every((own) => own.has(path));
    console.log(
      "| client | requests | R C | in the packets | before them | behind them | R S | R C − R S |\n|---|---:|---|---|---|---|---|---|",
    );
    for (const [client, own] of all) {
      const rows = own.filter(({ path }) => common(path));
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
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
