/** Files that the user names. */
import { readFileSync } from "node:fs";

/** The file's content. Throws in words. */
export function readNamed(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new Error(`there is no file ${file}`);
    if (code === "EISDIR") throw new Error(`${file} is a folder, not a file`);
    throw new Error(`${file} cannot be read: ${message}`);
  }
}
