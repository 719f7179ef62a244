import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS } from "../../src/extension/ids";
import { until, workspace } from "./support";

describe("a server under the debugger", () => {
  const folder = () => vscode.workspace.workspaceFolders![0]!;
  after(() => vscode.debug.stopDebugging());

  it("is recorded with the environment that is copied for launch.json", async () => {
    const address = join(workspace(), "debugged.txt");
    const program = join(workspace(), "debugged.js");
    writeFileSync(
      program,
      `const server = require("node:http").createServer((_, response) => response.end("ok"));
      server.listen(0, "127.0.0.1", () =>
        require("node:fs").writeFileSync("debugged.txt", "http://127.0.0.1:" + server.address().port));`,
    );
    const text = await vscode.commands.executeCommand<string>(COMMANDS.copyEnvironment, "launch");
    assert.equal(await vscode.env.clipboard.readText(), text);
    const { env } = JSON.parse(`{${text}}`);
    const configuration = { type: "node", request: "launch", name: "server", program, cwd: workspace(), env };
    assert.ok(await vscode.debug.startDebugging(folder(), configuration));
    const url = await until("the server", () => (existsSync(address) ? readFileSync(address, "utf8") : null));
    assert.equal(await fetch(url).then((response) => response.text()), "ok");
    const session = join(env.REQUEST_TIMELINE_LOG, "..");
    await until("the record", () =>
      readdirSync(session)
        .filter((name) => name.endsWith(".ndjson"))
        .some((name) => readFileSync(join(session, name), "utf8").includes('{"type":"server"')),
    );
  });
});
