/** A file of a session's own in the system's folder for such, which nobody else can read and which is gone at its end. */
import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Scratch } from "../pages";

export class ScratchFile implements Scratch {
  private file: number | null = null;

  write(bytes: Uint8Array, position: number): void {
    this.file ??= openScratch();
    // A disk that is nearly full takes less than it is given, and refuses the rest.
    for (let at = 0; at < bytes.length; ) at += writeSync(this.file, bytes, at, bytes.length - at, position + at);
  }

  read(into: Uint8Array, position: number): void {
    if (this.file === null) throw new Error("nothing has been written");
    for (let at = 0; at < into.length; ) {
      const read = readSync(this.file, into, at, into.length - at, position + at);
      if (read === 0) throw new Error("the file is shorter than what was written");
      at += read;
    }
  }

  close(): void {
    if (this.file !== null) closeSync(this.file);
    this.file = null;
  }
}

function openScratch(): number {
  const path = join(tmpdir(), `request-timeline-${randomUUID()}.tmp`);
  const file = openSync(path, "wx+", 0o600);
  // Without a name it goes with the process, however that ends.
  rmSync(path, { force: true });
  return file;
}
