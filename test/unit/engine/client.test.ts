import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineClient } from "../../../src/engine/node/client";

describe("the engine's client", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-client-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("fails every open call when the thread dies, says so once, and refuses later calls", async () => {
    const script = join(folder, "dies.js");
    writeFileSync(
      script,
      'require("node:worker_threads").parentPort.on("message", () => { throw new Error("boom"); });',
    );
    const ends: string[] = [];
    const client = new EngineClient(script, (error) => ends.push(error.message));
    const calls = [1, 2].map(() => client.call("info", { session: "/s" }));
    const results = await Promise.allSettled(calls);
    assert.deepEqual(
      results.map((result) => result.status === "rejected" && result.reason.message),
      ["boom", "boom"],
    );
    await assert.rejects(client.call("info", { session: "/s" }), /boom/);
    await client.close();
    assert.deepEqual(ends, ["boom"]);
  });
});
