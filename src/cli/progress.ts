/** A line on a terminal's stderr for work that takes over a second; nothing where stderr is no terminal. */
const AFTER_MS = 1000;
const EVERY_MS = 100;

export class Progress {
  private readonly began = Date.now();
  private shown = 0;

  show(text: string): void {
    const now = Date.now();
    if (!process.stderr.isTTY || now - this.began < AFTER_MS || now - this.shown < EVERY_MS) return;
    this.shown = now;
    process.stderr.write(`\r\x1b[K${text}`);
  }

  clear(): void {
    if (this.shown > 0) process.stderr.write("\r\x1b[K");
    this.shown = 0;
  }
}
