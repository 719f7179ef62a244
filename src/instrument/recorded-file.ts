/** How records name files. */
import { relative, sep } from "node:path";

/** Relative to the working folder where the file lies inside it, else absolute; with forward slashes. */
export function recordedFile(file: string): string {
  const path = relative(process.cwd(), file);
  return (path.startsWith("..") || path === "" ? file : path).split(sep).join("/");
}
