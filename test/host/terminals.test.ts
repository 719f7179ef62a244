import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS } from "../../src/extension/ids";
import { MANIFEST_FILE } from "../../src/model/manifest";
import { requestsOf, until, workspace } from "./support";

describe("Instrument New Terminals", () => {
  it("records what is started in a new terminal, until Stop", async () => {
    const session = await vscode.commands.executeCommand<string>(COMMANDS.instrumentTerminals);
    const address = join(workspace(), "address.txt");
    const code = `const { createServer } = require("node:http");
      const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1", () =>
        require("node:fs").writeFileSync("address.txt", "http://127.0.0.1:" + server.address().port));`;
    // A program of its own and no shell: what the terminal's environment says is all that it gets.
    const terminal = vscode.window.createTerminal({ shellPath: "/usr/bin/env", shellArgs: ["node", "-e", code] });
    const url = await until("the server", () => (existsSync(address) ? readFileSync(address, "utf8") : null));
    assert.equal(await fetch(url).then((response) => response.text()), "ok");
    await until("the record", () => readFileSync(join(session, "server.ndjson"), "utf8").includes('{"type":"server"'));
    terminal.dispose();
    await vscode.commands.executeCommand(COMMANDS.stop);
    assert.ok(JSON.parse(readFileSync(join(session, MANIFEST_FILE), "utf8")).ended);
    const requests = await requestsOf(session);
    assert.deepEqual(
      requests.map(({ method, status }) => [method, status]),
      [["GET", 200]],
    );
  });

  it("leaves terminals alone afterwards", async () => {
    const answer = join(workspace(), "options.txt");
    const code = `require("node:fs").writeFileSync("options.txt", "options:" + (process.env.NODE_OPTIONS ?? ""))`;
    const terminal = vscode.window.createTerminal({ shellPath: "/usr/bin/env", shellArgs: ["node", "-e", code] });
    const text = await until("the terminal's answer", () => (existsSync(answer) ? readFileSync(answer, "utf8") : null));
    assert.equal(text, "options:");
    terminal.dispose();
  });
});
