/** Validators of a file and the conditions that a request puts on them (RFC 9110, section 13). */
import type { IncomingHttpHeaders } from "node:http";
import type { Opened } from "./opened";

export interface Validators {
  /** A strong entity tag, with its quotes. */
  tag: string;
  /** ms since the epoch, whole seconds. */
  modified: number;
}

/** A file that was replaced has another inode, one that was written to another time of change. */
export const validatorsOf = (file: Pick<Opened, "inode" | "size" | "modified">): Validators => ({
  tag: `"${file.inode.toString(36)}-${file.size.toString(36)}-${file.modified.toString(36)}"`,
  modified: Math.floor(Number(file.modified / 1_000_000n) / 1000) * 1000,
});

function lists(header: string, tag: string | null, weakly: boolean): boolean {
  if (header.trim() === "*") return tag !== null;
  for (const [, weak, value] of header.matchAll(/(W\/)?("[^"]*")/g))
    if (value === tag && (weakly || !weak)) return true;
  return false;
}

const date = (header: string | undefined): number => (header === undefined ? Number.NaN : Date.parse(header));

/**
 * The status that the conditions ask for instead of the method: 304, 412, or null to go on. `current` is null where there
 * is no file.
 */
export function precondition(
  method: string,
  headers: IncomingHttpHeaders,
  current: Validators | null,
): 304 | 412 | null {
  const reads = method === "GET" || method === "HEAD";
  const match = headers["if-match"];
  if (match !== undefined) {
    if (!lists(match, current?.tag ?? null, false)) return 412;
  } else if (current && current.modified > date(headers["if-unmodified-since"])) return 412;
  const noneMatch = headers["if-none-match"];
  if (noneMatch !== undefined) return lists(noneMatch, current?.tag ?? null, true) ? (reads ? 304 : 412) : null;
  if (reads && current && current.modified <= date(headers["if-modified-since"])) return 304;
  return null;
}
