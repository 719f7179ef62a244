import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, COMMIT_SCHEME } from "../../src/extension/ids";
import { SERVER_LOG } from "../../src/model/manifest";
import { calendarRequest, campusSession, closeEditors, requestsOf, workspace } from "./support";

const active = () => {
  const editor = vscode.window.activeTextEditor;
  assert.ok(editor, "no editor is active");
  return { file: relative(workspace(), editor.document.uri.fsPath), line: editor.selection.active.line + 1 };
};

/** Writes a server's log with one request, whose handler is this file; resolves to the log. */
async function logOf({ folder, ...source }: { folder: string; file: string; line: number; hash?: string }) {
  const log = join(folder, SERVER_LOG);
  const [header] = readFileSync(join(await campusSession(), SERVER_LOG), "utf8").split("\n");
  const time = Date.now() * 1000;
  const marks = { parseStart: time, parseEnd: time + 1, processEnd: time + 2, sendEnd: time + 3 };
  const records = [
    { type: "source", seq: 1, id: 1, ...source, confidence: 1 },
    { type: "server", seq: 2, req: 1, method: "GET", target: "/", status: 200, ...marks, handler: 1 },
  ];
  writeFileSync(log, `${[header, ...records.map((record) => JSON.stringify(record))].join("\n")}\n`);
  return log;
}

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
    const foreign = join(folder, "elsewhere.txt");
    writeFileSync(foreign, "not yours");
    const log = await logOf({ folder, file: foreign, line: 1 });
    await vscode.commands.executeCommand(COMMANDS.openSession, [log]);
    const [request] = await requestsOf(log);
    assert.equal(request?.handler?.file, foreign);
    // In a window that runs tests VS Code answers every question with no.
    await vscode.commands.executeCommand(COMMANDS.openHandler, { session: log, request: 0, which: "handler" });
    const open = vscode.workspace.textDocuments.map(({ uri }) => uri.fsPath);
    assert.ok(!open.includes(foreign));
    rmSync(folder, { recursive: true });
  });

  it("show a handler that is a folder in the explorer", async () => {
    const folder = join(workspace(), "listed");
    mkdirSync(folder);
    const log = await logOf({ folder, file: join(workspace(), "cgi-bin"), line: 1 });
    await vscode.commands.executeCommand(COMMANDS.openSession, [log]);
    await requestsOf(log);
    const opened = await vscode.commands.executeCommand(COMMANDS.openHandler, {
      ...{ session: log, request: 0, which: "handler" },
    });
    assert.deepEqual(opened, { file: join(workspace(), "cgi-bin"), changed: null });
    rmSync(folder, { recursive: true });
  });

  it("say that the file has changed since, and have the version of the recording's commit", async () => {
    const folder = join(workspace(), "stale");
    mkdirSync(folder);
    const git = (...words: string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...words], { cwd: folder });
    const file = join(folder, "handler.js");
    const recorded = "// as recorded\n";
    writeFileSync(file, recorded);
    git("init", "-q");
    git("add", "handler.js");
    git("commit", "-qm", "recorded");
    const commit = git("rev-parse", "HEAD").toString().trim();
    const hash = createHash("sha256").update(recorded).digest("hex").slice(0, 16);
    const session = await logOf({ folder, file, line: 1, hash });
    await vscode.commands.executeCommand(COMMANDS.openSession, [session]);
    await requestsOf(session);
    const link = { session, request: 0, which: "handler" };
    const opened = () => vscode.commands.executeCommand(COMMANDS.openHandler, link);
    assert.deepEqual(await opened(), { file, changed: false });
    writeFileSync(file, "// changed since\n");
    assert.deepEqual(await opened(), { file, changed: true });
    const uri = vscode.Uri.file(file).with({ scheme: COMMIT_SCHEME, query: commit });
    assert.equal((await vscode.workspace.openTextDocument(uri)).getText(), recorded);
    await assert.rejects(Promise.resolve(vscode.workspace.openTextDocument(uri.with({ query: "HEAD" }))));
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
