/** The record that a line of a log belongs to, decoded from the lines around it. */
import type { Format, Reading } from "../formats/format";
import { decodeNative } from "../formats/native";
import { nativeFormat } from "../formats/native-format";
import type { LogRecord, StampRecord } from "../model/record";

/** A record that was broken over more lines than this is none. */
const AROUND = 6;

export type RecordAt =
  | { record: LogRecord | StampRecord; from: number }
  /** Why the line is none, in words. */
  | { problem: string };

/**
 * @param lineAt text of a line (0-based); undefined outside the log
 * @returns the record, and the line (0-based) that it begins on; null where the line says nothing
 */
export function recordAt(
  format: Format,
  lineAt: (line: number) => string | undefined,
  line: number,
  reading: Reading,
): RecordAt | null {
  const own = lineAt(line);
  if (own === undefined || own.trim() === "") return null;
  if (format === nativeFormat) {
    const record = decodeNative(own);
    return "problem" in record ? record : { record, from: line };
  }
  const first = Math.max(0, line - AROUND);
  const lines: string[] = [];
  for (let at = first; at <= line + AROUND; at++) {
    const text = lineAt(at);
    if (text === undefined) break;
    lines.push(text);
  }
  return decodeAround(format, lines, line - first, reading, first);
}

function decodeAround(
  format: Format,
  lines: readonly string[],
  wanted: number,
  reading: Reading,
  first: number,
): RecordAt | null {
  let found: RecordAt | null = null;
  let foundFrom = -1;
  const take = (line: number, at: RecordAt) => {
    const from = line - 1;
    if (from > wanted || from < foundFrom) return;
    foundFrom = from;
    found = at;
  };
  const decoder = format.open(
    {
      record: (record, line) => take(line, { record, from: first + line - 1 }),
      problem: (line, reason) => take(line, { problem: reason }),
    },
    { file: "", ...reading },
  );
  decoder.push(new TextEncoder().encode(`${lines.join("\n")}\n`));
  decoder.end();
  return found;
}
