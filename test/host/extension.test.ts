import { deepEqual, ok } from "node:assert/strict";
import * as vscode from "vscode";

describe("the extension in a real VS Code", () => {
  it("is loaded", () => {
    const extension = vscode.extensions.getExtension("request-timeline.request-timeline");
    ok(extension, "not loaded");
  });

  it("has the copied workspace open, not the repository's", () => {
    const folders = vscode.workspace.workspaceFolders ?? [];
    deepEqual(
      folders.map((folder) => folder.name),
      ["campus"],
    );
    ok(
      !folders[0]!.uri.fsPath.startsWith(
        vscode.extensions.getExtension("request-timeline.request-timeline")!.extensionPath,
      ),
    );
  });
});
