/** The task type `requestTimeline`: our command line as VS Code tasks, from tasks.json and from Record. */
import { basename, resolve } from "node:path";
import * as vscode from "vscode";
import { configuredRuntime } from "./command-line";
import { PROBLEM_MATCHER, TASK_TYPE } from "./ids";
import { npmScripts, scriptCommand } from "./npm-scripts";
import type { Recordings } from "./recordings";
import type { SessionFolders, TaskSession } from "./session-folders";
import { isTaskDefinition, roleOf, type TaskDefinition, taskArguments, taskName } from "./task-definition";
import { diskFolders } from "./workspace";

/** Read by the hook, the reference server and the probe: all files of one recording carry its id. */
const RECORDING_VARIABLE = "REQUEST_TIMELINE_RECORDING";

/** VS Code's variable: filled in by itself in what is run, but not in what a provider reads. */
const WORKSPACE_FOLDER = `\${workspaceFolder}`;

export class TimelineTasks implements vscode.TaskProvider {
  constructor(
    private readonly cliFile: string,
    private readonly folders: SessionFolders,
    private readonly recordings: Recordings,
  ) {}

  /** The npm scripts that look as if they start a server. */
  async provideTasks(): Promise<vscode.Task[]> {
    if (!vscode.workspace.isTrusted) return [];
    const tasks: vscode.Task[] = [];
    for (const folder of diskFolders())
      for (const script of await npmScripts(folder.uri.fsPath)) {
        const definition: TaskDefinition = { type: TASK_TYPE, ...(await scriptCommand(folder.uri.fsPath, script)) };
        tasks.push(await this.create(folder, definition, await this.sessionFor(folder, definition)));
      }
    return tasks;
  }

  async resolveTask(task: vscode.Task): Promise<vscode.Task | undefined> {
    const { definition } = task;
    const folder = typeof task.scope === "object" ? task.scope : diskFolders()[0];
    if (!folder || !vscode.workspace.isTrusted || !isTaskDefinition(definition) || !roleOf(definition))
      return undefined;
    return this.create(folder, definition, await this.sessionFor(folder, definition), task.name);
  }

  async create(
    folder: vscode.WorkspaceFolder,
    definition: TaskDefinition,
    { folder: sessionFolder, manifest }: TaskSession,
    name = taskName(definition),
  ): Promise<vscode.Task> {
    const runtime = await configuredRuntime(folder.uri);
    const words = [this.cliFile, ...taskArguments(definition, sessionFolder)];
    const execution = new vscode.ProcessExecution(runtime.path, words, {
      cwd: within(folder.uri.fsPath, definition.cwd ?? ""),
      env: { ...definition.env, ...runtime.env, [RECORDING_VARIABLE]: manifest.id },
    });
    const server = roleOf(definition) === "server";
    const matchers = server ? [`$${PROBLEM_MATCHER}`] : [];
    const task = new vscode.Task(definition, folder, name, "Request Timeline", execution, matchers);
    task.isBackground = server;
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, panel: vscode.TaskPanelKind.Dedicated };
    task.detail = basename(sessionFolder);
    return task;
  }

  /** The named session, else for a probe the one whose server runs, else a new one. */
  private async sessionFor(folder: vscode.WorkspaceFolder, definition: TaskDefinition): Promise<TaskSession> {
    const path = folder.uri.fsPath;
    const session = { name: basename(path), cwd: definition.cwd ?? path, definitions: [definition] };
    if (definition.session !== undefined) {
      const named = resolve(path, definition.session.replaceAll(WORKSPACE_FOLDER, path));
      return this.folders.openOrCreate(named, session);
    }
    const live = roleOf(definition) === "client" ? this.recordings.liveIn(folder) : undefined;
    if (live === undefined) return this.folders.prepare(folder, session);
    return this.folders.openOrCreate(live, session);
  }
}

/** A working folder of tasks.json; VS Code fills in its variables itself. */
const within = (folder: string, path: string): string => (path.includes("${") ? path : resolve(folder, path));
