/**
 * Where bodies of PUTs are collected before they become files: one hidden folder in the writable part, so that what a
 * killed process left there is found without a search. A name begins with the writer's process id.
 */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";

/** No request names it: it is refused as part of a path (see ./put and ./static). */
export const UPLOADS = ".request-timeline-uploads";

let count = 0;

export interface Upload {
  handle: FileHandle;
  path: string;
}

export async function createUpload(writable: string, mode: number): Promise<Upload> {
  const path = join(writable, UPLOADS, `${process.pid}-${++count}`);
  return { handle: await open(path, "wx", mode), path };
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes what a process has left that was killed. */
export function removeUploadsOf(writable: string, pid: number): void {
  const folder = join(writable, UPLOADS);
  for (const name of readdirSync(folder)) if (name.startsWith(`${pid}-`)) rmSync(join(folder, name), { force: true });
}

/** Makes the folder, and removes what processes have left that run no more. */
export function prepareUploads(writable: string): void {
  const folder = join(writable, UPLOADS);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder))
    if (!runs(Number.parseInt(name, 10))) rmSync(join(folder, name), { force: true });
}
