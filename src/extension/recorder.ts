/** One recording from beginning to end: server, wait until it listens, probe, stop. Without URLs: until Stop. */
import * as vscode from "vscode";
import type { SessionKey } from "../protocol/messages";
import { TASK_TYPE } from "./ids";
import { reachable, resolveUrls, untilListening } from "./listening";
import type { ProbeOptions } from "./probe-options";
import type { Recordings } from "./recordings";
import type { SessionFolders, TaskSession } from "./session-folders";
import { roleOf, type TaskDefinition, taskName } from "./task-definition";
import { startTask } from "./task-end";
import type { TimelineTasks } from "./tasks";
import { requireTrust } from "./workspace";

export interface RecordingPlan {
  folder: vscode.WorkspaceFolder;
  /** For people. */
  name: string;
  /** Without `session`: the recorder makes one. */
  server: TaskDefinition;
  /** Paths or whole URLs; empty: record until Stop. */
  urls: string[];
  /** How they are requested. */
  probe?: ProbeOptions;
}

/** The tasks of a session whose schedule was broken off. */
export interface BrokenOff {
  folder: vscode.WorkspaceFolder;
  /** In the order of their starts. */
  servers: readonly TaskDefinition[];
  probe: TaskDefinition;
}

export interface Recorded {
  session: SessionKey;
  /** Where the server listens. */
  url: string;
}

export class Recorder {
  /** What it records into, and ends itself; null while it does not. */
  session: SessionKey | null = null;
  private busy = false;

  constructor(
    private readonly tasks: TimelineTasks,
    private readonly folders: SessionFolders,
    private readonly recordings: Recordings,
  ) {}

  /**
   * Resolves when the probe is done and the session finished; without URLs when the server listens.
   * @param onSession is told of the session as soon as its server listens
   */
  async record(plan: RecordingPlan, onSession: (session: SessionKey) => void): Promise<Recorded> {
    requireTrust();
    if (roleOf(plan.server) !== "server")
      throw new Error(vscode.l10n.t("A recording needs a server: a command, or a folder to serve."));
    return this.alone(() => this.run(plan, onSession));
  }

  /** Goes on with a schedule in its session: starts its servers again, and its probe for the slots that are left. */
  async goOn({ folder, servers, probe }: BrokenOff, session: TaskSession, onSession: (session: SessionKey) => void) {
    requireTrust();
    // A server that has outlived its probe would be in the way of its like.
    await this.recordings.stop([session.folder]);
    await this.alone(async () => {
      this.session = session.folder;
      try {
        let base: string | undefined;
        for (const server of servers) {
          // A receiver listens where senders have been told to send to; nobody asks it for pages.
          if (server.receive) await this.start(folder, server, session);
          else base = await this.startServer({ folder, server }, session);
        }
        onSession(session.folder);
        await this.probe(folder, resumed(probe, base), session);
      } finally {
        await this.recordings.stop([session.folder]);
      }
    });
  }

  private async alone<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy || this.recordings.live.length)
      throw new Error(vscode.l10n.t("A recording is running; stop it before you begin another."));
    this.busy = true;
    try {
      return await work();
    } finally {
      this.busy = false;
      this.session = null;
    }
  }

  private async run(plan: RecordingPlan, onSession: (session: SessionKey) => void): Promise<Recorded> {
    const probe: TaskDefinition | null = plan.urls.length ? { type: TASK_TYPE, urls: plan.urls, ...plan.probe } : null;
    const session = await this.folders.create(plan.folder, {
      name: plan.name,
      cwd: plan.server.cwd ?? plan.folder.uri.fsPath,
      definitions: probe ? [plan.server, probe] : [plan.server],
    });
    let complete = false;
    this.session = session.folder;
    try {
      const url = await this.startServer(plan, session);
      onSession(session.folder);
      if (probe) await this.probe(plan.folder, { ...probe, base: url, urls: resolveUrls(plan.urls, url) }, session);
      complete = true;
      return { session: session.folder, url };
    } finally {
      if (probe || !complete) await this.recordings.stop([session.folder]);
    }
  }

  private async probe(folder: vscode.WorkspaceFolder, definition: TaskDefinition, session: TaskSession): Promise<void> {
    const status = await (await this.start(folder, definition, session)).ended;
    if (status) throw new Error(vscode.l10n.t("The probe ended with status {0}; its terminal says why.", status));
  }

  private async start(folder: vscode.WorkspaceFolder, definition: TaskDefinition, session: TaskSession) {
    const task = await this.tasks.create(folder, { ...definition, session: session.folder }, session);
    this.recordings.expect(session.folder);
    return startTask(task);
  }

  /** Starts the server and waits until it listens; resolves to its address. */
  private async startServer(
    { folder, server }: Pick<RecordingPlan, "folder" | "server">,
    session: TaskSession,
  ): Promise<string> {
    const name = taskName(server);
    const over = new AbortController();
    const listening = untilListening(session.folder, over.signal);
    const started = await this.start(folder, server, session).catch((error: unknown) => {
      over.abort();
      throw error;
    });
    void started.ended.then(() => over.abort());
    const progress = {
      location: vscode.ProgressLocation.Window,
      title: vscode.l10n.t("Waiting until “{0}” listens", name),
    };
    const url = await vscode.window.withProgress(progress, () => listening);
    if (url !== null) return reachable(url);
    const status = await started.ended;
    throw new Error(
      status === undefined
        ? vscode.l10n.t("“{0}” was stopped before it listened.", name)
        : vscode.l10n.t("“{0}” ended with status {1} before it listened; its terminal says why.", name, status),
    );
  }
}

/** The probe's task with the schedule that its log has; a server of ours may listen at another port than before. */
function resumed(probe: TaskDefinition, base: string | undefined): TaskDefinition {
  const { every, until, at, ...rest } = probe;
  if (base === undefined || probe.base === undefined) return { ...rest, resume: true };
  const before = new URL(probe.base).origin;
  const urls = probe.urls?.map((url) => (sameOrigin(url, before) ? new URL(url.slice(before.length), base).href : url));
  return { ...rest, urls, base, resume: true };
}

const sameOrigin = (url: string, origin: string): boolean => URL.canParse(url) && new URL(url).origin === origin;
