/** A result in parts, to stdout: `… | head` is no failure. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

export async function toStdout(parts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(Readable.from(parts), process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
}
