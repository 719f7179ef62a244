import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { LOG_LANGUAGE } from "../../src/extension/ids";
import { SERVER_LOG } from "../../src/model/manifest";
import { calendarRequest, campusSession } from "./support";

/** The hover's text at a word of a log's line (1-based). */
async function hoverAt(file: string, line: number, word: string): Promise<string> {
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  assert.equal(document.languageId, LOG_LANGUAGE);
  const position = new vscode.Position(line - 1, document.lineAt(line - 1).text.indexOf(word) + 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    position,
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === "string" ? content : content.value))
    .join("\n")
    .replaceAll("&nbsp;", " ")
    .replaceAll(/\\(?=\W)/g, "");
}

describe("hover on a session's log", () => {
  it("says what the record is, the request's numbers, its peer, and the ways to timeline, handler and peer", async () => {
    const { request } = await calendarRequest(await campusSession());
    const { file, line } = request.log.server!;
    const text = await hoverAt(file, line, '"type"');
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
    assert.match(await hoverAt(file, line, '"parseEnd"'), /Mark 4, R S,Proc: Parsing complete \(server's clock\)/);
  });

  it("explains lines that belong to no request", async () => {
    const session = await campusSession();
    assert.match(
      await hoverAt(join(session, SERVER_LOG), 1, '"type"'),
      /Header: process \d+ on .+ begins a server's log/,
    );
  });
});
