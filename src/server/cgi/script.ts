/** Which program a path below the script prefix means. */
import { basename, dirname, extname, relative, sep } from "node:path";
import { Refusal } from "../answer";
import { type Opened, openInside } from "../files/opened";
import { sourceOf } from "../files/static";

export interface Script {
  /** Real path. */
  path: string;
  /** URL path. */
  name: string;
  /** What follows the script in the URL path, decoded; empty where nothing does. */
  pathInfo: string;
  /** The program that can be kept running instead, where it is asked for and there is one. */
  kept: KeptScript | null;
}

export interface KeptScript {
  path: string;
  /** Another one when the file changes. */
  version: string;
}

const isExecutable = ({ kind, mode }: Opened): boolean => kind === "file" && (mode & 0o111) !== 0;

/** Opens for the look only. */
async function look(folder: string, segments: readonly string[]): Promise<Opened> {
  const opened = await openInside(folder, segments);
  await opened.handle.close();
  return opened;
}

/** `calendar.cgi` is answered by `calendar.persistent` where that is a program too. */
async function keptScript(folder: string, path: string): Promise<KeptScript | null> {
  const sibling = relative(folder, dirname(path)).split(sep).filter(Boolean);
  const name = `${basename(path, extname(path))}.persistent`;
  const opened = await look(folder, [...sibling, name]).catch(() => null);
  return opened && isExecutable(opened) ? { path: opened.path, version: `${opened.inode}-${opened.modified}` } : null;
}

/** The first file on the way is the script; `folder` is the real path of the programs' folder, `prefix` its URL path. */
export async function findScript(
  folder: string,
  prefix: readonly string[],
  segments: readonly string[],
  withKept: boolean,
): Promise<Script> {
  for (let count = 1; count <= segments.length; count++) {
    const opened = await look(folder, segments.slice(0, count));
    if (opened.kind === "folder") continue;
    if (!isExecutable(opened)) throw new Refusal(403, "This file is not a program.", {}, sourceOf(opened.path));
    const rest = segments.slice(count);
    return {
      path: opened.path,
      name: `/${[...prefix, ...segments.slice(0, count)].map(encodeURIComponent).join("/")}`,
      pathInfo: rest.length ? `/${rest.join("/")}` : "",
      kept: withKept ? await keptScript(folder, opened.path) : null,
    };
  }
  throw new Refusal(403, "The folder of the programs is not listed.");
}
