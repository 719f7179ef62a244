/**
 * Slow peers: `slowhttptest` (Debian's package of that name) with 1,000 connections in its header, body and read modes,
 * while a client of our own asks for a page over and over. `npx tsx bench/slow-peers.ts [--connections N] [--timeout S]`. Says whether that client was ever without an answer, how long it waited at most, and how long
 * the longest slow request was open at the server.
 */
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { withServer } from "./speedup/server";

const { values } = parseArgs({
  options: { connections: { type: "string", default: "1000" }, timeout: { type: "string", default: "5" } },
});

/** One byte every two seconds, for three times the time-out, 200 new connections a second. */
const PACE = ["-i", "2", "-r", "200", "-c", values.connections, "-l", `${Number(values.timeout) * 3}`, "-p", "5"];
const READ = ["-X", "-w", "1", "-y", "2", "-n", "2", "-z", "1", "-k", "1"];
const MODES: Readonly<Record<string, (url: string) => string[]>> = {
  header: (url) => ["-H", "-u", `${url}/`],
  body: (url) => ["-B", "-t", "PUT", "-s", "100000", "-u", `${url}/files/x`],
  read: (url) => [...READ, "-u", `${url}/medium`],
  // The kernel of a loopback connection takes 4 MB of a response: 1,000 of them are more than `tcp_mem` has, and then
  // every connection of the machine suffers, whatever the server does. With less the server would not see its peer wait.
  "read, large": (url) => [...READ, "-c", `${Math.round(Number(values.connections) * 0.3)}`, "-u", `${url}/large`],
};

function writeSite(root: string): void {
  mkdirSync(join(root, "files"));
  writeFileSync(join(root, "index.html"), "here");
  writeFileSync(join(root, "medium"), Buffer.alloc(500_000));
  writeFileSync(join(root, "large"), Buffer.alloc(32_000_000));
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

async function main(): Promise<void> {
  const { connections, timeout } = values;
  process.stdout.write(
    `${connections} slow connections, time-outs of ${timeout} s\n\n` +
      "| mode | asked meanwhile | unanswered | longest answer ms | slow requests in the log | longest of them s |\n|---|---|---|---|---|---|\n",
  );
  const words = ["--writable", "/files/", "--header-timeout", timeout, "--idle-timeout", timeout];
  for (const [mode, wordsFor] of Object.entries(MODES)) {
    const row = await withServer(
      writeSite,
      [...words, "--keep-alive-timeout", timeout],
      async ({ url, records, stop }) => {
        const slow = spawn("slowhttptest", [...PACE, ...wordsFor(url)], { stdio: "ignore" });
        let running = true;
        const ended = new Promise<void>((done, failed) => {
          slow.on("error", () => failed(new Error("slowhttptest is not installed")));
          slow.on("close", () => done());
        });
        void ended
          .catch(() => {})
          .then(() => {
            running = false;
          });
        const meeting = await askWhile(url, () => running);
        await ended;
        await stop();
        const others = records().filter(({ target }) => target !== "/index.html");
        const lasted = others.map(({ parseStart, sendEnd, closed }) => ((closed ?? sendEnd!) - parseStart) / 1e6);
        const longest = Math.max(0, ...lasted).toFixed(2);
        return [mode, meeting.asked, meeting.unanswered, meeting.longestAnswer.toFixed(0), others.length, longest];
      },
    );
    process.stdout.write(`| ${row.join(" | ")} |\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
