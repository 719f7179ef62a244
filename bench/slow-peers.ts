/**
 * Slow peers: `slowhttptest` (Debian's package of that name) with 1,000 connections in its header, body and read modes,
 * while a client of our own asks for a page over and over. `npx tsx bench/slow-peers.ts [--connections N] [--timeout S]
 * [--serve='--workers 2 --per-worker 1000']`.
 * Says whether that client was ever without an answer, how long it waited at most, how many of the slow requests were
 * answered whole all the same, and how long the longest of the others was open at the server.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withServer } from "./speedup/server";

const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "1000" },
    timeout: { type: "string", default: "5" },
    /** Further options of `serve`, as '--workers 2 --per-worker 1000'. */
    serve: { type: "string", default: "" },
    /** One row alone. */
    mode: { type: "string" },
  },
});

/** One byte every two seconds, for three times the time-out, 200 new connections a second. */
const PACE = ["-i", "2", "-r", "200", "-c", values.connections, "-l", `${Number(values.timeout) * 3}`, "-p", "5"];
const READ = ["-X", "-w", "1", "-y", "2", "-n", "2", "-z", "1", "-k", "1"];
const FILE_BYTES = 500_000;
const MODES: Readonly<Record<string, (url: string) => string[]>> = {
  header: (url) => ["-H", "-u", `${url}/`],
  body: (url) => ["-B", "-t", "PUT", "-s", "100000", "-u", `${url}/files/x`],
  read: (url) => [...READ, "-u", `${url}/file`],
};
/**
 * A kernel takes up to 4 MB of a response (`net.ipv4.tcp_wmem`): then the server is done, and waits for nobody. Of files
 * that are larger 1,000 would be more than `tcp_mem` has. So the server's wait is shown in a network namespace of its own,
 * whose kernel takes 64 KB.
 */
const SMALL_BUFFERS = "read, small buffers";
const NAMESPACE = "ip link set lo up && echo 4096 16384 65536 > /proc/sys/net/ipv4/tcp_wmem";

function writeSite(root: string): void {
  mkdirSync(join(root, "files"));
  writeFileSync(join(root, "index.html"), "here");
  writeFileSync(join(root, "file"), Buffer.alloc(FILE_BYTES));
}

const ask = (url: string): Promise<number> =>
  new Promise((done, failed) => {
    request(url, { agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      response.on("end", () => done(response.statusCode!));
    })
      .on("timeout", () => failed(new Error("no answer in 5 s")))
      .on("error", failed)
      .end();
  });

interface Meeting {
  asked: number;
  unanswered: number;
  /** ms. */
  longestAnswer: number;
}

async function askWhile(url: string, running: () => boolean): Promise<Meeting> {
  const meeting = { asked: 0, unanswered: 0, longestAnswer: 0 };
  while (running()) {
    const start = performance.now();
    const status = await ask(`${url}/index.html`).catch(() => 0);
    meeting.asked++;
    if (status !== 200) meeting.unanswered++;
    meeting.longestAnswer = Math.max(meeting.longestAnswer, performance.now() - start);
    await new Promise((done) => setTimeout(done, 50));
  }
  return meeting;
}

async function measure(mode: string, kind = mode): Promise<string> {
  const { timeout } = values;
  const limits = ["--header-timeout", timeout, "--idle-timeout", timeout, "--keep-alive-timeout", timeout];
  const pool = values.serve.split(" ").filter(Boolean);
  return withServer(writeSite, ["--writable", "/files/", ...limits, ...pool], async ({ url, records, stop }) => {
    const slow = spawn("slowhttptest", [...PACE, ...MODES[kind]!(url)], { stdio: "ignore" });
    let running = true;
    const ended = new Promise<void>((done, failed) => {
      slow.on("error", () => failed(new Error("slowhttptest is not installed")));
      slow.on("close", () => done());
    }).finally(() => {
      running = false;
    });
    const [meeting] = await Promise.all([askWhile(url, () => running), ended]);
    await stop();
    const others = records().filter(({ target }) => target !== "/index.html");
    const open = others.filter(({ closed }) => closed !== undefined);
    const longest = Math.max(0, ...open.map(({ parseStart, closed }) => (closed! - parseStart) / 1e6));
    const cells = [
      mode,
      meeting.asked,
      meeting.unanswered,
      meeting.longestAnswer.toFixed(0),
      others.length,
      others.length - open.length,
      open.length ? longest.toFixed(2) : "",
      longest <= Number(timeout) + 1 ? "yes" : "no",
    ];
    return `| ${cells.join(" | ")} |\n`;
  });
}

/** The last row, by this command itself in a namespace; a row that says why not, where there can be none. */
function inNamespace(): string {
  const words = process.argv.slice(1).map((word) => `'${word}'`);
  const again = [process.execPath, ...process.execArgv, ...words, "--mode", `'${SMALL_BUFFERS}'`].join(" ");
  const { status, stdout, stderr } = spawnSync("unshare", ["-rn", "sh", "-c", `${NAMESPACE} && exec ${again}`]);
  return status === 0 ? String(stdout) : `| ${SMALL_BUFFERS}, not measured: ${String(stderr).trim()} |\n`;
}

async function main(): Promise<void> {
  if (values.mode === SMALL_BUFFERS) {
    process.stdout.write(await measure(SMALL_BUFFERS, "read"));
    return;
  }
  process.stdout.write(
    `${values.connections} slow connections, time-outs of ${values.timeout} s\n\n` +
      "| mode | asked meanwhile | unanswered | longest answer ms | slow requests in the log | answered whole | " +
      "longest of the others s | within time-out + 1 s |\n|---|---|---|---|---|---|---|---|\n",
  );
  for (const mode of Object.keys(MODES)) process.stdout.write(await measure(mode));
  process.stdout.write(inNamespace());
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
