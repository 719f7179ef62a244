/** A file that is whole or not there: written beside its place, and put there when it is complete. */
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** Only its owner may read a new one: a report tells URLs. */
const MODE = 0o600;

export async function writeParts(file: string, parts: Iterable<string> | AsyncIterable<string>): Promise<void> {
  const place = await realpath(file).catch(() => file);
  const known = await stat(place).catch(() => null);
  const source = Readable.from(parts);
  // A pipe or a device is written to, and not replaced.
  if (known && !known.isFile()) return pipeline(source, createWriteStream(place));
  const temporary = join(dirname(place), `.${basename(place)}.${randomBytes(4).toString("hex")}`);
  const mode = known ? known.mode & 0o777 : MODE;
  try {
    await pipeline(source, createWriteStream(temporary, { mode, flags: "wx" }));
    await rename(temporary, place);
  } finally {
    await rm(temporary, { force: true });
  }
}
