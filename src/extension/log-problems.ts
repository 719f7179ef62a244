/** What is wrong in the logs of open sessions, as diagnostics: the first ones of each session, all are counted. */
import { basename, join } from "node:path";
import * as vscode from "vscode";
import type { Problem } from "../model/record";
import type { SessionInfo, SessionKey } from "../protocol/messages";
import type { EngineHost } from "./engine-host";
import type { Sessions } from "./sessions";

const MOST_PER_SESSION = 200;
const SOURCE = "Request Timeline";

export class LogProblems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection("requestTimeline");
  /** Problems that were shown or asked for, by session. */
  private readonly shown = new Map<SessionKey, number>();
  private readonly files = new Map<SessionKey, vscode.Uri[]>();
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
    for (const uri of this.files.get(key) ?? []) this.collection.delete(uri);
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const problem of found.problems) {
      const file = pathOf(problem.file, key, folder);
      byFile.set(file, [...(byFile.get(file) ?? []), diagnostic(problem)]);
    }
    for (const [file, own] of byFile) this.collection.set(vscode.Uri.file(file), own);
    this.files.set(
      key,
      Array.from(byFile.keys(), (file) => vscode.Uri.file(file)),
    );
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
