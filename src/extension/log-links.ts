/** Links in a native log: the file of a source record opens at its line. */
import * as vscode from "vscode";
import { decodeNative } from "../formats/native";
import { COMMANDS } from "./ids";
import { placeOf } from "./log-documents";

const SOURCE = '{"type":"source"';
const MOST_LINES = 20_000;

export class LogLinks implements vscode.DocumentLinkProvider {
  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const links: vscode.DocumentLink[] = [];
    for (let line = 0; line < Math.min(document.lineCount, MOST_LINES); line++) {
      const { text } = document.lineAt(line);
      const link = text.startsWith(SOURCE) ? sourceLink(document, line, text) : null;
      if (link) links.push(link);
    }
    return links;
  }
}

function sourceLink(document: vscode.TextDocument, line: number, text: string): vscode.DocumentLink | null {
  const record = decodeNative(text);
  const log = placeOf(document, line)?.file;
  if (!("type" in record) || record.type !== "source" || log === undefined) return null;
  const literal = JSON.stringify(record.file).slice(1, -1);
  const at = text.indexOf(literal);
  if (at < 0) return null;
  const { file, line: sourceLine, column } = record;
  const argument = { log, file, line: sourceLine ?? null, column: column ?? null };
  const target = vscode.Uri.parse(
    `command:${COMMANDS.openNamedSource}?${encodeURIComponent(JSON.stringify([argument]))}`,
  );
  const link = new vscode.DocumentLink(new vscode.Range(line, at, line, at + literal.length), target);
  link.tooltip = vscode.l10n.t("Open the source");
  return link;
}
