import assert from "node:assert/strict";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import * as vscode from "vscode";
import { LogHover } from "../../src/extension/hover";
import { LOG_LANGUAGE } from "../../src/extension/ids";
import { LogLookup } from "../../src/extension/log-lookup";
import { SERVER_LOG } from "../../src/model/manifest";
import type { LineLookup } from "../../src/protocol/messages";
import { api, calendarRequest, campusSession, hoverAt, isLookedUp, plainly } from "./support";

/** The hover's text at a word of a log's line (1-based). */
async function hoverOver(file: string, line: number, word: string): Promise<string> {
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  assert.equal(document.languageId, LOG_LANGUAGE);
  return hoverAt(document, new vscode.Position(line - 1, document.lineAt(line - 1).text.indexOf(word) + 1));
}

describe("hover on a session's log", () => {
  it("says what the record is, the request's numbers, its peer, and the ways to timeline, handler and peer", async () => {
    const { request } = await calendarRequest(await campusSession());
    const { file, line } = request.log.server!;
    const text = await hoverOver(file, line, '"type"');
    assert.match(text, /The server's record of GET/);
    const shown = Number(/R C ([\d.]+) ms/.exec(text)?.[1]) * 1000;
    const clientResponse = request.durations.clientResponse!;
    // Four digits.
    assert.ok(Math.abs(shown - clientResponse) <= clientResponse / 2000, `${clientResponse} µs: ${text}`);
    assert.match(text, /R S .* network /);
    assert.match(text, /Paired by its id with client\.ndjson:\d+/);
    for (const link of ["openTimeline", "openHandler", "revealLog"])
      assert.ok(text.includes(`(command:requestTimeline.${link}?`), link);
  });

  it("makes no link of an address in the log", async () => {
    const { request } = await calendarRequest(await campusSession());
    const { file, line } = request.log.client!;
    const document = await vscode.workspace.openTextDocument(file);
    await hoverAt(document, new vscode.Position(line - 1, 0));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      new vscode.Position(line - 1, 0),
    );
    const [content] = hovers[0]!.contents;
    assert.ok(content instanceof vscode.MarkdownString && content.value.includes("calendar.cgi"));
    assert.ok(!content.value.includes("://"), content.value);
    assert.ok(!content.supportHtml);
  });

  it("explains the mark under the pointer", async () => {
    const { request } = await calendarRequest(await campusSession());
    const { file, line } = request.log.server!;
    assert.match(await hoverOver(file, line, '"parseEnd"'), /Mark 4, R S,Proc: Parsing complete \(server's clock\)/);
  });

  it("explains lines that belong to no request", async () => {
    const session = await campusSession();
    assert.match(
      await hoverOver(join(session, SERVER_LOG), 1, '"type"'),
      /Header: process \d+ on .+ begins a server's log/,
    );
  });
});

describe("hover whose engine has no time", () => {
  const { token } = new vscode.CancellationTokenSource();
  let document: vscode.TextDocument;
  let at: vscode.Position;
  let lookup: LineLookup;
  let questions: { answer(found: LineLookup | null): void; fail(error: Error): void }[];
  let info: object;
  let hover: LogHover;
  const said = async (): Promise<string> => {
    const shown = await hover.provideHover(document, at, token);
    assert.ok(shown);
    return plainly(shown);
  };

  before(async () => {
    const { request } = await calendarRequest(await campusSession());
    const { file, line } = request.log.server!;
    document = await vscode.workspace.openTextDocument(file);
    at = new vscode.Position(line - 1, document.lineAt(line - 1).text.indexOf('"parseEnd"') + 1);
    lookup = (await (await api()).engine.request("line", { file, line }))!;
  });
  beforeEach(() => {
    questions = [];
    info = {};
    const engine = { request: () => new Promise((answer, fail) => questions.push({ answer, fail })) };
    const sessions = { beginForLog: async () => undefined, stateForLog: () => ({ read: 1, info }) };
    const atOnce = async (): Promise<void> => void (await turn());
    hover = new LogHover(new LogLookup(engine as never, sessions as never, atOnce));
  });
  const answer = async (found: LineLookup | null): Promise<void> => {
    questions.pop()!.answer(found);
    await turn();
  };

  it("says what the line tells by itself, and that the rest is still being looked up", async () => {
    const text = await said();
    assert.match(text, /The server's record of GET .*calendar\.cgi/);
    assert.match(text, /Mark 4, R S,Proc: Parsing complete.*\n?.*\d\d:\d\d:\d\d\.\d{6}, lasts [\d.]+ m?[µ]?s/);
    assert.match(text, /R S [\d.]+ m?[µ]?s\n|R S [\d.]+/);
    assert.match(text, /parse .* · process .* · send /);
    assert.ok(!isLookedUp(text), text);
    assert.doesNotMatch(text, /R C|Paired|command:/);
  });

  it("has the rest at the next time, when it has come in between", async () => {
    assert.ok(!isLookedUp(await said()));
    await answer(lookup);
    const text = await said();
    assert.ok(isLookedUp(text), text);
    assert.match(text, /R C .* R S [\s\S]*Paired by its id with client\.ndjson:\d+/);
    assert.match(text, /command:requestTimeline\.openTimeline/);
    assert.equal(questions.length, 0, "nothing is asked twice");
  });

  it("forgets that once the session or the document has changed", async () => {
    await said();
    await answer(lookup);
    info = {};
    assert.ok(!isLookedUp(await said()), "the session has changed");
    await answer(lookup);
    assert.ok(isLookedUp(await said()));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(document.lineCount, 0), " ");
    await vscode.workspace.applyEdit(edit);
    try {
      assert.ok(!isLookedUp(await said()), "the document has changed");
    } finally {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("workbench.action.files.revert");
    }
  });

  it("says why, where the session cannot be read", async () => {
    const shown = said();
    await Promise.resolve();
    questions.pop()!.fail(new Error("gone"));
    assert.match(await shown, /The server's record of GET[\s\S]*Its session cannot be read: gone\./);
  });

  it("waits for nothing on a line that no request has", async () => {
    at = new vscode.Position(0, 0);
    const text = await said();
    assert.match(text, /Header: process/);
    assert.ok(isLookedUp(text));
    assert.equal(questions.length, 0);
  });
});
