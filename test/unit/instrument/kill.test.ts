import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { decodeNative } from "../../../src/formats/native";
import { hookEnvironment } from "../../../src/session/launch";
import { buildBundles, HOOK } from "./bundles";
import { inFolder, pause, until } from "./support";

const KILLS = process.env.SOAK ? 100 : 10;
const CONNECTIONS = 8;
const SAFE_MS = 100;
/** Buffered records are written after 20 ms, while the loop turns. */
const DUE_MS = 25;

const SERVER = `
  const server = require("node:http").createServer((request, response) => response.end("x".repeat(500)));
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

/** A response that came whole: when its request was sent, and when it was there. */
interface Received {
  sent: number;
  time: number;
}

/** Requests one after the other on one connection; by id, the responses that came whole. */
function load(port: number, connection: number, received: Map<string, Received>): void {
  const socket = connect(port, "127.0.0.1");
  let sent = 0;
  let text = "";
  let asked = 0;
  const id = (): string => `${String(connection).padStart(16, "a")}${String(sent).padStart(16, "0")}-00000000000000ff`;
  const ask = (): void => {
    sent++;
    text = "";
    asked = performance.now();
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\ntraceparent: 00-${id()}-01\r\n\r\n`);
  };
  socket.on("connect", ask);
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    if (!text.endsWith("x".repeat(500))) return;
    received.set(id(), { sent: asked, time: performance.now() });
    setImmediate(ask);
  });
}

/** One server, killed under load: its log has lost nothing that it should hold; of how many. */
function killed(round: number): Promise<number> {
  return inFolder(async (folder) => {
    writeFileSync(join(folder, "server.cjs"), SERVER);
    const log = join(folder, "server.ndjson");
    const env = hookEnvironment({ hook: HOOK, log, recording: "r" }, process.env);
    const child = spawn(process.execPath, ["server.cjs"], { cwd: folder, env });
    const gone = new Promise((done) => child.on("close", done));
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    await until(() => output.includes("\n"));
    const received = new Map<string, Received>();
    for (let i = 1; i <= CONNECTIONS; i++) load(Number(output), i, received);
    await until(() => received.size > 100);
    await pause(SAFE_MS + Math.random() * 100);
    const kill = performance.now();
    child.kill("SIGKILL");
    await gone;

    const lines = readFileSync(log, "utf8").split("\n");
    const torn = lines.pop()!;
    const logged = new Set<string | undefined>();
    for (const line of lines) {
      const record = decodeNative(line);
      assert.ok(!("problem" in record), `round ${round}: ${line}`);
      if (record.type === "server") logged.add(record.id);
    }
    if (torn !== "") assert.ok("problem" in decodeNative(torn), "a last line without a line feed is a torn one");
    // The loop has turned since then, whatever else the machine did: it has read and answered a later request.
    const turned = Math.max(...[...received.values()].map(({ sent }) => sent));
    const safe = (time: number): boolean => time < kill - SAFE_MS && time < turned - DUE_MS;
    const lost = [...received].filter(([id, { time }]) => safe(time) && !logged.has(id));
    assert.deepEqual(lost, [], `round ${round}, of ${received.size}`);
    return [...received.values()].filter(({ time }) => safe(time)).length;
  });
}

describe("a server that is killed under load", function () {
  this.timeout(KILLS * 10_000);
  before(buildBundles);

  it(`has logged every response that was received ${SAFE_MS} ms before, in whole lines, ${KILLS} times of ${KILLS}`, async () => {
    let held = 0;
    for (let round = 1; round <= KILLS; round++) held += await killed(round);
    assert.ok(held > 0);
  });
});
