import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openSession } from "../../../src/engine/node/open";
import { assemble } from "../../../src/engine/request";
import { decodeNative } from "../../../src/formats/native";
import { schemaFaults } from "../formats/log-schema";
import { until } from "../instrument/support";
import { buildCommand, CAMPUS, CLI } from "./engine-bundle";

const run = promisify(execFile);

describe("a recorded session", function () {
  this.timeout(60_000);
  let folder: string;
  before(buildCommand);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("has only lines that the schema allows", async () => {
    const session = join(folder, "campus");
    const urls = ["--page", "/", "/cgi-bin/calendar.cgi?3+1993"];
    await run(process.execPath, [CLI, "record", "--session", session, "--serve", CAMPUS, "--", ...urls], {
      cwd: folder,
    });
    const logs = readdirSync(session).filter((name) => name.endsWith(".ndjson"));
    assert.deepEqual(logs, ["client.ndjson", "server.ndjson"]);
    for (const name of logs)
      for (const line of readFileSync(join(session, name), "utf8").trimEnd().split("\n"))
        assert.deepEqual(schemaFaults(JSON.parse(line)), [], line);
  });

  it("whose server was killed in the middle shows what came before, and what was interrupted", async () => {
    const log = join(folder, "server.ndjson");
    const program = join(folder, "server.js");
    writeFileSync(
      program,
      `require("node:http").createServer((request, response) => {
        if (request.url === "/quick") response.end("done");
      }).listen(0, "127.0.0.1");`,
    );
    const command = spawn(process.execPath, [CLI, "run", "--log", log, "--", process.execPath, program], {
      stdio: "ignore",
    });
    try {
      const pid = await servingUnderLoad(log);
      process.kill(pid, "SIGKILL");
      await ended(command);
    } finally {
      command.kill("SIGKILL");
    }
    const { store } = await openSession([log]);
    const requests = Array.from({ length: store.rows.length }, (_, row) => assemble(store, row));
    assert.deepEqual(requests.map(({ url, state, flags }) => [url.replace(/.*\//, ""), state, flags]).sort(), [
      ...Array(5).fill(["quick", "complete", []]),
      ["slow", "pending", ["interrupted"]],
    ]);
    assert.equal(store.recording, false);
    assert.deepEqual(store.problems.list(), []);
  });
});

/** Five answered requests and one that hangs until it is logged as pending; the server's pid. */
async function servingUnderLoad(log: string): Promise<number> {
  const records = () =>
    (existsSync(log) ? readFileSync(log, "utf8").split("\n") : []).filter(Boolean).map((line) => decodeNative(line));
  const of = <T extends string>(type: T) => records().find((record) => "type" in record && record.type === type);
  await until(() => of("listen") !== undefined);
  const listen = of("listen");
  const head = of("header");
  assert.ok(listen && "url" in listen && listen.url && head && "pid" in head);
  for (let i = 0; i < 5; i++) {
    const [response] = await once(get(`${listen.url}/quick`), "response");
    response.resume();
    await once(response, "end");
  }
  get(`${listen.url}/slow`).on("error", () => {});
  await until(() => of("pending") !== undefined);
  return head.pid;
}

const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, "exit");
