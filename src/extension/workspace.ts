/** Workspace folders on disk, and where their sessions are kept. */
import { isAbsolute, join, normalize } from "node:path";
import * as vscode from "vscode";
import { SESSIONS_FOLDER } from "../session";
import { SETTINGS } from "./ids";

/** The workspace folders that have a path; a virtual one has none. */
export const diskFolders = (): vscode.WorkspaceFolder[] =>
  (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");

/** The sessions folder's name inside a workspace folder. A value that leads out of it is not followed. */
export function sessionsFolderName(folder: vscode.WorkspaceFolder): string {
  const name = normalize(
    vscode.workspace.getConfiguration(undefined, folder.uri).get(SETTINGS.sessionFolder, SESSIONS_FOLDER),
  );
  return name === "." || name.startsWith("..") || isAbsolute(name) ? SESSIONS_FOLDER : name;
}

export const sessionsFolder = (folder: vscode.WorkspaceFolder): string =>
  join(folder.uri.fsPath, sessionsFolderName(folder));

/** Throws where the workspace is not trusted: what it asks for would start processes. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted)
    throw new Error(vscode.l10n.t("Recording starts processes, so it needs a trusted workspace."));
}
