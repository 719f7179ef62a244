import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { COMMANDS, LOG_LANGUAGE, SETTINGS, SLICE_SCHEME } from "../../src/extension/ids";
import { SERVER_LOG } from "../../src/model/manifest";
import { api, calendarRequest, campusSession, closeEditors, hoverAt, until, workspace } from "./support";

const zone = (value: string | undefined) =>
  vscode.workspace.getConfiguration().update(SETTINGS.zone, value, vscode.ConfigurationTarget.Workspace);

async function show(file: string, line = 1): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(file);
  const position = new vscode.Position(line - 1, 0);
  return vscode.window.showTextDocument(document, { selection: new vscode.Range(position, position) });
}

const hoverText = (document: vscode.TextDocument, line: number): Promise<string> =>
  hoverAt(document, new vscode.Position(line - 1, 3));

/** First and last line of what folds, 0-based. */
async function foldingOf(document: vscode.TextDocument): Promise<number[][]> {
  await until("our language", () => document.languageId === LOG_LANGUAGE);
  const ranges = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
    "vscode.executeFoldingRangeProvider",
    document.uri,
  );
  return ranges.map(({ start, end }) => [start, end]);
}

describe("a log in the editor", () => {
  before(closeEditors);
  after(closeEditors);

  it("leads from a line to its row", async () => {
    const session = await campusSession();
    const { request } = await calendarRequest(session);
    await show(request.log.server!.file, request.log.server!.line);
    await vscode.commands.executeCommand(COMMANDS.revealInTimeline);
    const { panel } = await api();
    await until("the page", () => panel.isReady);
    assert.equal(panel.session, session);
  });

  it("shows its problems, and only those", async () => {
    const folder = join(workspace(), "torn");
    mkdirSync(folder);
    const log = join(folder, SERVER_LOG);
    const lines = readFileSync(join(await campusSession(), SERVER_LOG), "utf8").split("\n");
    writeFileSync(log, [lines[0], '{"type":"server","seq":', ""].join("\n"));
    await vscode.commands.executeCommand(COMMANDS.openSession, [log]);
    const [problem] = await until("the diagnostics", () => {
      const found = vscode.languages.getDiagnostics(vscode.Uri.file(log));
      return found.length ? found : null;
    });
    assert.deepEqual([problem!.range.start.line, problem!.source], [1, "Request Timeline"]);
    assert.match(problem!.message, /not JSON/);
    await vscode.commands.executeCommand(COMMANDS.openSlice, { file: log, line: 1 });
    const { uri } = vscode.window.activeTextEditor!.document;
    assert.equal(uri.scheme, SLICE_SCHEME);
    const [same] = await until("the slice's diagnostics", () => {
      const found = vscode.languages.getDiagnostics(uri);
      return found.length ? found : null;
    });
    assert.deepEqual([same!.range, same!.message], [problem!.range, problem!.message]);
  });

  it("links the sources that it names", async () => {
    const log = join(await campusSession(), SERVER_LOG);
    await show(log);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      "vscode.executeLinkProvider",
      vscode.Uri.file(log),
    );
    const named = links.filter(({ target }) => target?.path === COMMANDS.openNamedSource);
    assert.ok(named.some(({ target }) => decodeURIComponent(target!.query).includes("calendar.cgi")));
    const [argument] = JSON.parse(decodeURIComponent(named[0]!.target!.query));
    await vscode.commands.executeCommand(COMMANDS.openNamedSource, argument);
    assert.equal(basename(vscode.window.activeTextEditor!.document.fileName), basename(argument.file));
  });

  it("of 1999 is recognised, explained and folded, as a whole and in a slice", async () => {
    const file = join(workspace(), "time-1999.txt");
    const time = "The time is Wed Feb 10 10:15:40.080 1999";
    writeFileSync(file, `http://www.cudenver.edu/ sending request.\n${time}\nhttp://x/ sending request.\n${time}\n`);
    await zone("-07:00");
    try {
      const { document } = await show(file);
      await until("our language", () => document.languageId === LOG_LANGUAGE);
      const text = await hoverText(document, 2);
      assert.match(text, /Mark 1, Q Net,Client: Client sends request/);
      const records = [
        [0, 1],
        [2, 3],
      ];
      assert.deepEqual(await foldingOf(document), records);
      await vscode.commands.executeCommand(COMMANDS.openSlice, { file, line: 1 });
      const slice = vscode.window.activeTextEditor!.document;
      assert.equal(slice.uri.scheme, SLICE_SCHEME);
      assert.deepEqual(await foldingOf(slice), records);
    } finally {
      await zone(undefined);
    }
  });

  it("of other tools is explained on every line of a record", async () => {
    const session = await campusSession();
    const { request } = await calendarRequest(session);
    const file = join(workspace(), "exported.har");
    await vscode.commands.executeCommand(COMMANDS.exportAs, { session, format: "har", file });
    writeFileSync(file, JSON.stringify(JSON.parse(readFileSync(file, "utf8")), null, 2));
    const { document } = await show(file);
    await until("the language of JSON", () => document.languageId === "json");
    const line = document
      .getText()
      .slice(0, document.getText().indexOf(`"${request.url}"`))
      .split("\n").length;
    for (const at of [line, line + 3]) {
      const text = await hoverText(document, at);
      assert.match(text, /The (client|server)'s record of GET .*calendar\.cgi/);
      assert.match(text, /R C [\d.,]+ (ms|s)/);
    }
    const access = join(workspace(), "access.log");
    writeFileSync(access, '127.0.0.1 - - [10/Feb/1999:10:15:40 -0700] "GET /late HTTP/1.1" 200 9216\n');
    const log = (await show(access)).document;
    await until("our language", () => log.languageId === LOG_LANGUAGE);
    assert.match(await hoverText(log, 1), /The server's record of GET \/late/);
  });
});
