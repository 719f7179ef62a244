/** Scripts go by path in one place and by URL in another. */
import { fileURLToPath } from "node:url";

/** A script's or source's URL as a path of this system, where it is one. */
export function pathOf(url: string, windows = process.platform === "win32"): string {
  try {
    if (url.startsWith("file:")) return fileURLToPath(url, { windows });
  } catch {
    // Another host's file, or no path on this system: as it stands.
  }
  return url;
}
