/**
 * Where lines begin in a file that is too large for the editor: every 5,000th line's offset, found in one pass of
 * reads that leave the event loop free, and continued when the file has grown.
 */
import { type FileHandle, open } from "node:fs/promises";

const LF = 10;
const CHUNK_BYTES = 1024 * 1024;

export class LineIndex {
  /** Offset of line 1 + i · step. */
  private readonly offsets = [0];
  /** Line feeds and bytes seen so far. */
  private lines = 0;
  private scanned = 0;
  private scanning: Promise<void> = Promise.resolve();

  constructor(
    readonly file: string,
    private readonly step: number,
  ) {}

  /** The text of `step` lines from line `from` (1-based, 1 + a multiple of the step); empty behind the file's end. */
  async slice(from: number): Promise<string> {
    await this.extend();
    const index = Math.floor((from - 1) / this.step);
    const start = this.offsets[index];
    if (start === undefined) return "";
    const handle = await open(this.file);
    try {
      const end = this.offsets[index + 1] ?? this.scanned;
      const bytes = Buffer.alloc(end - start);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      return bytes.toString("utf8", 0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  /** Lines that end in a line feed. */
  async lineCount(): Promise<number> {
    await this.extend();
    return this.lines;
  }

  /** One scan at a time: a second one goes on where the first has ended. */
  private extend(): Promise<void> {
    this.scanning = this.scanning.then(async () => {
      const handle = await open(this.file);
      try {
        await this.scan(handle);
      } finally {
        await handle.close();
      }
    });
    const scan = this.scanning;
    // A file that cannot be read now may be readable the next time.
    this.scanning = scan.catch(() => undefined);
    return scan;
  }

  private async scan(handle: FileHandle): Promise<void> {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, this.scanned);
      if (!bytesRead) return;
      const bytes = chunk.subarray(0, bytesRead);
      for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1))
        if (++this.lines % this.step === 0) this.offsets.push(this.scanned + at + 1);
      this.scanned += bytesRead;
    }
  }
}
