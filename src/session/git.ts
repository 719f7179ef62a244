/** Which commit a recording was made at. */
import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A repository's own configuration must not start programs of its choice (fsmonitor), nor must we take its locks. */
const gitBytes = async (folder: string, ...words: string[]): Promise<Buffer> =>
  (
    await run("git", ["-c", "core.fsmonitor=false", "--no-optional-locks", ...words], {
      cwd: folder,
      timeout: 5_000,
      maxBuffer: 16 * 1024 * 1024,
      windowsHide: true,
      encoding: "buffer",
    })
  ).stdout;

const git = async (folder: string, ...words: string[]): Promise<string> =>
  (await gitBytes(folder, ...words)).toString("utf8");

/** The folder's commit and whether anything differs from it; undefined where there is no repository or no git. */
export async function gitState(folder: string): Promise<{ commit: string; dirty: boolean } | undefined> {
  try {
    const commit = (await git(folder, "rev-parse", "HEAD")).trim();
    const dirty = (await git(folder, "status", "--porcelain", "--untracked-files=no")) !== "";
    return { commit, dirty };
  } catch {
    return undefined;
  }
}

/** The file's bytes at a commit (its whole hash: a manifest is a stranger's); undefined where git does not have them. */
export async function fileAtCommit(file: string, commit: string): Promise<Buffer | undefined> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  try {
    return await gitBytes(dirname(file), "cat-file", "blob", `${commit}:./${basename(file)}`);
  } catch {
    return undefined;
  }
}
