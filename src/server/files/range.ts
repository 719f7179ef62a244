/** One byte range of a file (RFC 9110, section 14). A request for several is answered with the whole file. */
import type { IncomingHttpHeaders } from "node:http";
import type { Validators } from "./conditional";

export interface ByteRange {
  start: number;
  /** The byte after the last. */
  end: number;
}

/** The range that is asked for; null: the whole file; "unsatisfiable": 416. */
export function rangeOf(
  headers: IncomingHttpHeaders,
  size: number,
  current: Validators,
): ByteRange | "unsatisfiable" | null {
  const header = headers.range;
  if (header === undefined) return null;
  const condition = headers["if-range"]?.toString();
  if (condition !== undefined && condition !== current.tag && Date.parse(condition) !== current.modified) return null;
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/.exec(header);
  if (!match) return null;
  const [, first, last] = match as unknown as [string, string, string];
  if (first === "") {
    if (last === "") return null;
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === "" ? size : Math.min(Number(last) + 1, size);
  if (last !== "" && Number(last) < start) return null;
  return start >= size ? "unsatisfiable" : { start, end };
}
