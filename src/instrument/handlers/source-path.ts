/** Where the source that a map names is, whichever system the map was made on. */
import { posix, win32 } from "node:path";
import { pathOf } from "./script-path";

export interface MapPlace {
  /** The map's own folder: relative sources are relative to it. */
  folder: string;
  /** The map's `sourceRoot`, which goes before each source. */
  root: string;
}

/** A drive's or a share's path: absolute on Windows, and no file elsewhere. */
const OF_WINDOWS = /^(?:[A-Za-z]:[\\/]|\\\\)/;
/** A bundler's own scheme: webpack://name/./src/a.ts is a path from where it was run. */
const BUNDLED = /^[a-z-]+:\/\/[^/]*\/(.*)$/;

/** Absolute; for a source of another system, as it is named there. */
export function sourcePath(
  source: string,
  { folder, root }: MapPlace,
  windows: boolean = process.platform === "win32",
): string {
  const { resolve, isAbsolute } = windows ? win32 : posix;
  const alone = root === "" || source.startsWith("file:") || isAbsolute(source) || OF_WINDOWS.test(source);
  const named = alone ? source : `${root.replace(/[\\/]$/, "")}/${source}`;
  // A drive behind a slash is what its URL makes of it elsewhere.
  if (named.startsWith("file:")) return pathOf(named, windows).replace(/^\/(?=[A-Za-z]:\/)/, "");
  if (OF_WINDOWS.test(named)) return windows ? resolve(named) : named.replaceAll("\\", "/");
  const bundled = BUNDLED.exec(named)?.[1];
  // Tools of Windows put its separator where a URL has a slash.
  return resolve(...(bundled === undefined ? [folder] : []), (bundled ?? named).replaceAll("\\", "/"));
}
