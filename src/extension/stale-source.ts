/** Whether a source is still what was recorded, and the version that the recording's commit has of it. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import * as vscode from "vscode";
import type { SourceLocation } from "../model/request";
import { fileAtCommit } from "../session/git";
import { COMMIT_SCHEME } from "./ids";

/** As the log has it: sha256 of the file's bytes, first 16 hex digits. */
const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex").slice(0, 16);

/** Null where the log does not say what the file was. */
export async function hasChanged(file: string, { hash }: SourceLocation): Promise<boolean | null> {
  return hash === undefined ? null : hashOf(await readFile(file)) !== hash;
}

const commitUri = (file: string, commit: string): vscode.Uri =>
  vscode.Uri.file(file).with({ scheme: COMMIT_SCHEME, query: commit });

/** Says that the file has changed since, and offers the commit's version where there is one. */
export async function offerVersion(
  file: string,
  location: SourceLocation,
  commit: string | undefined,
  show: (uri: vscode.Uri) => Promise<unknown>,
): Promise<void> {
  const changed = vscode.l10n.t("{0} has changed since the recording: the line may be another now.", basename(file));
  // Git reads its configuration from the repository, so it is left alone where the workspace is not trusted.
  const bytes = commit && vscode.workspace.isTrusted ? await fileAtCommit(file, commit) : undefined;
  if (!commit || !bytes) {
    void vscode.window.showWarningMessage(changed);
    return;
  }
  const open =
    hashOf(bytes) === location.hash
      ? vscode.l10n.t("Open as Recorded")
      : vscode.l10n.t("Open Version of {0}", commit.slice(0, 7));
  if ((await vscode.window.showWarningMessage(changed, open)) === open) await show(commitUri(file, commit));
}

/** Documents of the scheme: a file's path, the commit as its query. */
export class CommitDocuments implements vscode.TextDocumentContentProvider {
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const bytes = vscode.workspace.isTrusted
      ? await fileAtCommit(uri.with({ scheme: "file", query: "" }).fsPath, uri.query)
      : undefined;
    if (!bytes) throw new Error(vscode.l10n.t("Git does not have this version."));
    return bytes.toString("utf8");
  }
}
