import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, SETTINGS } from "../../src/extension/ids";
import { header, logText, serverRecord } from "../unit/engine/sample-logs";
import { api, until, workspace } from "./support";

const COUNT = 20_000;
/** MiB: no room for so many different texts. */
const LITTLE = 1;

describe("the memory that a session may take", () => {
  const log = () => join(workspace(), "many-texts.ndjson");
  const memory = (mebibytes: number | undefined) =>
    vscode.workspace.getConfiguration().update(SETTINGS.sessionMemory, mebibytes, vscode.ConfigurationTarget.Workspace);
  after(async () => {
    await memory(undefined);
    await (await api()).engine.request("close", { session: log() });
    rmSync(log());
  });

  it("is kept to by sessions that are open when it is set, which say what they leave out", async () => {
    const records = Array.from({ length: COUNT }, (_, at) =>
      serverRecord(at + 1, at * 10, { target: `/${at}/${"x".repeat(200)}` }),
    );
    writeFileSync(log(), logText(header("server"), ...records));
    const { engine } = await api();
    const info = () => engine.request("info", { session: log() });
    // While it is opened again the engine does not know it.
    const requests = async () => (await info().catch(() => null))?.requests ?? 0;
    await vscode.commands.executeCommand(COMMANDS.openSession, [log()]);
    assert.equal((await info()).requests, COUNT);
    assert.equal((await info()).problems, 0);

    await memory(LITTLE);
    await until("fewer requests", async () => {
      const count = await requests();
      return count > 0 && count < COUNT && (await info()).problems > 0;
    });
    const { problems } = await engine.request("problems", { session: log(), limit: 10 });
    assert.match(problems[0]!.reason, /not read beyond \d+ bytes: the session needs more than 1 MiB/);
    // What was read can be used.
    const { request } = await engine.request("detail", { session: log(), index: 0 });
    assert.match(request.url, /^\/0\/x+$/);

    await memory(undefined);
    await until("all requests", async () => (await requests()) === COUNT);
    assert.equal((await info()).problems, 0);
  });
});
