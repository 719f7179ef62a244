/** A line on a terminal's stderr for work that takes over a second; nothing where stderr is no terminal. */
const AFTER_MS = 1000;
const EVERY_MS = 100;

export function progressLine(what: string): { show(done: number, total: number): void; clear(): void } {
  const began = Date.now();
  let shown = 0;
  return {
    show(done, total) {
      const now = Date.now();
      if (!process.stderr.isTTY || now - began < AFTER_MS || now - shown < EVERY_MS) return;
      shown = now;
      const percent = total > 0 ? Math.floor((done / total) * 100) : 0;
      process.stderr.write(`\r\x1b[K${what} ${percent} %`);
    },
    clear() {
      if (shown > 0) process.stderr.write("\r\x1b[K");
    },
  };
}
