/** What is wrong in the logs of open sessions, as diagnostics: the first ones of each session, all are counted. */
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { grouped } from "../model/grouped";
import type { Problem } from "../model/record";
import type { SessionInfo, SessionKey } from "../protocol/messages";
import type { EngineHost } from "./engine-host";
import type { Sessions } from "./sessions";
import { SLICE_LINES } from "./slice-lines";
import { sliceOf } from "./slice-uri";

const MOST_PER_SESSION = 200;
const SOURCE = "Request Timeline";

export class LogProblems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection("requestTimeline");
  /** Problems that were shown or asked for, by session. */
  private readonly shown = new Map<SessionKey, number>();
  private readonly files = new Map<SessionKey, string[]>();
  /** Those that are shown, by log. */
  private readonly byFile = new Map<string, Problem[]>();
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly engine: EngineHost,
    sessions: Sessions,
  ) {
    const update = (info: SessionInfo) => void this.update(info);
    this.subscriptions = vscode.Disposable.from(
      this.collection,
      sessions.onDidOpen(update),
      sessions.onDidChangeInfo(update),
      vscode.workspace.onDidOpenTextDocument(({ uri }) => this.showIn(uri)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => sliceOf(uri) && this.collection.delete(uri)),
    );
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async update({ key, folder, problems }: SessionInfo): Promise<void> {
    if (problems === (this.shown.get(key) ?? 0)) return;
    const full = (this.shown.get(key) ?? 0) > MOST_PER_SESSION && problems > MOST_PER_SESSION;
    this.shown.set(key, problems);
    if (full) return;
    const found = await this.engine.request("problems", { session: key, limit: MOST_PER_SESSION });
    for (const file of this.files.get(key) ?? []) {
      this.collection.delete(vscode.Uri.file(file));
      this.byFile.delete(file);
    }
    const byFile = grouped(found.problems, ({ file }) => pathOf(file, key, folder));
    for (const [file, own] of byFile) {
      this.byFile.set(file, own);
      this.collection.set(vscode.Uri.file(file), own.map(diagnostic));
    }
    this.files.set(key, [...byFile.keys()]);
    for (const { uri } of vscode.workspace.textDocuments) this.showIn(uri);
  }

  /** A slice has those of its lines. */
  private showIn(uri: vscode.Uri): void {
    const slice = sliceOf(uri);
    if (!slice) return;
    const own = (this.byFile.get(slice.file) ?? []).flatMap((problem) => {
      const line = problem.line - slice.from + 1;
      return line > 0 && line <= SLICE_LINES ? [diagnostic({ ...problem, line })] : [];
    });
    this.collection.set(uri, own);
  }
}

/** A problem names its file without a folder; a session may be a log alone. */
const pathOf = (file: string, key: SessionKey, folder: string): string =>
  basename(key) === file ? key : join(folder, file);

function diagnostic({ line, reason }: Problem): vscode.Diagnostic {
  const range = new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER);
  const found = new vscode.Diagnostic(range, reason, vscode.DiagnosticSeverity.Warning);
  found.source = SOURCE;
  return found;
}
