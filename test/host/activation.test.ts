import assert from "node:assert/strict";
import * as vscode from "vscode";
import { COMMANDS } from "../../src/extension/ids";
import { extension } from "./support";

describe("activation", () => {
  it("waits until something of ours is used", async () => {
    assert.equal(extension().isActive, false);
    const document = await vscode.workspace.openTextDocument({ language: "javascript", content: "1;" });
    await vscode.window.showTextDocument(document);
    assert.equal(extension().isActive, false);
  });

  it("happens with the first command", async () => {
    await vscode.commands.executeCommand(COMMANDS.refresh);
    assert.equal(extension().isActive, true);
  });
});
