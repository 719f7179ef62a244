/** Makes the folders of new sessions. */
import { rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type * as vscode from "vscode";
import type { Manifest } from "../model/manifest";
import { createSession, isSession, readManifest, type Session } from "../session";
import { probeWords } from "./probe-options";
import { serveWords } from "./serve-options";
import type { TaskDefinition } from "./task-definition";
import { sessionsFolder } from "./workspace";

/** `2026-11-22T10-15-40`, local time: sorts by age and is a file name everywhere. */
function timestamp(now: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const date = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-");
  return `${date}T${[two(now.getHours()), two(now.getMinutes()), two(now.getSeconds())].join("-")}`;
}

/** Sessions of equal commands count as repetitions of each other: how it is served and requested belongs to it. */
const commandsOf = (definition: TaskDefinition): Manifest["commands"] => ({
  ...(definition.serve !== undefined && { serve: definition.serve }),
  ...(serveWords(definition).length > 0 && { serveOptions: serveWords(definition) }),
  ...(definition.command !== undefined && { server: [definition.command, ...(definition.args ?? [])] }),
  ...(definition.urls !== undefined && { probe: [...probeWords(definition), ...definition.urls] }),
});

/** What a session's manifest says of it. */
export interface NewSession {
  /** For people. */
  name: string;
  cwd: string;
  definitions: readonly TaskDefinition[];
}

/** What a task needs to know of the session that it records into. */
export type TaskSession = Pick<Session, "folder" | "manifest">;

export class SessionFolders implements vscode.Disposable {
  private last = "";
  /**
   * Per workspace folder, the session that the next task of tasks.json records into. VS Code resolves tasks when it
   * merely lists them, so one that no task has used yet is given out again, and taken away in the end.
   */
  private readonly prepared = new Map<string, Promise<Session>>();
  private readonly unused = new Set<string>();

  constructor(private readonly toolVersion: string) {}

  async create(folder: vscode.WorkspaceFolder, { name, cwd, definitions }: NewSession): Promise<Session> {
    const parent = sessionsFolder(folder);
    await mkdir(parent, { recursive: true, mode: 0o700 });
    await writeFile(join(parent, ".gitignore"), "*\n");
    return this.createAt(join(parent, this.unusedName()), { name, cwd, definitions });
  }

  /** The session of this folder; made where there is none yet. */
  async openOrCreate(path: string, session: NewSession): Promise<TaskSession> {
    return (await isSession(path))
      ? { folder: path, manifest: await readManifest(path) }
      : this.createAt(path, session);
  }

  prepare(folder: vscode.WorkspaceFolder, session: NewSession): Promise<TaskSession> {
    const key = folder.uri.toString();
    const making = this.prepared.get(key) ?? this.create(folder, session);
    this.prepared.set(key, making);
    making.then(
      (made) => this.unused.add(made.folder),
      () => this.prepared.delete(key),
    );
    return making;
  }

  /** A task records into this session: the next one gets another. */
  async use(sessionFolder: string): Promise<void> {
    this.unused.delete(sessionFolder);
    for (const [key, session] of this.prepared) if ((await session).folder === sessionFolder) this.prepared.delete(key);
  }

  dispose(): void {
    for (const folder of this.unused) rmSync(folder, { recursive: true, force: true });
    this.unused.clear();
  }

  private createAt(path: string, { name, cwd, definitions }: NewSession): Promise<Session> {
    const commands = Object.assign({}, ...definitions.map(commandsOf));
    return createSession(path, { name, cwd, commands, tool: this.toolVersion });
  }

  private unusedName(): string {
    const now = timestamp(new Date());
    const [base, count] = this.last.split("_");
    this.last = now === base ? `${now}_${Number(count ?? 1) + 1}` : now;
    return this.last;
  }
}
