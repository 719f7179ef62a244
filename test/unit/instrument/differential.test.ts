import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { hookEnvironment } from "../../../src/session/launch";
import { buildBundles, HOOK } from "./bundles";
import { NODE_VERSIONS, nodeOrSkip } from "./nodes";
import { inFolder, pause, rawClient, recordsOf, serverRecords, until } from "./support";

/** Prints what a program may see of its server: stacks, listeners, warnings, the objects' own keys. */
const SERVER = `
  const http = require("node:http");
  const seen = (...values) => console.log(...values);
  const server = http.createServer({ connectionsCheckingInterval: 50 }, (request, response) => {
    const path = request.url;
    if (path === "/stack") { response.end(new Error("here").stack.replaceAll(__dirname, "")); return; }
    if (path === "/keys") {
      const own = (object) => Reflect.ownKeys(object).map(String).sort().join();
      response.end([request, response, request.socket].map(own).join("\\n"));
      return;
    }
    if (path === "/listeners") {
      const counts = [process, server, request, response, request.socket].map((emitter) =>
        emitter.eventNames().map((name) => String(name) + emitter.listenerCount(name)).sort().join());
      for (let i = 0; i < 10; i++) { process.on("exit", () => {}); response.on("close", () => {}); }
      response.end(counts.join("\\n"));
      return;
    }
    if (path === "/chunked") { response.write("one"); setTimeout(() => { response.write("two"); response.end("three"); }, 5); return; }
    if (path === "/trailers") { response.writeHead(200, { Trailer: "X-Sum" }); response.write("body"); response.addTrailers({ "X-Sum": "1" }); response.end(); return; }
    if (path === "/304") { response.writeHead(304, { ETag: "x" }); response.end(); return; }
    if (path === "/204") { response.statusCode = 204; response.end(); return; }
    if (path === "/hints") { response.writeEarlyHints({ link: "</a.css>; rel=preload" }); response.end("hinted"); return; }
    if (path === "/large") { response.end(Buffer.alloc(3e6, "x")); return; }
    if (path === "/slow") { setTimeout(() => response.end("slow"), 40); return; }
    if (path === "/hang") { request.on("close", () => seen("hang closed", request.aborted, request.errored?.message)); response.on("close", () => seen("response closed", response.writableFinished)); return; }
    if (path === "/twice") { response.end("once"); response.write("again", (error) => seen(error.code)); response.on("error", (error) => seen(error.stack.replaceAll(__dirname, ""))); return; }
    if (path === "/throw") { try { response.writeHead(9999); } catch (error) { response.end(error.stack.replaceAll(__dirname, "")); } return; }
    let body = "";
    request.on("data", (chunk) => { body += chunk; });
    request.on("end", () => response.end(request.method + " " + path + " " + body.length + JSON.stringify(request.trailers)));
  });
  server.on("upgrade", (request, socket, head) => {
    seen("upgrade", head.length, socket.listenerCount("close"));
    socket.write("HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: echo\\r\\nConnection: Upgrade\\r\\n\\r\\n");
    socket.on("data", (chunk) => socket.write(chunk));
    socket.on("end", () => socket.end());
  });
  server.on("connect", (request, socket) => socket.end("HTTP/1.1 200 Connected\\r\\n\\r\\ntunnel"));
  server.keepAliveTimeout = 500;
  server.headersTimeout = 700;
  server.requestTimeout = 900;
  server.maxRequestsPerSocket = 20;
  server.listen(0, "127.0.0.1", () => seen("port", server.address().port));
  process.on("SIGTERM", () => server.close(() => seen("closed")));
`;

const get = (path: string, more = ""): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
const close = "Connection: close\r\n";

interface Step {
  send?: string;
  /** Waits until the answer so far holds this. */
  until?: string;
  abort?: true;
}

