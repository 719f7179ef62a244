/** Waits of known length, through the whole path: each is in its own phase of the report and in no other. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { Durations } from "../../../src/model/request";
import { until } from "../instrument/support";
import { CLI, inFolder, ROOT, reportOf } from "./support";

const HALF_HEADER_MS = 1_000;
const HANDLER_MS = 200;
const READER_PAUSE_MS = 400;
/** So much of a planted wait is seen: a server that gets its processor late looks late at what is there. */
const SEEN = 0.9;
const BIG = 32 * 1024 * 1024;

const SERVER = `
const spin = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };
require("node:http").createServer((request, response) => {
  if (request.url === "/handler") return void setTimeout(() => response.end("late"), ${HANDLER_MS});
  if (request.url === "/big") return void response.end(Buffer.alloc(${BIG}));
  response.end("fine");
  if (request.url === "/after-end") spin(${HANDLER_MS});
}).listen(0, "127.0.0.1");
`;

async function listening(server: ChildProcess): Promise<number> {
  for await (const chunk of server.stderr!) {
    const port = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(String(chunk))?.[1];
    if (port) return Number(port);
  }
  throw new Error("the server never listened");
}

/** Sends the request in pieces and reads until the response is whole, or the other side closes. */
async function exchange(port: number, pieces: (string | number)[], pauseAfterFirstByte = 0): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.setNoDelay();
  await once(socket, "connect");
  for (const piece of pieces)
    if (typeof piece === "string") socket.write(piece);
    else await new Promise((later) => setTimeout(later, piece));
  if (pauseAfterFirstByte) {
    await once(socket, "readable");
    await new Promise((later) => setTimeout(later, pauseAfterFirstByte));
  }
  socket.resume();
  await once(socket, "close");
}

const request = (path: string, connection = "close"): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\n\r\n`;

/** Every planted wait once; returns when the last record is in the log. */
async function drive(port: number, log: string): Promise<void> {
  for (let i = 0; i < 20; i++) await exchange(port, [request("/control")]);
  const half = request("/parse");
  await exchange(port, [half.slice(0, 20), HALF_HEADER_MS, half.slice(20)]);
  await exchange(port, [request("/handler")]);
  await exchange(port, [request("/big")], READER_PAUSE_MS);
  await exchange(port, [request("/after-end")]);
  await exchange(port, [request("/first", "keep-alive"), HALF_HEADER_MS, request("/second")]);
  // SIGTERM ends a server without a listener at once: records are in the file after at most 20 ms of a turning loop.
  await until(() => readFileSync(log, "utf8").includes('"/second"'));
}

describe("ground truth through the whole path", () => {
  it("puts each planted wait into its own phase and into no other", () =>
    inFolder(async (folder) => {
      const script = join(folder, "server.js");
      const log = join(folder, "server.ndjson");
      writeFileSync(script, SERVER);
      const server = spawn(process.execPath, [CLI, "run", "--log", log, "--", process.execPath, script], {
        cwd: ROOT,
        stdio: ["ignore", "ignore", "pipe"],
      });
      const ended = once(server, "exit");
      try {
        await drive(await listening(server), log);
      } finally {
        server.kill("SIGTERM");
        await ended;
      }

      const { requests } = await reportOf(log);
      const of = (path: string) => requests.find((one) => one.url.endsWith(path))!;
      const control = requests.filter((one) => one.url.endsWith("/control"));
      assert.equal(control.length, 20);
      const noise = Math.max(...control.map((one) => one.durations.serverResponse!));
      const slack = Math.max(10 * noise, 100_000);
      const planted = (path: string, phase: "parse" | "process" | "send", milliseconds: number): void => {
        const { durations } = of(path);
        assert.ok(durations[phase]! >= milliseconds * 1000 * SEEN, `${path}: ${phase} ${durations[phase]} µs`);
        for (const other of ["parse", "process", "send"] as const)
          if (other !== phase) assert.ok(durations[other]! < slack, `${path}: ${other} ${durations[other]} µs`);
      };
      planted("/parse", "parse", HALF_HEADER_MS);
      planted("/handler", "process", HANDLER_MS);
      planted("/big", "send", READER_PAUSE_MS);
      const { serverResponse } = of("/after-end").durations as Durations;
      assert.ok(serverResponse! < (HANDLER_MS * 1000) / 2, `R S ${serverResponse} µs holds what ran after end()`);
      const between = of("/second").marks.parseStart! - of("/first").marks.parseStart!;
      assert.ok(between >= HALF_HEADER_MS * 1000 * SEEN, `second parseStart only ${between} µs after the first`);
      assert.ok(of("/second").durations.parse! < slack);
    }));
});
