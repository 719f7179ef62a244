import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Report } from "../../../src/model/report";
import { buildCommand, CLI } from "../engine/engine-bundle";

const run = promisify(execFile);
const SERVER = join(__dirname, "otel-server.cjs");

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
});
