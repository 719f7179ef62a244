import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanUp, httpServer } from "../probe/support";
import { CLI, inFolder } from "./support";

afterEach(cleanUp);

describe("a reader of the results that goes away", () => {
  it("breaks no measurement off: the log is complete, the status is 0", () =>
    inFolder(async (folder) => {
      const url = await httpServer((_, response) => response.end());
      const log = join(folder, "client.ndjson");
      const probe = spawn(process.execPath, [CLI, "probe", url, "--count", "100", "--log", log], { stdio: "pipe" });
      probe.stdout.once("data", () => probe.stdout.destroy());
      const [status] = await once(probe, "exit");
      assert.equal(status, 0);
      const lines = readFileSync(log, "utf8").trim().split("\n");
      assert.equal(lines.filter((line) => line.startsWith('{"type":"client"')).length, 100);
      assert.equal(JSON.parse(lines.at(-1)!).requests, 100);
    }));
});
