/**
 * Files are judged by what was opened, not by their path: on Linux the kernel says which file a descriptor is, so that a
 * symlink swapped in between changes nothing. Elsewhere the path is resolved before and compared after the opening.
 */
import { constants } from "node:fs";
import { type FileHandle, open, readlink, realpath, stat } from "node:fs/promises";
import { sep } from "node:path";
import { Refusal } from "../answer";

export interface Opened {
  handle: FileHandle;
  /** Real path of what was opened. */
  path: string;
  size: number;
  /** ns since the epoch. */
  modified: bigint;
  inode: bigint;
  kind: "file" | "folder";
  /** Permission bits. */
  mode: number;
}

export const isInside = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep);

/** Real path of an open descriptor. */
async function pathOf(handle: FileHandle, asked: string): Promise<string> {
  if (process.platform === "linux") return readlink(`/proc/self/fd/${handle.fd}`);
  const path = await realpath(asked);
  const [there, here] = await Promise.all([stat(path), handle.stat()]);
  if (there.ino !== here.ino || there.dev !== here.dev) throw new Refusal(404, "There is no such file.");
  return path;
}

/** Why a path cannot be opened, as the peer is told. */
function refusalFor(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG" || code === "ELOOP" || code === "ENXIO")
    return new Refusal(404, "There is no such file.");
  if (code === "EACCES" || code === "EPERM") return new Refusal(403, "The server may not read this file.");
  if (code === "EMFILE" || code === "ENFILE")
    return new Refusal(503, "The server has too many files open.", { "Retry-After": "1" });
  return error;
}

/** Opens a file or folder below `root` (a real path), for reading. Refuses what is outside, and devices and pipes. */
export async function openInside(root: string, segments: readonly string[]): Promise<Opened> {
  const asked = [root, ...segments].join(sep);
  let handle: FileHandle;
  try {
    // Without O_NONBLOCK the opening of a named pipe would wait for its writer, for ever.
    handle = await open(asked, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw refusalFor(error);
  }
  try {
    const path = await pathOf(handle, asked);
    const stats = await handle.stat({ bigint: true });
    if (!isInside(path, root) || !(stats.isFile() || stats.isDirectory()))
      throw new Refusal(404, "There is no such file.");
    return {
      handle,
      path,
      size: Number(stats.size),
      modified: stats.mtimeNs,
      inode: stats.ino,
      kind: stats.isFile() ? "file" : "folder",
      mode: Number(stats.mode) & 0o777,
    };
  } catch (error) {
    await handle.close();
    throw refusalFor(error);
  }
}
