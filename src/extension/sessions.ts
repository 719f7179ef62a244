/** The sessions that this window knows: those of the workspace's sessions folders, and those opened from elsewhere. */
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { filesOf } from "../engine/node/discover";
import type { SessionInfo, SessionKey } from "../protocol/messages";
import { isSession, readManifest } from "../session";
import { readBaseline } from "../session/baseline";
import { nameOf } from "../session/name";
import type { EngineHost } from "./engine-host";
import { configuredMemory, configuredReading } from "./reading";
import { withReadingProgress } from "./reading-progress";
import { diskFolders, sessionsFolder, sessionsFolderName } from "./workspace";

const ELSEWHERE = "sessionsElsewhere";
/** Reading fewer takes no longer than a hover may. */
const LASTING_BYTES = 4e6;

export interface KnownSession {
  readonly key: SessionKey;
  readonly name: string;
  /** What the engine opens: the session's folder, or log files. */
  readonly paths: readonly string[];
  /** When it began, ms since the epoch; null where nothing says so. */
  readonly started: number | null;
  /** Others of its folder are compared with it. */
  readonly isBaseline: boolean;
}

interface Opened {
  readonly session: KnownSession;
  /** Resolves when all is read. */
  readonly opening: Promise<SessionInfo>;
  /** Resolves when reading it is known to take long. */
  readonly lasting: Promise<void>;
  /** How much of it has been read, 0 to 1; undefined until that is known. */
  read?: number;
}

export class Sessions implements vscode.Disposable {
  private known: readonly KnownSession[] = [];
  private scanning: Promise<void> | null = null;
  private readonly opened = new Map<SessionKey, Opened>();
  private readonly infos = new Map<SessionKey, SessionInfo>();
  private readonly listChanges = new vscode.EventEmitter<void>();
  private readonly infoChanges = new vscode.EventEmitter<SessionInfo>();
  private readonly openings = new vscode.EventEmitter<SessionInfo>();
  private readonly watchers: vscode.Disposable[] = [];
  private readonly subscriptions: vscode.Disposable[];
  /** Sessions came or went. */
  readonly onDidChangeList = this.listChanges.event;
  /** An opened session has new content. */
  readonly onDidChangeInfo = this.infoChanges.event;
  /** The engine has read a session for the first time. */
  readonly onDidOpen = this.openings.event;

