/** A line on a terminal's stderr for work that takes over a second; nothing where stderr is no terminal. */
const AFTER_MS = 1000;
const EVERY_MS = 100;

export class Progress {
  private readonly began = performance.now();
  private shown = 0;

  show(text: string): void {
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.began < AFTER_MS || now - this.shown < EVERY_MS) return;
    this.shown = now;
    process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }

  /** Takes the line away: before other output, and at the end. */
  clear(): void {
    if (this.shown > 0) process.stderr.write("\r\x1b[K");
    this.shown = 0;
  }
}

/** For work whose extent is known. */
export function progressLine(what: string): { show(done: number, total: number): void; clear(): void } {
  const progress = new Progress();
  return {
    show: (done, total) => progress.show(`${what} ${total > 0 ? Math.floor((done / total) * 100) : 0} %`),
    clear: () => progress.clear(),
  };
}
