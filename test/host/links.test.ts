import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as vscode from "vscode";
import { COMMANDS } from "../../src/extension/ids";
import { SERVER_LOG } from "../../src/model/manifest";
import { calendarRequest, campusSession, closeEditors, requestsOf, workspace } from "./support";

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

  it("open no file outside the workspace without a question", async () => {
    // A log of other people: its handler is a file that the workspace does not have.
    const folder = mkdtempSync(join(tmpdir(), "request-timeline-foreign-"));
    const log = join(folder, "server.ndjson");
    const foreign = join(folder, "elsewhere.txt");
    writeFileSync(foreign, "not yours");
    const [header] = readFileSync(join(await campusSession(), SERVER_LOG), "utf8").split("\n");
    const source = { type: "source", seq: 1, id: 1, file: foreign, line: 1, confidence: 1 };
    const time = Date.now() * 1000;
    const marks = { parseStart: time, parseEnd: time + 1, processEnd: time + 2, sendEnd: time + 3 };
    const record = { type: "server", seq: 2, req: 1, method: "GET", target: "/", status: 200, ...marks, handler: 1 };
    writeFileSync(log, [header, JSON.stringify(source), JSON.stringify(record), ""].join("\n"));
    await vscode.commands.executeCommand(COMMANDS.openSession, [log]);
    const [request] = await requestsOf(log);
    assert.equal(request?.handler?.file, foreign);
    // In a window that runs tests VS Code answers every question with no.
    await vscode.commands.executeCommand(COMMANDS.openHandler, { session: log, request: 0, which: "handler" });
    const open = vscode.workspace.textDocuments.map(({ uri }) => uri.fsPath);
    assert.ok(!open.includes(foreign));
    rmSync(folder, { recursive: true });
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
