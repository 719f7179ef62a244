/**
 * Which sessions are being recorded: those whose tasks run, whoever started them (Record, tasks.json, Rerun Task).
 * A session is finished when its last task has ended.
 */
import { dirname, sep } from "node:path";
import * as vscode from "vscode";
import type { SessionKey } from "../protocol/messages";
import { finishSession } from "../session";
import { CONTEXT_KEYS, TASK_TYPE } from "./ids";
import { sessionsFolder } from "./workspace";

/** The session that a task of ours writes into; null for other tasks. */
export function sessionOfTask({ definition, execution }: vscode.Task): SessionKey | null {
  if (definition.type !== TASK_TYPE || !(execution instanceof vscode.ProcessExecution)) return null;
  const log = execution.args[execution.args.indexOf("--log") + 1];
  return log === undefined ? null : dirname(log);
}

export class Recordings implements vscode.Disposable {
  private readonly running = new Map<SessionKey, Set<vscode.TaskExecution>>();
  private readonly changes = new vscode.EventEmitter<SessionKey>();
  private readonly subscriptions: vscode.Disposable[];
  /** A session began or ended. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.subscriptions = [
      vscode.tasks.onDidStartTask(({ execution }) => this.started(execution)),
      vscode.tasks.onDidEndTask(({ execution }) => void this.ended(execution)),
      this.changes,
    ];
    for (const execution of vscode.tasks.taskExecutions) this.started(execution);
  }

  get live(): SessionKey[] {
    return [...this.running.keys()];
  }

  isLive(session: SessionKey): boolean {
    return this.running.has(session);
  }

  /** The session of this workspace folder that began last and still records. */
  liveIn(folder: vscode.WorkspaceFolder): SessionKey | undefined {
    const parent = sessionsFolder(folder) + sep;
    return this.live.findLast((session) => session.startsWith(parent));
  }

  /** Ends the tasks of these sessions (default: all), and resolves when they are finished. */
  async stop(sessions: readonly SessionKey[] = this.live): Promise<void> {
    const waiting = new Set(sessions.filter((session) => this.running.has(session)));
    if (!waiting.size) return;
    const finished = new Promise<void>((resolve) => {
      const subscription = this.onDidChange((session) => {
        if (this.running.has(session)) return;
        waiting.delete(session);
        if (waiting.size) return;
        subscription.dispose();
        resolve();
      });
    });
    for (const session of waiting) for (const execution of this.running.get(session) ?? []) execution.terminate();
    await finished;
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  private started(execution: vscode.TaskExecution): void {
    const session = sessionOfTask(execution.task);
    if (session === null) return;
    const executions = this.running.get(session);
    if (executions) executions.add(execution);
    else {
      this.running.set(session, new Set([execution]));
      this.changed(session);
    }
  }

  private async ended(execution: vscode.TaskExecution): Promise<void> {
    const session = sessionOfTask(execution.task);
    if (session === null) return;
    const executions = this.running.get(session);
    if (!executions?.delete(execution) || executions.size) return;
    try {
      await finishSession(session);
    } catch (error) {
      this.log.error(`${session} could not be finished`, error instanceof Error ? error : String(error));
    }
    // A task that started meanwhile goes on with the session.
    if (executions.size) return;
    this.running.delete(session);
    this.changed(session);
  }

  private changed(session: SessionKey): void {
    void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.recording, this.running.size > 0);
    this.changes.fire(session);
  }
}
