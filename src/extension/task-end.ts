/** Waits for a task's process. */
import * as vscode from "vscode";

/**
 * Starts a task; `ended` resolves with its exit status, undefined where it ended without one (terminated, or never
 * started).
 */
export async function startTask(
  task: vscode.Task,
): Promise<{ execution: vscode.TaskExecution; ended: Promise<number | undefined> }> {
  // The end may be reported before executeTask returns, so all ends are listened to from the beginning.
  const ends = new Map<vscode.TaskExecution, number | undefined>();
  const { promise, resolve } = withResolvers<number | undefined>();
  let wanted: vscode.TaskExecution | null = null;
  const settle = () => {
    if (!wanted || !ends.has(wanted)) return;
    subscriptions.dispose();
    resolve(ends.get(wanted));
  };
  const subscriptions = vscode.Disposable.from(
    vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      ends.set(execution, exitCode);
      settle();
    }),
    vscode.tasks.onDidEndTask(({ execution }) => {
      if (!ends.has(execution)) ends.set(execution, undefined);
      settle();
    }),
  );
  try {
    wanted = await vscode.tasks.executeTask(task);
  } catch (error) {
    subscriptions.dispose();
    throw error;
  }
  settle();
  return { execution: wanted, ended: promise };
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
