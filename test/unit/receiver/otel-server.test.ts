import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { Report } from "../../../src/model/report";
import { buildCommand, CLI } from "../engine/engine-bundle";

const run = promisify(execFile);
const SERVER = join(__dirname, "otel-server.cjs");
const DENO_SERVER = join(__dirname, "otel-server.deno.js");

/** The address that the process prints when it listens. */
async function addressOf({ stdout }: ChildProcess): Promise<string> {
  let text = "";
  for await (const part of stdout!.setEncoding("utf8")) {
    text += part;
    const address = /http:\/\/\S+(?=\n)/.exec(text)?.[0];
    if (address) return address;
  }
  throw new Error(`it ended before it listened: ${text}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, "exit");
}

describe("a server under OpenTelemetry's SDK that sends to the receiver", function () {
  this.timeout(120_000);
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-otel-"));
    await buildCommand();
  });
  after(() => rmSync(folder, { recursive: true }));

  it("pairs by id with the probe that drives it, and shows its code and what lies beneath", async () => {
    const [client, log] = [join(folder, "client.ndjson"), join(folder, "server.ndjson")];
    const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"];
    const receiver = spawn(process.execPath, [CLI, "receive", "--log", log, "--port", "0"], { stdio });
    let server: ChildProcess | undefined;
    try {
      const endpoint = await addressOf(receiver);
      const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: "shop" };
      server = spawn(process.execPath, [SERVER], { stdio, env });
      const url = `${await addressOf(server)}/books/7?a=b`;
      await run(process.execPath, [CLI, "probe", url, "--count", "5", "--log", client]);
    } finally {
      // The server ends when its spans have been taken.
      if (server) await ended(server);
      await ended(receiver);
    }
    const { requests, problems }: Report = JSON.parse(
      (await run(process.execPath, [CLI, "report", client, log, "--json"])).stdout,
    );
    assert.deepEqual(problems, []);
    assert.equal(requests.length, 5);
    for (const { pairing, status, handler, durations, children, url } of requests) {
      assert.deepEqual([pairing, status, new URL(url).pathname], ["id", 200, "/books/7"]);
      assert.ok(durations.clientResponse! > 0 && durations.serverResponse! > 0);
      assert.deepEqual([handler?.file, handler?.name], [SERVER, "show"]);
      assert.match(readFileSync(SERVER, "utf8").split("\n")[handler!.line! - 1]!, /function show\(/);
      assert.deepEqual(
        children.map(({ name }) => name),
        ["read the shelf"],
      );
    }
  });

  it("in Deno, whose SDK is OpenTelemetry's for Rust, pairs by id with the probe that drives it", async function () {
    if (spawnSync("deno", ["--version"]).error) {
      process.stderr.write("    SKIPPED: deno is not on the path (npm install --prefix FOLDER deno)\n");
      this.skip();
    }
    const [client, log] = [join(folder, "deno-client.ndjson"), join(folder, "deno-server.ndjson")];
    const stdio: ["ignore", "pipe", "inherit"] = ["ignore", "pipe", "inherit"];
    const receiver = spawn(process.execPath, [CLI, "receive", "--log", log, "--port", "0"], { stdio });
    let server: ChildProcess | undefined;
    const received = () =>
      readFileSync(log, { encoding: "utf8", flag: "a+" }).match(/^\{"type":"server"/gm)?.length ?? 0;
    try {
      const endpoint = await addressOf(receiver);
      const env = {
        ...process.env,
        OTEL_DENO: "true",
        OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
        OTEL_BSP_SCHEDULE_DELAY: "100",
      };
      server = spawn("deno", ["run", "--no-config", "--allow-net", "--allow-env", DENO_SERVER], { stdio, env });
      const url = `${await addressOf(server)}/books/7?a=b`;
      await run(process.execPath, [CLI, "probe", url, "--count", "5", "--log", client]);
      for (const deadline = Date.now() + 30_000; received() < 5; await delay(50))
        assert.ok(Date.now() < deadline, "not all spans have come");
    } finally {
      if (server) await ended(server);
      await ended(receiver);
    }
    const { requests, problems }: Report = JSON.parse(
      (await run(process.execPath, [CLI, "report", client, log, "--json"])).stdout,
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      requests.map(({ pairing, status, url }) => [pairing, status, new URL(url).pathname]),
      Array.from({ length: 5 }, () => ["id", 200, "/books/7"]),
    );
    for (const { durations } of requests) assert.ok(durations.serverResponse! <= durations.clientResponse! + 2);
  });
});
