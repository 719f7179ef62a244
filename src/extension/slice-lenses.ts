/** On a slice's first and last line: the way to its neighbours. */
import * as vscode from "vscode";
import { COMMANDS } from "./ids";
import { count } from "./numbers";
import { SLICE_LINES } from "./slice-lines";
import { sliceOf } from "./slice-uri";

export class SliceLenses implements vscode.CodeLensProvider {
  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const slice = sliceOf(document.uri);
    if (!slice) return [];
    const { file, from } = slice;
    const lens = (at: number, title: string, line: number) =>
      new vscode.CodeLens(new vscode.Range(at, 0, at, 0), {
        title,
        command: COMMANDS.openSlice,
        arguments: [{ file, line }],
      });
    const lines = count(SLICE_LINES);
    return [
      ...(from > 1 ? [lens(0, vscode.l10n.t("Previous {0} lines", lines), from - 1)] : []),
      // A slice that is not full is the last one.
      ...(document.lineCount > SLICE_LINES
        ? [lens(document.lineCount - 1, vscode.l10n.t("Next {0} lines", lines), from + SLICE_LINES)]
        : []),
    ];
  }
}
