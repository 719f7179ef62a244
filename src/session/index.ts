/** A session: a folder with everything of one recording. The files are the contract between the processes. */
import { randomBytes } from "node:crypto";
import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { ANCHOR, bootId, now } from "../log/clock";
import { CLIENT_LOG, MANIFEST_FILE, type Manifest, SERVER_LOG, SESSION_SCHEMA } from "../model/manifest";
import { gitState } from "./git";
import { readManifest, SessionError, writeManifest } from "./manifest";

export { readManifest, SessionError } from "./manifest";

/** The folder of a workspace that the extension keeps its sessions in. */
export const SESSIONS_FOLDER = ".request-timeline";

export interface Session {
  /** Absolute. */
  folder: string;
  manifest: Manifest;
  /** Files for the first writer of each side; they may never come to be. */
  serverLog: string;
  clientLog: string;
}

export interface SessionOptions {
  commands: Manifest["commands"];
  /** Version of the tool that records. */
  tool: string;
  /** For people; the folder's name where absent. */
  name?: string;
  /** Where the commands run; the process's own folder where absent. */
  cwd?: string;
}

/** Makes the folder of a new recording. A folder that holds anything is refused: two recordings must not mix. */
export async function createSession(folder: string, options: SessionOptions): Promise<Session> {
  const path = resolve(folder);
  const cwd = resolve(options.cwd ?? ".");
  await makeEmptyFolder(path);
  const manifest: Manifest = {
    schema: SESSION_SCHEMA,
    id: randomBytes(8).toString("hex"),
    name: options.name ?? basename(path),
    started: now(),
    commands: options.commands,
    cwd,
    git: await gitState(cwd),
    versions: { tool: options.tool, node: process.version },
    host: hostname(),
    platform: `${process.platform} ${process.arch}`,
    boot: bootId(),
    anchor: ANCHOR,
  };
  await writeManifest(path, manifest);
  return { folder: path, manifest, serverLog: join(path, SERVER_LOG), clientLog: join(path, CLIENT_LOG) };
}

async function makeEmptyFolder(path: string): Promise<void> {
  try {
    const first = await mkdir(path, { recursive: true, mode: 0o700 });
    if (first !== undefined) await ignoreInGit(first, path);
    if ((await readdir(path)).length > 0)
      throw new SessionError(`${path} is not empty: a session needs a folder of its own`);
  } catch (error) {
    if (error instanceof SessionError) throw error;
    throw new SessionError(`${path} cannot be made: ${(error as Error).message}`);
  }
}

/** Recordings are no source: where making `path` made the sessions folder too (`first` and below), git passes it by. */
async function ignoreInGit(first: string, path: string): Promise<void> {
  for (let folder = path; folder.length >= first.length; folder = dirname(folder))
    if (basename(folder) === SESSIONS_FOLDER) await writeFile(join(folder, ".gitignore"), "*\n");
}

/** Notes that the recording has ended in an orderly way. */
export async function finishSession(folder: string): Promise<Manifest> {
  const manifest = { ...(await readManifest(folder)), ended: now() };
  await writeManifest(folder, manifest);
  return manifest;
}

/** Whether the folder holds a manifest, of whatever kind. */
export const isSession = (folder: string): Promise<boolean> =>
  stat(join(folder, MANIFEST_FILE)).then(
    (entry) => entry.isFile(),
    () => false,
  );
