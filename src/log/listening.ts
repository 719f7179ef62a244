/** Where the servers of a recording listen, learnt from their logs while they are written. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { decodeNative, MAX_LINE_BYTES } from "../formats/native";

const LOOK_EVERY_MS = 50;
const LISTEN = '{"type":"listen"';

/** FILE and its siblings, as far as they exist. */
function logAndSiblings(file: string): string[] {
  const folder = dirname(file);
  const stem = `${basename(file, ".ndjson")}.`;
  try {
    return readdirSync(folder)
      .filter((name) => name === basename(file) || (name.startsWith(stem) && name.endsWith(".ndjson")))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** A file's next whole lines after `offset`, and the offset behind them. */
function wholeLines(file: string, offset: number): { lines: string[]; offset: number } {
  const fd = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(Math.min(fstatSync(fd).size - offset, 4 * MAX_LINE_BYTES));
    const read = bytes.length > 0 ? readSync(fd, bytes, 0, bytes.length, offset) : 0;
    const end = bytes.lastIndexOf(0x0a, read - 1) + 1;
    return { lines: read ? bytes.toString("utf8", 0, end).split("\n") : [], offset: offset + (read ? end : 0) };
  } finally {
    closeSync(fd);
  }
}

/**
 * Calls `found` with the URL of each server that is logged as listening from now on, once a URL.
 * Does not keep the process alive. The result ends it.
 */
export function watchListening(file: string, found: (url: string) => void): () => void {
  const offsets = new Map(logAndSiblings(file).map((path) => [path, statSync(path).size]));
  const seen = new Set<string>();
  const look = (): void => {
    for (const path of logAndSiblings(file)) {
      try {
        for (;;) {
          const { lines, offset } = wholeLines(path, offsets.get(path) ?? 0);
          if (offset === (offsets.get(path) ?? 0)) break;
          offsets.set(path, offset);
          for (const line of lines) report(line);
        }
      } catch {
        // Gone again: a log that is tidied away while we look.
      }
    }
  };
  const report = (line: string): void => {
    if (!line.startsWith(LISTEN)) return;
    const record = decodeNative(line);
    if ("problem" in record || record.type !== "listen" || seen.has(record.url)) return;
    seen.add(record.url);
    found(record.url);
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    look();
  };
}
