/**
 * Which sessions are being recorded: those whose tasks run, whoever started them (Record, tasks.json, Rerun Task), and
 * those that something else holds open. A session is finished when the last of them has ended.
 */
import { basename, dirname, sep } from "node:path";
import * as vscode from "vscode";
import type { SessionKey } from "../protocol/messages";
import { finishSession, readManifest } from "../session";
import { CONTEXT_KEYS, TASK_TYPE } from "./ids";
import { sessionsFolder } from "./workspace";

/** The session that a task of ours writes into; null for other tasks. */
export function sessionOfTask({ definition, execution }: vscode.Task): SessionKey | null {
  if (definition.type !== TASK_TYPE || !(execution instanceof vscode.ProcessExecution)) return null;
  const log = execution.args[execution.args.indexOf("--log") + 1];
  return log === undefined ? null : dirname(log);
}

/** Folders that Record has made (session-folders.ts). */
const OF_RECORD = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?:_\d+)?$/;

/** What records into a session, and can be told to end: a task's execution is one. */
export interface RecordingPart {
  terminate(): void;
}

export class Recordings implements vscode.Disposable {
  private readonly running = new Map<SessionKey, Set<RecordingPart>>();
  /** Sessions that Record works on, or has worked on in this window. */
  private readonly expected = new Set<SessionKey>();
  private readonly changes = new vscode.EventEmitter<SessionKey>();
  private readonly subscriptions: vscode.Disposable[];
  /** A session began or ended. */
  readonly onDidChange = this.changes.event;

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.subscriptions = [
      vscode.tasks.onDidStartTask(({ execution }) => this.taskStarted(execution)),
      vscode.tasks.onDidEndTask(({ execution }) => void this.taskEnded(execution)),
      this.changes,
    ];
    for (const execution of vscode.tasks.taskExecutions) this.taskStarted(execution);
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

  /** Ends what records into these sessions (default: all), and resolves when they are finished. */
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
    for (const session of waiting) for (const part of [...(this.running.get(session) ?? [])]) part.terminate();
    await finished;
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions).dispose();
  }

  /** Record is about to run tasks in this session. */
  expect(session: SessionKey): void {
    this.expected.add(session);
  }

  started(session: SessionKey, part: RecordingPart): void {
    const parts = this.running.get(session);
    if (parts) parts.add(part);
    else {
      this.running.set(session, new Set([part]));
      this.changed(session);
    }
  }

  async ended(session: SessionKey, part: RecordingPart): Promise<void> {
    const parts = this.running.get(session);
    if (!parts?.delete(part) || parts.size) return;
    try {
      await finishSession(session);
    } catch (error) {
      this.log.error(`${session} could not be finished`, error instanceof Error ? error : String(error));
    }
    // A task that started meanwhile goes on with the session.
    if (parts.size) return;
    this.running.delete(session);
    this.changed(session);
  }

  private taskStarted(execution: vscode.TaskExecution): void {
    const session = sessionOfTask(execution.task);
    if (session === null) return;
    this.started(session, execution);
    void this.endRevived(session, execution);
  }

  /** When its window is reloaded, VS Code runs background tasks again that not the user but an extension has ended. */
  private async endRevived(session: SessionKey, execution: vscode.TaskExecution): Promise<void> {
    if (this.expected.has(session) || !OF_RECORD.test(basename(session))) return;
    const manifest = await readManifest(session).catch(() => null);
    if (manifest?.ended !== undefined) execution.terminate();
  }

  private async taskEnded(execution: vscode.TaskExecution): Promise<void> {
    const session = sessionOfTask(execution.task);
    if (session !== null) await this.ended(session, execution);
  }

  private changed(session: SessionKey): void {
    void vscode.commands.executeCommand("setContext", CONTEXT_KEYS.recording, this.running.size > 0);
    this.changes.fire(session);
  }
}
