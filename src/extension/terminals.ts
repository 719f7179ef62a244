/**
 * Instrument New Terminals: every Node server that is started in a terminal from now on is recorded into one session,
 * until Stop. Off by default, and off again after a reload, because nobody would then see that it is on.
 */
import { basename } from "node:path";
import * as vscode from "vscode";
import type { SessionKey } from "../protocol/messages";
import { hookEnvironment, hookFile } from "../session/launch";
import type { Recordings } from "./recordings";
import type { SessionFolders } from "./session-folders";
import { diskFolders, requireTrust } from "./workspace";

export class InstrumentedTerminals {
  private current: SessionKey | null = null;

  constructor(
    private readonly environment: vscode.EnvironmentVariableCollection,
    private readonly folders: SessionFolders,
    private readonly recordings: Recordings,
  ) {
    environment.persistent = false;
    environment.description = vscode.l10n.t("Servers that are started in this terminal are recorded.");
  }

  /** The session that terminals record into; null while they do not. */
  get session(): SessionKey | null {
    return this.current;
  }

  /** Resolves to the session that new terminals record into. */
  async start(): Promise<SessionKey> {
    requireTrust();
    if (this.current !== null) return this.current;
    const [folder] = diskFolders();
    if (!folder) throw new Error(vscode.l10n.t("Recording needs a workspace folder on disk."));
    if (this.recordings.live.length)
      throw new Error(vscode.l10n.t("A recording is running; stop it before you begin another."));
    const path = folder.uri.fsPath;
    const name = vscode.l10n.t("{0}, terminals", basename(path));
    const session = await this.folders.create(folder, { name, cwd: path, definitions: [] });
    const launch = { hook: hookFile(), log: session.serverLog, recording: session.manifest.id };
    const { NODE_OPTIONS: options, ...variables } = hookEnvironment(launch, {});
    for (const [variable, value] of Object.entries(variables)) this.environment.replace(variable, value);
    this.environment.append("NODE_OPTIONS", ` ${options}`);
    this.current = session.folder;
    const part = {
      terminate: () => {
        this.environment.clear();
        this.current = null;
        void this.recordings.ended(session.folder, part);
      },
    };
    this.recordings.started(session.folder, part);
    return session.folder;
  }
}