  constructor(
    private readonly engine: EngineHost,
    private readonly memory: vscode.Memento,
  ) {
    this.subscriptions = [
      this.listChanges,
      this.infoChanges,
      this.openings,
      engine.onEvent((event) => {
        if (event.event !== "changed") return;
        this.infos.set(event.info.key, event.info);
        this.infoChanges.fire(event.info);
      }),
      engine.onDidEnd(() => {
        this.opened.clear();
        this.infos.clear();
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.watch()),
    ];
    this.watch();
  }

  /** Newest first. */
  async list(): Promise<readonly KnownSession[]> {
    await (this.scanning ?? this.refresh());
    return this.known;
  }

  async get(key: SessionKey): Promise<KnownSession | undefined> {
    return (await this.list()).find((session) => session.key === key);
  }

  /** What the engine last said of an opened session. */
  info(key: SessionKey): SessionInfo | undefined {
    return this.infos.get(key);
  }

  /** Opens a known session in the engine, which follows it while it grows. */
  async open(key: SessionKey): Promise<SessionInfo> {
    const session = this.opened.get(key)?.session ?? (await this.get(key)) ?? (await this.rescan(key));
    if (!session) throw new Error(vscode.l10n.t("There is no session {0}.", key));
    return this.openPaths(session);
  }

  /** Opens session folders and logs from anywhere; several are paired together. Remembers them for this workspace. */
  async add(paths: readonly string[]): Promise<SessionInfo> {
    const session = await describe(paths);
    const info = await this.openPaths(session);
    const remembered = this.elsewhere().filter(([first]) => first !== session.key);
    if (!(await this.inWorkspace(session.key)))
      await this.memory.update(ELSEWHERE, [[...session.paths], ...remembered].slice(0, 20));
    await this.refresh();
    return info;
  }

  /** The session that a log file belongs to, opened: its folder where that is one, else the log alone. */
  async openForLog(file: string): Promise<SessionInfo> {
    return this.openPaths(await this.ofLog(file));
  }

  /** The same, without waiting for all of a large one. */
  async beginForLog(file: string): Promise<void> {
    const session = await this.ofLog(file);
    const opening = this.openPaths(session);
    const opened = this.opened.get(session.key)!;
    await Promise.race([opening, opened.lasting]);
    opening.catch(() => undefined);
  }

  /** Of a log's session, without asking: how much is read, 0 to 1, and its newest facts once that is all. */
  stateForLog(file: string): { read: number; info: SessionInfo | undefined } {
    const opened = [...this.opened.values()].find(({ session }) => holds(session, file));
    return { read: opened?.read ?? 1, info: opened && this.infos.get(opened.session.key) };
  }

  /** Reads all that is open again, because what its logs mean has changed. */
  async reopenAll(): Promise<void> {
    const open = [...this.opened.values()];
    this.opened.clear();
    this.infos.clear();
    // One that the engine does not know any more must not keep the others closed.
    await Promise.allSettled(open.map(({ session }) => this.engine.request("close", { session: session.key })));
    // What is gone from the disk stays closed.
    const infos = await Promise.allSettled(open.map(({ session }) => this.openPaths(session)));
    for (const info of infos) if (info.status === "fulfilled") this.infoChanges.fire(info.value);
  }

  /** Looks again at what is on disk. */
  refresh(): Promise<void> {
    const scanning = this.scan().finally(() => {
      if (this.scanning === scanning) this.listChanges.fire();
    });
    this.scanning = scanning;
    return scanning;
  }

  dispose(): void {
    vscode.Disposable.from(...this.subscriptions, ...this.watchers).dispose();
  }

  private async ofLog(file: string): Promise<KnownSession> {
    const known = [...(await this.list()), ...Array.from(this.opened.values(), ({ session }) => session)];
    const folder = dirname(file);
    return known.find((session) => holds(session, file)) ?? describe([(await isSession(folder)) ? folder : file]);
  }

  private elsewhere(): string[][] {
    return this.memory.get<string[][]>(ELSEWHERE, []);
  }

  private async rescan(key: SessionKey): Promise<KnownSession | undefined> {
    await this.refresh();
    return this.known.find((session) => session.key === key);
  }

  private async openPaths(session: KnownSession): Promise<SessionInfo> {
    const { key } = session;
    const known = this.opened.get(key);
    const opened = known ?? this.begin(session);
    try {
      const info = await opened.opening;
      // An event may have brought newer numbers since.
      if (!this.infos.has(info.key)) this.infos.set(info.key, info);
      if (!known) this.openings.fire(info);
      return this.infos.get(info.key) ?? info;
    } catch (error) {
      if (this.opened.get(key) === opened) this.opened.delete(key);
      throw error;
    }
  }

  private begin(session: KnownSession): Opened {
    const { key, paths } = session;
    const memory = configuredMemory();
    const params = {
      ...{ paths: [...paths], follow: true, ...configuredReading() },
      ...(memory !== undefined && { memory }),
    };
    const request = this.engine.request("open", params);
    const lasting = new Promise<void>((resolve) => {
      const progress = this.engine.onEvent((event) => {
        if (event.event !== "progress" || event.session !== key || event.total < LASTING_BYTES) return;
        opened.read = event.done / event.total;
        resolve();
      });
      const ended = (): void => {
        progress.dispose();
        delete opened.read;
      };
      request.then(ended, ended);
    });
    const opened: Opened = { session, opening: withReadingProgress(this.engine, session, request), lasting };
    this.opened.set(key, opened);
    return opened;
  }

  private async inWorkspace(key: SessionKey): Promise<boolean> {
    return diskFolders().some((folder) => dirname(key) === sessionsFolder(folder));
  }

  private async scan(): Promise<void> {
    const folders = (await Promise.all(diskFolders().map((folder) => subfolders(sessionsFolder(folder))))).flat();
    const own = await Promise.all(folders.map((folder) => describeFolder(folder, true)));
    const other = await Promise.all(this.elsewhere().map((paths) => describe(paths).catch(() => null)));
    const baselines = await Promise.all(
      diskFolders().map((folder) => readBaseline(sessionsFolder(folder)).catch(() => null)),
    );
    this.known = [...own, ...other]
      .filter((session) => session !== null)
      .map((session) => ({ ...session, isBaseline: baselines.includes(session.key) }))
      .sort((a, b) => (b.started ?? 0) - (a.started ?? 0) || (a.key < b.key ? 1 : -1));
  }

  private watch(): void {
    vscode.Disposable.from(...this.watchers.splice(0)).dispose();
    for (const folder of diskFolders()) {
      // A log's name says nothing: those of 1999 are called time.txt and projlog2.
      const pattern = `${sessionsFolderName(folder).replaceAll("\\", "/")}/*/*`;
      const watcher = vscode.workspace.createFileSystemWatcher(
        new vscode.RelativePattern(folder, pattern),
        false,
        true,
        false,
      );
      this.watchers.push(
        watcher,
        watcher.onDidCreate(() => void this.refresh()),
        watcher.onDidDelete(() => void this.refresh()),
      );
    }
    void this.refresh();
  }
}

const holds = ({ paths }: KnownSession, file: string): boolean => paths.includes(dirname(file)) || paths.includes(file);

const subfolders = (folder: string): Promise<string[]> =>
  readdir(folder, { withFileTypes: true }).then(
    (entries) => entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name)),
    () => [],
  );

/** A session folder; null where it is none, or (`recorded`) holds no log yet. */
async function describeFolder(folder: string, recorded: boolean): Promise<KnownSession | null> {
  try {
    const { name, started } = await readManifest(folder);
    if (recorded && !(await filesOf(folder)).length) return null;
    return { key: folder, name, paths: [folder], started: started / 1000, isBaseline: false };
  } catch {
    return null;
  }
}

/** Paths of the user's choice: a session folder, or any mix of folders and logs. Throws where one is not there. */
async function describe(paths: readonly string[]): Promise<KnownSession> {
  const [first, ...rest] = paths;
  if (first === undefined) throw new Error(vscode.l10n.t("No session or log was named."));
  const session = rest.length ? null : await describeFolder(first, false);
  if (session) return session;
  for (const path of paths) await stat(path);
  return { key: first, name: await nameOf(paths), paths, started: null, isBaseline: false };
}
