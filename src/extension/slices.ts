/** Slices of logs that are too large for VS Code to show to extensions (50 MB), as documents of their own. */
import { stat } from "node:fs/promises";
import * as vscode from "vscode";
import { LineIndex } from "./line-index";
import { SLICE_LINES } from "./slice-lines";
import { sliceOf, sliceUri } from "./slice-uri";

/** VS Code gives larger files to no extension. */
const LARGEST_DOCUMENT_BYTES = 50 * 1024 * 1024;

export const isLarge = async (file: string): Promise<boolean> => (await stat(file)).size > LARGEST_DOCUMENT_BYTES;

export class SliceDocuments implements vscode.TextDocumentContentProvider {
  private readonly indexes = new Map<string, LineIndex>();

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const slice = sliceOf(uri);
    if (!slice) throw new Error(vscode.l10n.t("Not a slice of a log."));
    return this.index(slice.file).slice(slice.from);
  }

  /** Asks for the line where none is given; undefined where the user went away. */
  async askLine(file: string): Promise<number | undefined> {
    const progress = { location: vscode.ProgressLocation.Window, title: vscode.l10n.t("Counting lines") };
    const lines = await vscode.window.withProgress(progress, () => this.index(file).lineCount());
    const answer = await vscode.window.showInputBox({
      title: vscode.l10n.t("Open Slice: which line?"),
      prompt: vscode.l10n.t("1 to {0}; a slice has {1} lines.", lines, SLICE_LINES),
      value: "1",
      validateInput: (value) => (isLine(value, lines) ? undefined : vscode.l10n.t("Write a line's number.")),
    });
    return answer === undefined ? undefined : Number(answer);
  }

  private index(file: string): LineIndex {
    const index = this.indexes.get(file) ?? new LineIndex(file, SLICE_LINES);
    this.indexes.set(file, index);
    return index;
  }
}

const isLine = (text: string, last: number): boolean =>
  /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= Math.max(1, last);

/** The document that shows a log's line, and the line (1-based) in it: the file, or a slice where it is too large. */
export async function documentFor(file: string, line: number): Promise<{ uri: vscode.Uri; line: number }> {
  return (await isLarge(file)) ? sliceWith(file, line) : { uri: vscode.Uri.file(file), line };
}

/** The slice that holds a log's line, and the line (1-based) in it. */
export function sliceWith(file: string, line: number): { uri: vscode.Uri; line: number } {
  return { uri: sliceUri(file, line), line: ((line - 1) % SLICE_LINES) + 1 };
}

/** The file of the active tab, also where VS Code has no document of it for us. */
export function activeFile(): string | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputText && input.uri.scheme === "file" ? input.uri.fsPath : undefined;
}
