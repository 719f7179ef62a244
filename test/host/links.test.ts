import assert from "node:assert/strict";
import { relative } from "node:path";
import * as vscode from "vscode";
import { COMMANDS } from "../../src/extension/ids";
import { calendarRequest, campusSession, closeEditors, workspace } from "./support";

const active = () => {
  const editor = vscode.window.activeTextEditor;
  assert.ok(editor, "no editor is active");
  return { file: relative(workspace(), editor.document.uri.fsPath), line: editor.selection.active.line + 1 };
};

describe("links from a request", () => {
  before(closeEditors);

  it("open the handler's file at its line", async () => {
    const session = await campusSession();
    const { index } = await calendarRequest(session);
    await vscode.commands.executeCommand(COMMANDS.openHandler, { session, request: index, which: "handler" });
    assert.deepEqual(active(), { file: "cgi-bin/calendar.cgi", line: 1 });
  });

  it("reveal both records", async () => {
    const session = await campusSession();
    const { index, request } = await calendarRequest(session);
    for (const side of ["server", "client"] as const) {
      await vscode.commands.executeCommand(COMMANDS.revealLog, { session, request: index, side });
      const position = request.log[side]!;
      assert.deepEqual(active(), { file: relative(workspace(), position.file), line: position.line });
    }
  });
});
