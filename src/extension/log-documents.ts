/** Documents that show a log, or a slice of one: what format it is, and which line of the file a line is. */
import * as vscode from "vscode";
import type { Format } from "../formats/format";
import { har } from "../formats/har";
import { otlp } from "../formats/otlp";
import { detectFormat } from "../formats/registry";
import { CONTEXT_KEYS, LOG_LANGUAGE, SLICE_SCHEME } from "./ids";
import { configuredReading } from "./reading";
import { sliceOf } from "./slice-uri";

/** As much of a log as its format is told by. */
const HEAD_CHARS = 64 * 1024;
const HEAD_LINES = 1_000;
/** Languages that VS Code gives to a log for want of a better one. */
const VAGUE_LANGUAGES: readonly string[] = ["plaintext", "log"];

/** Where logs may be: what is not in our language is told by its content. */
export const LOG_SELECTOR: vscode.DocumentSelector = [
  { language: LOG_LANGUAGE },
  { scheme: SLICE_SCHEME },
  { scheme: "file", pattern: "**/*.{har,json,jsonl,ndjson,csv}" },
];

const formats = new WeakMap<vscode.TextDocument, { format: Format | null; directive: string | undefined }>();

/** The document's format; null where it is no log that we know. Asked for once, and again once the settings say more. */
export function formatOf(document: vscode.TextDocument): Format | null {
  const { directive } = configuredReading();
  const known = formats.get(document);
  if (known && (known.format || known.directive === directive)) return known.format;
  const head = document.getText(new vscode.Range(0, 0, Math.min(document.lineCount, HEAD_LINES), 0));
  const format = detectFormat(head.slice(0, HEAD_CHARS), directive === undefined ? {} : { directive });
  // An empty document may yet become one.
  if (head !== "") formats.set(document, { format, directive });
  return format;
}

export interface LogPlace {
  /** The log's path. */
  file: string;
  /** 1-based line of the file. */
  line: number;
}

/** The place in the log that a document's line (0-based) shows; null where the document is no file's. */
export function placeOf(document: vscode.TextDocument, line: number): LogPlace | null {
  if (document.uri.scheme === "file") return { file: document.uri.fsPath, line: line + 1 };
  const slice = sliceOf(document.uri);
  return slice && { file: slice.file, line: slice.from + line };
}

/** Whether the format is JSON documents, whose records have many lines or share one. */
export const isJsonDocument = ({ id }: Format): boolean => id === har.id || id === otlp.id;

/** Gives a language to logs that VS Code takes for plain text, and tells menus whether the active editor shows a log. */
export class LogEditors implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor() {
    this.subscription = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => void recognise(document)),
      vscode.window.onDidChangeActiveTextEditor(tellMenus),
    );
    for (const document of vscode.workspace.textDocuments) void recognise(document);
    tellMenus(vscode.window.activeTextEditor);
  }

  dispose(): void {
    this.subscription.dispose();
  }
}

function tellMenus(editor: vscode.TextEditor | undefined): void {
  const isLog = editor !== undefined && placeOf(editor.document, 0) !== null && formatOf(editor.document) !== null;
  void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.log, isLog);
}

async function recognise(document: vscode.TextDocument): Promise<void> {
  const { uri, languageId } = document;
  const wanted = languageFor(document);
  if (wanted === null || wanted === languageId) return;
  if (uri.scheme === SLICE_SCHEME || (uri.scheme === "file" && VAGUE_LANGUAGES.includes(languageId)))
    await vscode.languages.setTextDocumentLanguage(document, wanted);
}

function languageFor(document: vscode.TextDocument): string | null {
  if (document.uri.scheme === SLICE_SCHEME) return LOG_LANGUAGE;
  const format = document.uri.scheme === "file" ? formatOf(document) : null;
  return format && (isJsonDocument(format) ? "json" : LOG_LANGUAGE);
}
