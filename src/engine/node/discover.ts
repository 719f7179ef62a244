/** Which files a session is made of: those of its folders, and the further writers' files beside a log. */
import { type FileHandle, open, readdir, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { decodeNative } from "../../formats/native";
import { MANIFEST_FILE } from "../../model/manifest";
import { INDEX_SUFFIX } from "./index-suffix";

const HEAD_BYTES = 64 * 1024;
/** Stands beside the logs for a moment while a session is written: a new manifest, a writer's claim on a log. */
const PASSING = /^manifest\.json\.new$|\.[0-9a-f]{16}\.claim$/;

/** A folder's files but for the manifest, what we keep beside the logs, and hidden files; in order of their names. */
export async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => (entry.isFile() || entry.isSymbolicLink()) && !entry.name.startsWith("."))
    .filter(({ name }) => name !== MANIFEST_FILE && !name.endsWith(INDEX_SUFFIX) && !PASSING.test(name))
    .map((entry) => join(folder, entry.name))
    .sort();
}

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** `server.ndjson` → the files `server.<writer>.ndjson` beside it that belong to one of the recordings. */
export async function siblings(path: string, recordings: ReadonlySet<string>): Promise<string[]> {
  if (recordings.size === 0) return [];
  const extension = extname(path);
  const stem = basename(path, extension);
  const beside = (await filesOf(dirname(path))).filter((other) => {
    const name = basename(other);
    return other !== path && name.startsWith(`${stem}.`) && name.endsWith(extension);
  });
  const found: string[] = [];
  for (const other of beside) {
    const recording = await recordingOf(other);
    if (recording !== null && recordings.has(recording)) found.push(other);
  }
  return found;
}

/** The recording that a log's first header names; null where there is none. */
async function recordingOf(path: string): Promise<string | null> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, "r");
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const record = decodeNative(buffer.subarray(0, bytesRead).toString("utf8").split("\n", 1)[0]!);
    return "problem" in record || record.type !== "header" ? null : (record.recording ?? null);
  } catch {
    return null;
  } finally {
    await handle?.close();
  }
}
