/** Copy Environment: a new session, and the text that makes a server started elsewhere record into it. */
import { basename } from "node:path";
import * as vscode from "vscode";
import { hookFile } from "../session/launch";
import { environmentSnippet, type SnippetKind } from "./environment-snippet";
import type { SessionFolders } from "./session-folders";
import { diskFolders, requireTrust } from "./workspace";

/** Resolves to the text that was copied; undefined where the user went away. */
export async function copyEnvironment(
  folders: SessionFolders,
  given: SnippetKind | undefined,
): Promise<string | undefined> {
  requireTrust();
  const [folder] = diskFolders();
  if (!folder) throw new Error(vscode.l10n.t("Recording needs a workspace folder on disk."));
  const kind = given ?? (await askKind());
  if (!kind) return undefined;
  const path = folder.uri.fsPath;
  const { manifest, folder: sessionFolder } = await folders.create(folder, {
    name: basename(path),
    cwd: path,
    definitions: [],
  });
  const text = environmentSnippet(kind, { hook: hookFile(), sessionFolder, recording: manifest.id });
  await vscode.env.clipboard.writeText(text);
  const said = vscode.l10n.t("Copied. The session appears as soon as a server that has this environment listens.");
  void vscode.window.showInformationMessage(said);
  return text;
}

async function askKind(): Promise<SnippetKind | undefined> {
  const kinds: (vscode.QuickPickItem & { snippet: SnippetKind })[] = [
    { snippet: "launch", label: "launch.json", description: vscode.l10n.t("for a server that you debug") },
    { snippet: "shell", label: vscode.l10n.t("Shell"), description: vscode.l10n.t("for a terminal outside VS Code") },
    { snippet: "container", label: vscode.l10n.t("Container"), description: vscode.l10n.t("arguments of docker run") },
  ];
  const choice = await vscode.window.showQuickPick(kinds, { title: vscode.l10n.t("Copy the environment for what?") });
  return choice?.snippet;
}
