/** Several selected lines of a log: how many requests they are, and how long they last from first stamp to last. */
import * as vscode from "vscode";
import type { LineLookup } from "../protocol/messages";
import { LOG_LANGUAGE } from "./ids";
import type { LogLookup } from "./log-lookup";
import { count, duration, requestCount } from "./numbers";
import { spanOf } from "./span";

const MOST_LINES = 500;
const SETTLES_MS = 150;

export class SelectionSpan implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("selection", vscode.StatusBarAlignment.Right, 101);
  private readonly subscriptions: vscode.Disposable;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly records: LogLookup) {
    this.item.name = vscode.l10n.t("Request Timeline: Selected Records");
    this.subscriptions = vscode.Disposable.from(
      this.item,
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => this.later(textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.later(editor)),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscriptions.dispose();
  }

  private later(editor: vscode.TextEditor | undefined): void {
    clearTimeout(this.timer);
    const selection = editor?.document.languageId === LOG_LANGUAGE ? editor.selection : undefined;
    if (!editor || !selection || selection.isSingleLine) this.item.hide();
    else this.timer = setTimeout(() => void this.show(editor.document, selection), SETTLES_MS);
  }

  private async show(document: vscode.TextDocument, { start, end }: vscode.Selection): Promise<void> {
    const last = end.character === 0 ? end.line - 1 : end.line;
    const lines = last - start.line + 1;
    const text = [vscode.l10n.t("{0} lines", count(lines))];
    if (lines <= MOST_LINES) {
      const lookups = await this.lookUp(document, start.line, last);
      text.push(requestCount(new Set(lookups.map(({ index }) => index)).size));
      const span = spanOf(lookups);
      if (span !== null) text.push(duration(span));
    }
    this.item.text = text.join(" · ");
    this.item.tooltip = vscode.l10n.t("From the first stamp of the selected records to the last");
    this.item.show();
  }

  private async lookUp(document: vscode.TextDocument, from: number, to: number): Promise<LineLookup[]> {
    const lines = Array.from({ length: to - from + 1 }, (_, at) => this.records.request(document, from + at));
    return (await Promise.all(lines)).filter((lookup) => lookup !== null);
  }
}
