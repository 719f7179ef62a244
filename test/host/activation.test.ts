import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS } from "../../src/extension/ids";
import { extension, workspace } from "./support";

describe("activation", () => {
  it("waits until something of ours is used", async () => {
    assert.equal(extension().isActive, false);
    const document = await vscode.workspace.openTextDocument(join(workspace(), "htdocs/campus.js"));
    await vscode.window.showTextDocument(document);
    assert.equal(extension().isActive, false);
  });

  it("happens with the first command", async () => {
    await vscode.commands.executeCommand(COMMANDS.refresh);
    assert.equal(extension().isActive, true);
  });
});