/** What a client does on one connection, which then is read until the server closes it. */
const EXCHANGES: Record<string, Step[]> = {
  "keep-alive": [
    { send: get("/a") },
    { until: "GET /a" },
    { send: get("/b") },
    { until: "GET /b" },
    { send: get("/c", close) },
  ],
  pipelining: [{ send: get("/slow") + get("/a") + get("/chunked") + get("/b", close) }],
  "chunked both ways": [
    {
      send: `POST /up HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n`,
    },
    { until: "POST /up" },
    { send: get("/chunked", close) },
  ],
  trailers: [{ send: get("/trailers", close) }],
  "100-continue": [
    { send: `POST /c HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n${close}\r\n` },
    { until: "100 Continue" },
    { send: "hello" },
  ],
  "early hints": [{ send: get("/hints", close) }],
  upgrade: [
    { send: get("/", "Connection: Upgrade\r\nUpgrade: echo\r\n") },
    { until: "101" },
    { send: "ping" },
    { until: "ping" },
    { abort: true },
  ],
  connect: [{ send: "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n" }],
  abort: [{ send: get("/hang") }, { abort: true }],
  malformed: [{ send: "NONSENSE\r\n\r\n" }],
  "malformed behind a good one": [{ send: get("/a") }, { until: "GET /a" }, { send: "\u0001\u0002" }],
  "no host": [{ send: "GET / HTTP/1.1\r\n\r\n" }],
  "headers too large": [{ send: get("/", `X: ${"x".repeat(20_000)}\r\n`) }],
  "HTTP/1.0": [{ send: "GET /a HTTP/1.0\r\n\r\n" }],
  HEAD: [{ send: get("/large", close).replace("GET", "HEAD") }],
  "304 and 204": [{ send: get("/304") + get("/204", close) }],
  "large bodies": [
    { send: `POST /up HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n${"y".repeat(2_000_000)}` },
    { until: "POST /up" },
    { send: get("/large", close) },
  ],
  "half a header, until the server gives up": [{ send: "GET / HTT" }],
  "half a body, until the server gives up": [{ send: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf" }],
  "idle, until the server gives up": [{ send: get("/a") }],
  "more requests than a socket may have": [{ send: get("/a").repeat(22) }],
  "the stack of an error": [{ send: get("/stack", close) }],
  "own keys": [{ send: get("/keys", close) }],
  listeners: [{ send: get("/listeners", close) }],
  "write after end": [{ send: get("/twice", close) }],
  "a status that is none": [{ send: get("/throw", close) }],
};

async function converse(port: number, steps: Step[]): Promise<string> {
  const client = await rawClient(port);
  for (const step of steps) {
    if (step.send) client.socket.write(step.send, "latin1");
    if (step.until) await until(() => client.text().includes(step.until!));
    if (step.abort) {
      await pause(20);
      client.socket.destroy();
    }
  }
  await client.closed;
  return client.text().replace(/^Date: .*\r$/gm, "");
}

interface Transcript {
  answers: Record<string, string>;
  stdout: string;
  stderr: string;
  status: number | null;
}

/** All exchanges, one after the other, against a fresh server. */
async function transcript(node: string, folder: string, environment: Record<string, string>): Promise<Transcript> {
  const child = spawn(node, ["--trace-warnings", "server.cjs"], { cwd: folder, env: environment });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((done) => child.on("close", done));
  const port = (): string | undefined => /^port (\d+)$/m.exec(stdout)?.[1];
  try {
    await until(() => port() !== undefined);
    const answers: Record<string, string> = {};
    for (const [name, steps] of Object.entries(EXCHANGES)) answers[name] = await converse(Number(port()), steps);
    child.kill("SIGTERM");
    const status = await ended;
    const anonymous = (text: string): string => text.replace(/^port \d+$/m, "").replaceAll(`:${child.pid})`, ":PID)");
    return { answers, stdout: anonymous(stdout), stderr: anonymous(stderr), status };
  } finally {
    child.kill("SIGKILL");
  }
}

describe("an instrumented server", function () {
  this.timeout(120_000);
  before(buildBundles);

  for (const version of NODE_VERSIONS)
    it(`of Node ${version} differs from a bare one in no byte that it sends, prints or warns of, and in no status`, async function () {
      const node = nodeOrSkip(this, version);
      await inFolder(async (folder) => {
        writeFileSync(join(folder, "server.cjs"), SERVER);
        const base = { ...process.env } as Record<string, string>;
        const log = join(folder, "server.ndjson");
        const [bare, hooked] = await Promise.all([
          transcript(node, folder, base),
          transcript(node, folder, hookEnvironment({ hook: HOOK, log, recording: "r" }, base)),
        ]);
        for (const name of Object.keys(EXCHANGES)) assert.equal(hooked.answers[name], bare.answers[name], name);
        assert.deepEqual({ ...hooked, answers: null }, { ...bare, answers: null });
        assert.ok(serverRecords(recordsOf(log)).length >= Object.keys(EXCHANGES).length);
      });
    });
});
