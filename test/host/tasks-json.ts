/** Tasks as a user has them: written into tasks.json, listed and run by VS Code. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import * as vscode from "vscode";
import { TASK_TYPE } from "../../src/extension/ids";
import { until, workspace } from "./support";

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/** Replaces tasks.json by these, of our type; returns what takes it away. */
export function writeTasks(tasks: readonly object[]): () => void {
  const folder = join(workspace(), ".vscode");
  const file = join(folder, "tasks.json");
  mkdirSync(folder, { recursive: true });
  const ours = tasks.map((task) => ({ type: TASK_TYPE, ...task }));
  writeFileSync(file, JSON.stringify({ version: "2.0.0", tasks: ours }));
  return () => rmSync(file, { force: true });
}

/** Resolves when VS Code has read them. */
export const listedTasks = (labels: readonly string[]): Promise<true> =>
  until("the tasks of tasks.json", async () => {
    const names = (await vscode.tasks.fetchTasks({ type: TASK_TYPE })).map(({ name }) => name);
    return labels.every((label) => names.includes(label)) || null;
  });

/** Runs the task as the user does, with what it depends on; resolves to its process's status. */
export async function runTask(label: string): Promise<number | undefined> {
  const ended = new Promise<number | undefined>((resolve) => {
    const subscription = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name !== label) return;
      subscription.dispose();
      resolve(exitCode);
    });
  });
  await vscode.commands.executeCommand("workbench.action.tasks.runTask", label);
  return ended;
}
