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
/** Buffered records are written after 20 ms while the loop turns; the rest allows for a busy machine. */
const SAFE_MS = 100;

const SERVER = `
  const server = require("node:http").createServer((request, response) => response.end("x".repeat(500)));
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;

/** Requests one after the other on one connection; the ids of the responses that came whole, and when. */
function load(port: number, connection: number, received: Map<string, number>): void {
  const socket = connect(port, "127.0.0.1");
  let sent = 0;
  let text = "";
  const id = (): string => `${String(connection).padStart(16, "a")}${String(sent).padStart(16, "0")}-00000000000000ff`;
  const ask = (): void => {
    sent++;
    text = "";
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\ntraceparent: 00-${id()}-01\r\n\r\n`);
  };
  socket.on("connect", ask);
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    if (!text.endsWith("x".repeat(500))) return;
    received.set(id(), performance.now());
    setImmediate(ask);
  });
}

/** One server, killed under load: what its log lost of what it should hold. */
function killed(round: number): Promise<void> {
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
    const received = new Map<string, number>();
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
    const lost = [...received].filter(([id, time]) => time < kill - SAFE_MS && !logged.has(id));
    assert.deepEqual(lost, [], `round ${round}, of ${received.size}`);
  });
}

describe("a server that is killed under load", function () {
  this.timeout(KILLS * 10_000);
  before(buildBundles);

  it(`has logged every response that was received ${SAFE_MS} ms before, in whole lines, ${KILLS} times of ${KILLS}`, async () => {
    for (let round = 1; round <= KILLS; round++) await killed(round);
  });
});
