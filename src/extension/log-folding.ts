/** Folds records that take more than one line, as the historical logs have them. */
import * as vscode from "vscode";
import { nativeFormat } from "../formats/native-format";
import { formatOf } from "./log-documents";

/** A larger document is not decoded for folding: it would hold up the extension host. */
const MOST_CHARS = 500_000;

export class LogFolding implements vscode.FoldingRangeProvider {
  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    const format = formatOf(document);
    if (!format || format === nativeFormat) return [];
    const text = document.getText();
    if (text.length > MOST_CHARS) return [];
    const starts: number[] = [];
    const decoder = format.open(
      { record: (_, line) => starts.push(line - 1), problem: (line) => starts.push(line - 1) },
      // Where records begin does not depend on the zone, and no time is shown.
      { file: "", zone: 0 },
    );
    decoder.push(new TextEncoder().encode(text));
    decoder.end();
    const lines = [...new Set(starts)].sort((a, b) => a - b);
    return lines.flatMap((start, index) => {
      const end = lastLineWithText(document, (lines[index + 1] ?? document.lineCount) - 1);
      return end > start ? [new vscode.FoldingRange(start, end)] : [];
    });
  }
}

function lastLineWithText(document: vscode.TextDocument, line: number): number {
  let last = line;
  while (last > 0 && document.lineAt(last).isEmptyOrWhitespace) last--;
  return last;
}
