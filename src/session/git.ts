/** Which commit a recording was made at. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A repository's own configuration must not start programs of its choice (fsmonitor), nor must we take its locks. */
const git = async (folder: string, ...words: string[]): Promise<string> =>
  (
    await run("git", ["-c", "core.fsmonitor=false", "--no-optional-locks", ...words], {
      cwd: folder,
      timeout: 5_000,
      maxBuffer: 16 * 1024 * 1024,
      windowsHide: true,
    })
  ).stdout;

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
