/**
 * Schedules that were begun in this workspace. A machine's sleep only makes them miss slots; a restart of VS Code ends
 * them, and then it is offered to go on. What is to be run again is in VS Code's own memory and never read from a
 * session, which may be a stranger's.
 */
import { rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { CLIENT_LOG } from "../model/manifest";
import { slotsOf } from "../model/schedule";
import type { SessionKey } from "../protocol/messages";
import { readManifest } from "../session";
import { scheduleIn } from "../session/schedule-log";
import { SCHEDULE_MARKER } from "./ids";
import type { BrokenOff, Recorder } from "./recorder";
import { type Recordings, sessionOfTask } from "./recordings";
import { isTaskDefinition, roleOf, type TaskDefinition } from "./task-definition";
import { diskFolders, sessionsFolder } from "./workspace";

const REMEMBERED = "schedules";
const LOOK_AGAIN_MS = 15_000;

/** The tasks of a session with a schedule. */
interface Begun {
  /** URI of the workspace folder. */
  folder: string;
  servers: TaskDefinition[];
  probe: TaskDefinition;
  /** Record has begun it, not a task of the user's: its server ends with its last slot. */
  isOurs: boolean;
}

export class Schedules implements vscode.Disposable {
  private readonly servers = new Map<SessionKey, TaskDefinition[]>();
  private readonly again = new Map<SessionKey, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable;

  /** @param show shows a session that goes on */
  constructor(
    private readonly recorder: Pick<Recorder, "goOn" | "session">,
    private readonly recordings: Pick<Recordings, "stop">,
    private readonly memory: vscode.Memento,
    private readonly show: (session: SessionKey) => Promise<void>,
  ) {
    this.subscriptions = vscode.Disposable.from(
      vscode.tasks.onDidStartTask(({ execution }) => void this.started(execution.task)),
      vscode.tasks.onDidEndTask(({ execution }) => void this.ended(execution.task)),
    );
    for (const session of Object.keys(this.begun)) void this.consider(session);
  }

  /** The user has ended these: they are not offered again. */
  async forget(sessions: readonly SessionKey[]): Promise<void> {
    const begun = this.begun;
    if (!sessions.some((session) => begun[session])) return;
    for (const session of sessions) delete begun[session];
    await this.remember(begun);
  }

  dispose(): void {
    for (const timer of this.again.values()) clearTimeout(timer);
    this.subscriptions.dispose();
  }

  private get begun(): Record<SessionKey, Begun> {
    return { ...this.memory.get<Record<SessionKey, Begun>>(REMEMBERED) };
  }

  /** A file that lies there while a schedule is not done wakes the extension up with its workspace. */
  private async remember(begun: Record<SessionKey, Begun>): Promise<void> {
    await this.memory.update(REMEMBERED, begun);
    const open = new Set(Object.values(begun).map(({ folder }) => folder));
    for (const folder of diskFolders()) {
      const marker = join(sessionsFolder(folder), SCHEDULE_MARKER);
      // A folder that cannot be written to is only not woken up for.
      const change = open.has(folder.uri.toString()) ? writeFile(marker, "") : rm(marker, { force: true });
      await change.catch(() => {});
    }
  }

  private async started(task: vscode.Task): Promise<void> {
    const session = sessionOfTask(task);
    const { definition, scope } = task;
    if (session === null || !isTaskDefinition(definition)) return;
    if (roleOf(definition) === "server")
      this.servers.set(session, [...(this.servers.get(session) ?? []), { ...definition }]);
    else if (definition.every !== undefined || definition.at !== undefined) {
      const folder = typeof scope === "object" ? scope : diskFolders()[0];
      const servers = this.servers.get(session) ?? [];
      if (folder)
        await this.remember({
          ...this.begun,
          [session]: {
            folder: folder.uri.toString(),
            servers,
            probe: { ...definition },
            isOurs: this.recorder.session === session,
          },
        });
    }
  }

  private async ended(task: vscode.Task): Promise<void> {
    const session = sessionOfTask(task);
    if (session === null || !this.begun[session]) return;
    const found = await scheduleIn(join(session, CLIENT_LOG));
    if (!found || found.done >= slotsOf(found.schedule).length) await this.finish(session);
  }

  /** After a reload of the window nobody else ends the server. */
  private async finish(session: SessionKey): Promise<void> {
    const isLeft = this.begun[session]?.isOurs && this.recorder.session !== session;
    await this.forget([session]);
    if (isLeft) await this.recordings.stop([session]);
  }

  /** Offers to go on where slots are left and nobody is at them. */
  private async consider(session: SessionKey): Promise<void> {
    if (!this.begun[session]) return;
    const found = await scheduleIn(join(session, CLIENT_LOG));
    const slots = found ? slotsOf(found.schedule) : [];
    if (!found || found.done >= slots.length) return this.finish(session);
    if (found.running) {
      // A window's reload leaves its tasks' processes alone, but for those that are not taken up again only for a while.
      this.again.set(
        session,
        setTimeout(() => void this.consider(session), LOOK_AGAIN_MS),
      );
      return;
    }
    const name = await readManifest(session).then(
      (manifest) => manifest.name,
      () => basename(session),
    );
    const goOn = vscode.l10n.t("Go On");
    const leave = vscode.l10n.t("Leave It");
    const choice = await vscode.window.showInformationMessage(offer(name, slots, found.done), goOn, leave);
    if (choice === leave) await this.forget([session]);
    if (choice === goOn) await this.goOn(session).catch(say);
  }

  private async goOn(session: SessionKey): Promise<void> {
    const begun = this.begun[session];
    const folder = diskFolders().find(({ uri }) => uri.toString() === begun?.folder);
    if (!begun || !folder) throw new Error(vscode.l10n.t("The workspace folder of this schedule is not open."));
    const { servers, probe } = begun;
    const tasks: BrokenOff = { folder, servers, probe };
    const manifest = await readManifest(session);
    await this.recorder.goOn(tasks, { folder: session, manifest }, (key) => void this.show(key).catch(say));
  }
}

const say = (error: unknown): void =>
  void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));

function offer(name: string, slots: readonly number[], done: number): string {
  const left = slots.length - done;
  const past = slots.slice(done).filter((time) => time < Date.now()).length;
  return past < left
    ? vscode.l10n.t(
        "The schedule of “{0}” was broken off: {1} of its {2} slots are left, and {3} of these were missed.",
        name,
        left,
        slots.length,
        past,
      )
    : vscode.l10n.t(
        "The schedule of “{0}” was broken off, and its last {1} slots were missed. To go on shows them as missed.",
        name,
        left,
      );
}
