/** Record's questions: only what the workspace does not tell, and what was answered last time comes first. */
import { basename, relative } from "node:path";
import * as vscode from "vscode";
import { splitWords } from "../session/words";
import { TASK_TYPE } from "./ids";
import { npmScripts, scriptCommand } from "./npm-scripts";
import { type ProbeOptions, probeOptionsOf, probeWords } from "./probe-options";
import { askRequests } from "./probe-questions";
import type { RecordingPlan } from "./recorder";
import { serveOptionsOf } from "./serve-options";
import { siteFolders } from "./site-folders";
import { type RecordOptions, type TaskDefinition, taskName } from "./task-definition";
import { diskFolders } from "./workspace";

const REMEMBERED = "lastRecording";

/** What is kept per workspace folder. */
interface Answer {
  server: TaskDefinition;
  urls: string[];
  probe?: ProbeOptions;
}

const answerName = ({ server, urls, probe }: Answer): string =>
  urls.length ? `${taskName(server)} · ${[...probeWords(probe ?? {}), ...urls].join(" ")}` : taskName(server);

/** Asks; undefined where the user went away. */
export async function askPlan(memory: vscode.Memento): Promise<RecordingPlan | undefined> {
  const folder = await askFolder();
  if (!folder) return undefined;
  const last = remembered(memory)[folder.uri.toString()];
  const chosen = await askServer(folder, last);
  if (!chosen) return undefined;
  const name = basename(folder.uri.fsPath);
  if (chosen === last) return { folder, name, ...last };
  const requests = await askRequests(folder, last?.urls);
  if (!requests) return undefined;
  const answer: Answer = { server: chosen as TaskDefinition, ...requests };
  await memory.update(REMEMBERED, { ...remembered(memory), [folder.uri.toString()]: answer });
  return { folder, name, ...answer };
}

/** The plan of a caller that knows what it wants. Throws where it leaves out the server. */
export async function planOf(options: RecordOptions): Promise<RecordingPlan> {
  const { folder: wanted, script, name, serve, port, command, args, env, cwd, urls } = options;
  const folder = diskFolders().find(({ uri }) => wanted === undefined || uri.fsPath === wanted);
  if (!folder) throw new Error(noFolder());
  const own = script === undefined ? { command, args } : await scriptCommand(folder.uri.fsPath, script);
  return {
    folder,
    name: name ?? basename(folder.uri.fsPath),
    server: { type: TASK_TYPE, serve, port, ...serveOptionsOf(options), ...own, env, cwd },
    urls: urls ?? [],
    probe: probeOptionsOf(options),
  };
}

const noFolder = (): string => vscode.l10n.t("Recording needs a workspace folder on disk.");

const remembered = (memory: vscode.Memento) => memory.get<Record<string, Answer>>(REMEMBERED, {});

async function askFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = diskFolders();
  if (!folders.length) throw new Error(noFolder());
  if (folders.length === 1) return folders[0];
  const active = vscode.window.activeTextEditor?.document.uri;
  const own = active && vscode.workspace.getWorkspaceFolder(active);
  const choice = await vscode.window.showQuickPick(
    folders
      .toSorted((a, b) => Number(b === own) - Number(a === own))
      .map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder })),
    { title: vscode.l10n.t("Record: which folder?") },
  );
  return choice?.folder;
}

async function askServer(
  folder: vscode.WorkspaceFolder,
  last: Answer | undefined,
): Promise<TaskDefinition | Answer | undefined> {
  const path = folder.uri.fsPath;
  type Choice = vscode.QuickPickItem & { answer: () => Promise<TaskDefinition | Answer | undefined> };
  const again: Choice[] = last
    ? [
        {
          label: `$(history) ${answerName(last)}`,
          description: vscode.l10n.t("as last time"),
          answer: async () => last,
        },
      ]
    : [];
  const scripts = (await npmScripts(path)).map(
    (script): Choice => ({
      label: `$(package) ${script}`,
      description: vscode.l10n.t("script of package.json"),
      answer: async () => ({ type: TASK_TYPE, ...(await scriptCommand(path, script)) }),
    }),
  );
  const sites = (await siteFolders(path)).map(
    (serve): Choice => ({
      label: `$(globe) ${serve === "." ? basename(path) : serve}`,
      description: vscode.l10n.t("folder with a site: serve it"),
      answer: async () => ({ type: TASK_TYPE, serve }),
    }),
  );
  const choice = await vscode.window.showQuickPick<Choice>(
    [
      ...again,
      ...scripts,
      ...sites,
      { label: `$(terminal) ${vscode.l10n.t("A command…")}`, answer: () => askCommand(last) },
      { label: `$(folder) ${vscode.l10n.t("A folder to serve…")}`, answer: () => askServeFolder(folder) },
    ],
    { title: vscode.l10n.t("Record: what answers the requests?") },
  );
  return choice?.answer();
}

async function askCommand(last: Answer | undefined): Promise<TaskDefinition | undefined> {
  const line = await vscode.window.showInputBox({
    title: vscode.l10n.t("Record: the server's command"),
    prompt: vscode.l10n.t("It runs without a shell; quotes keep words together."),
    placeHolder: "node server.js",
    value: last?.server.command === undefined ? undefined : taskName(last.server),
    validateInput: (value) => (wordsOf(value) ? undefined : vscode.l10n.t("A quotation mark is not closed.")),
  });
  const [command, ...args] = wordsOf(line ?? "") ?? [];
  return command === undefined ? undefined : { type: TASK_TYPE, command, args };
}

function wordsOf(line: string): string[] | null {
  try {
    return splitWords(line);
  } catch {
    return null;
  }
}

async function askServeFolder(folder: vscode.WorkspaceFolder): Promise<TaskDefinition | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: folder.uri,
    title: vscode.l10n.t("Record: the folder to serve"),
    openLabel: vscode.l10n.t("Serve"),
  });
  return chosen?.[0] && { type: TASK_TYPE, serve: relative(folder.uri.fsPath, chosen[0].fsPath) || "." };
}
