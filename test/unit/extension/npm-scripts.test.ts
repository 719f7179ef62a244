import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npmScripts, scriptCommand } from "../../../src/extension/npm-scripts";

describe("npm scripts", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "request-timeline-scripts-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("are those that look as if they start a server", async () => {
    const scripts = { build: "x", start: "x", "dev:api": "x", developer: "x", "serve-static": "x", test: "x" };
    await writeFile(join(folder, "package.json"), JSON.stringify({ scripts }));
    assert.deepEqual(await npmScripts(folder), ["start", "dev:api"]);
  });

  it("are none where there is no package.json or no sense in it", async () => {
    assert.deepEqual(await npmScripts(folder), []);
    await writeFile(join(folder, "package.json"), "{ not json");
    assert.deepEqual(await npmScripts(folder), []);
  });

  it("are run by the tool whose lock file is there", async () => {
    assert.deepEqual(await scriptCommand(folder, "dev"), { command: "npm", args: ["run", "dev"] });
    await writeFile(join(folder, "pnpm-lock.yaml"), "");
    assert.deepEqual(await scriptCommand(folder, "dev"), { command: "pnpm", args: ["run", "dev"] });
  });
});
