import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanUp, httpServer } from "../probe/support";
import { CLI, cli, inFolder } from "./support";

afterEach(cleanUp);

describe("a reader of the results that goes away", () => {
  it("is no failure of what reports, compares, converts or predicts", () =>
    inFolder(async (folder) => {
      const session = join(folder, "session");
      await cli("record", "--session", session, "--serve", "examples/campus", "--", "/");
      for (const words of [
        ["report", session],
        ["compare", session, session],
        ["convert", session, "--to", "har", "--out", "-"],
        ["predict", session, "--workers", "2"],
      ]) {
        const command = spawn(process.execPath, [CLI, ...words], { stdio: "pipe" });
        command.stdout.destroy();
        let said = "";
        command.stderr.on("data", (chunk) => {
          said += chunk;
        });
        const [status] = await once(command, "close");
        assert.deepEqual([words[0], status, said], [words[0], 0, ""]);
      }
    }));

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
