import assert from "node:assert/strict";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { COMMANDS, LOG_LANGUAGE, SLICE_SCHEME } from "../../src/extension/ids";
import { SERVER_LOG } from "../../src/model/manifest";
import { api, campusSession, closeEditors, hoverNow, isLookedUp, plainly, say, until, workspace } from "./support";

/** VS Code gives no file over 50 MB to extensions. */
const BYTES = process.env.SOAK ? 2 ** 30 : 60 * 2 ** 20;
const HOVERS = 20;
const GOAL_MS = 20;
const WORD = "nothing";
/** Between hovers that come when a user has been quiet: what the engine does meanwhile must not keep them waiting. */
const QUIET_MS = 300;

describe(`a log of ${Math.round(BYTES / 2 ** 20)} MB, in slices`, function () {
  this.timeout(600_000);
  const folder = () => join(workspace(), "large");
  const log = () => join(folder(), SERVER_LOG);
  let requests = 0;
  let word: vscode.Disposable;

  before(async () => {
    await closeEditors();
    const provider = { provideHover: () => new vscode.Hover(WORD) };
    word = vscode.languages.registerHoverProvider({ language: "plaintext", scheme: "untitled" }, provider);
    mkdirSync(folder());
    const lines = readFileSync(join(await campusSession(), SERVER_LOG), "utf8").split("\n");
    const sample = JSON.parse(lines.find((line) => line.startsWith('{"type":"server"'))!);
    const { handler: _, responder: __, id: ___, conn: ____, ...plain } = sample;
    const source = { type: "source", seq: 1, id: 1, file: "cgi-bin/calendar.cgi", line: 1, confidence: 1 };
    const file = openSync(log(), "w");
    let written = writeSync(file, `${lines[0]}\n${JSON.stringify(source)}\n`);
    while (written < BYTES) {
      const batch = Array.from({ length: 5_000 }, () => {
        const request = ++requests;
        return JSON.stringify({ ...plain, seq: request + 1, req: request, target: `/${request}`, handler: 1 });
      });
      written += writeSync(file, `${batch.join("\n")}\n`);
    }
    closeSync(file);
  });
  after(async () => {
    word.dispose();
    await closeEditors();
    const { engine } = await api();
    await engine.request("close", { session: log() });
    rmSync(folder(), { recursive: true });
  });

  /** Opens the slice that has a request; resolves to its document and the request's line in it (0-based). */
  async function sliceOf(request: number): Promise<{ document: vscode.TextDocument; line: number }> {
    await vscode.commands.executeCommand(COMMANDS.openSlice, { file: log(), line: request + 2 });
    const { document, selection } = vscode.window.activeTextEditor!;
    assert.equal(document.uri.scheme, SLICE_SCHEME);
    const { line } = selection.active;
    assert.equal(JSON.parse(document.lineAt(line).text).target, `/${request}`);
    return { document, line };
  }

  it("is asked for from the active tab's address, since no extension has its document", async () => {
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(log()));
    await until("the tab", () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputText && input.uri.fsPath === log();
    });
    assert.ok(!vscode.workspace.textDocuments.some(({ uri }) => uri.fsPath === log()));
    // The line is asked for in an input box, whose proposal is the first line.
    const opening = vscode.commands.executeCommand(COMMANDS.openSlice);
    await until(
      "the first slice",
      async () => {
        await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
        return vscode.window.activeTextEditor?.document.uri.scheme === SLICE_SCHEME;
      },
      120,
    );
    await opening;
    const { document } = vscode.window.activeTextEditor!;
    await until("our language", () => document.languageId === LOG_LANGUAGE);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      "vscode.executeLinkProvider",
      document.uri,
    );
    assert.deepEqual(
      links.flatMap(({ target }) => (target?.path === COMMANDS.openNamedSource ? [target.path] : [])),
      [COMMANDS.openNamedSource],
    );
  });

  /**
   * Hovers on the slice's lines, each after one that says a word: what that costs is VS Code's own. What the provider
   * itself takes is asked of it without VS Code, on the line after.
   */
  class Watch {
    private readonly own: number[] = [];
    private readonly others: number[] = [];
    private readonly provider: number[] = [];
    private readonly lag = monitorEventLoopDelay({ resolution: 1 });
    private turn = 0;
    private complete = 0;

    constructor(
      private readonly slice: vscode.TextDocument,
      private readonly from: number,
      private readonly plain: vscode.TextDocument,
    ) {
      this.lag.enable();
    }

    async hover(): Promise<string> {
      const at = (this.from + this.turn++ * 37) % (this.slice.lineCount - 2);
      const begun = performance.now();
      assert.equal(await hoverNow(this.plain, new vscode.Position(0, 3)), WORD);
      const between = performance.now();
      const text = await hoverNow(this.slice, new vscode.Position(at, 3));
      const end = performance.now();
      await this.provided(at + 1);
      this.provider.push(performance.now() - end);
      this.own.push(end - between);
      this.others.push(between - begun);
      this.check(text, at);
      return text;
    }

    private async provided(line: number): Promise<void> {
      const { hover } = await api();
      const { token } = new vscode.CancellationTokenSource();
      const shown = await hover.provideHover(this.slice, new vscode.Position(line, 3), token);
      this.check(plainly(shown!), line);
    }

    /** What the line says itself is always there. */
    private check(text: string, line: number): void {
      assert.ok(text.includes(`The server's record of GET ${JSON.parse(this.slice.lineAt(line).text).target}`), text);
      assert.match(text, /R S /);
      if (isLookedUp(text)) this.complete++;
    }

    report(what: string): void {
      const numbers = (times: number[]): string => {
        const [first = Number.NaN] = times;
        const sorted = times.splice(0).sort((a, b) => a - b);
        const most = sorted[Math.ceil(0.99 * sorted.length) - 1]!;
        return [first, sorted[sorted.length >> 1]!, most, sorted.at(-1)!].map((ms) => ms.toFixed(1)).join(" | ");
      };
      const [hovers, complete] = [this.own.length, this.complete];
      say(`    ${hovers} hovers ${what}; goal: under ${GOAL_MS} ms; ${complete} of ${2 * hovers} had all at first`);
      say(`      | ms | first | median | 99 % | slowest |`);
      say(`      | through VS Code | ${numbers(this.own)} |`);
      say(`      | one that says a word | ${numbers(this.others)} |`);
      say(`      | the provider itself | ${numbers(this.provider)} |`);
      const [late, latest] = [this.lag.percentile(99), this.lag.max].map((ns) => (ns / 1e6).toFixed(1));
      say(`      the extension host's turns: 99 % within ${late} ms, longest ${latest} ms`);
      this.lag.reset();
      this.complete = 0;
    }
  }

  async function watch(request: number): Promise<Watch> {
    const plain = await vscode.workspace.openTextDocument({ language: "plaintext", content: `${WORD}\n` });
    const { document, line } = await sliceOf(request);
    return new Watch(document, line, plain);
  }

  it("answers hovers while it is read, and says so", async () => {
    const watched = await watch(requests >> 1);
    let isOpen = false;
    const opening = Promise.resolve(vscode.commands.executeCommand(COMMANDS.openSession, [log()])).then(() => {
      isOpen = true;
    });
    let reading = 0;
    while (!isOpen) if (/Still reading the session: \d+ %/.test(await watched.hover())) reading++;
    await opening;
    watched.report(`while it was read, ${reading} of which said so`);
    for (let quiet = 0; quiet < (process.env.SOAK ? HOVERS : 2); quiet++) {
      assert.doesNotMatch(await watched.hover(), /Still reading/);
      await delay(QUIET_MS);
    }
    watched.report("after it was read, one now and then");
  });

  it("answers hovers wherever it is opened, and leads to its neighbours", async () => {
    const { engine } = await api();
    await vscode.commands.executeCommand(COMMANDS.openSession, [log()]);
    await until(
      "all requests",
      async () => {
        const info = await engine.request("info", { session: log() });
        return info.requests === requests;
      },
      300,
    );
    const watched = await watch(requests >> 1);
    for (let hover = 0; hover < HOVERS; hover++) await watched.hover();
    watched.report("one after the other");
    const { document, line } = await sliceOf(requests >> 1);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      document.uri,
    );
    const first = requests / 2 + 2 - line;
    assert.deepEqual(
      lenses.map(({ command }) => command?.arguments),
      [[{ file: log(), line: first - 1 }], [{ file: log(), line: first + 5_000 }]],
    );
  });

  it("leads from a line to its row, and from a row to its line in a slice", async () => {
    const { engine, panel } = await api();
    const { document, line } = await sliceOf(requests - 7);
    await vscode.commands.executeCommand(COMMANDS.revealInTimeline);
    await until("the page", () => panel.isReady, 120);
    assert.equal(panel.session, log());
    const found = await engine.request("line", { file: log(), line: requests - 5 });
    assert.ok(found?.detail.request.url.endsWith(`/${requests - 7}`), JSON.stringify(found?.detail.request.url));
    await closeEditors();
    await vscode.commands.executeCommand(COMMANDS.revealLog, { session: log(), request: found!.index, side: "server" });
    const editor = vscode.window.activeTextEditor!;
    assert.deepEqual([editor.document.uri.toString(), editor.selection.active.line], [document.uri.toString(), line]);
  });
});
