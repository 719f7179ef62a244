/** Opens the file of a location that a log names. A log is other people's data: files outside the workspace are asked for. */
import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as vscode from "vscode";
import type { SourceLocation } from "../model/request";
import { diskFolders } from "./workspace";

/** A location's file as a path; null for addresses that are none (node:internal, webpack://…). */
function pathOf(file: string): string | null {
  try {
    if (file.startsWith("file:")) return fileURLToPath(file);
  } catch {
    return null;
  }
  return /^[a-z][a-z+.-]+:/i.test(file) ? null : file;
}

/** The first of these that is a file or a folder; symbolic links resolved. */
async function firstThere(candidates: readonly string[]): Promise<string | null> {
  for (const candidate of candidates)
    try {
      const found = await stat(candidate);
      if (found.isFile() || found.isDirectory()) return await realpath(candidate);
    } catch {
      // Not here: the next one.
    }
  return null;
}

const isInside = (file: string, folder: string): boolean => {
  const way = relative(folder, file);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

async function isInWorkspace(file: string): Promise<boolean> {
  for (const { uri } of diskFolders())
    if (isInside(file, await realpath(uri.fsPath).catch(() => uri.fsPath))) return true;
  return false;
}

/**
 * The location's file on this machine; or folder, which is what answers where a server lists or serves one.
 * @param cwd working folder of the server that logged it, against which relative names are resolved
 */
export async function findSource(location: SourceLocation, cwd: string | null): Promise<string> {
  const file = await pathTo(location, cwd);
  if (file === null) throw new Error(vscode.l10n.t("The file {0} is not on this machine.", location.file));
  return file;
}

async function pathTo(location: SourceLocation, cwd: string | null): Promise<string | null> {
  const path = pathOf(location.file);
  if (path === null) return null;
  const bases = [...(cwd === null ? [] : [cwd]), ...diskFolders().map(({ uri }) => uri.fsPath)];
  return firstThere(isAbsolute(path) ? [path] : bases.map((folder) => join(folder, path)));
}

/** The location's file where it is one of the workspace, for what is shown unasked; else null. */
export async function findInWorkspace(location: SourceLocation, cwd: string | null): Promise<string | null> {
  const file = await pathTo(location, cwd);
  return file !== null && (await isInWorkspace(file)) && !(await isFolder(file)) ? file : null;
}

/** Asks before a file outside the workspace is opened. */
export async function mayOpen(file: string): Promise<boolean> {
  if (await isInWorkspace(file)) return true;
  const open = vscode.l10n.t("Open");
  const question = vscode.l10n.t("The log names a file outside the workspace. Open it?");
  return (await vscode.window.showWarningMessage(question, { modal: true, detail: file }, open)) === open;
}

export const isFolder = async (path: string): Promise<boolean> => (await stat(path)).isDirectory();

/** Shows a folder in the explorer; one outside the workspace in a window of its own. */
export async function showFolder(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  if (await isInWorkspace(folder)) await vscode.commands.executeCommand("revealInExplorer", uri);
  else await vscode.commands.executeCommand("vscode.openFolder", uri, { forceNewWindow: true });
}

/** Shows a file at a line (1-based; null: the top), in a column that is not `avoid`. */
export async function showAt(
  uri: vscode.Uri,
  line: number | null,
  column: number | null,
  avoid: vscode.ViewColumn | undefined,
): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument(uri);
  const position = document.validatePosition(new vscode.Position((line ?? 1) - 1, Math.max(0, (column ?? 1) - 1)));
  return vscode.window.showTextDocument(document, {
    viewColumn: columnBeside(avoid),
    selection: new vscode.Range(position, position),
  });
}

/** A column with an editor in it where there is one, never the one to avoid. */
function columnBeside(avoid: vscode.ViewColumn | undefined): vscode.ViewColumn {
  const used = vscode.window.tabGroups.all.map(({ viewColumn }) => viewColumn).find((column) => column !== avoid);
  return used ?? vscode.ViewColumn.Beside;
}
