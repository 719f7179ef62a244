import assert from "node:assert/strict";
import { findRuntime } from "../../../src/extension/runtime";

describe("the Node that runs tasks", () => {
  it("is the configured one where it is new enough", async () => {
    assert.deepEqual(await findRuntime(process.execPath), { path: process.execPath, env: {} });
  });

  it("is VS Code's own where there is none on the path", async () => {
    const path = process.env.PATH;
    process.env.PATH = "";
    try {
      assert.deepEqual(await findRuntime(""), { path: process.execPath, env: { ELECTRON_RUN_AS_NODE: "1" } });
    } finally {
      process.env.PATH = path;
    }
  });

  it("is never silently another one than was configured", async () => {
    await assert.rejects(findRuntime("/no/such/node"), /requestTimeline.nodePath cannot be run: \/no\/such\/node/);
  });
});
