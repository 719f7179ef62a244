/** Decodes text as the engine would: format told by content, bytes in chunks of any size. */
import { detectFormat } from "../../../src/formats/registry";
import type { LogRecord, StampRecord } from "../../../src/model/record";

export interface Decoded {
  format: string | null;
  stamps: StampRecord[];
  /** All of them, in their order. */
  records: (LogRecord | StampRecord)[];
  lines: number[];
  problems: { line: number; reason: string }[];
}

export function decode(
  text: string,
  { zone = -420, chunk = 1 << 20 }: { zone?: number | null; chunk?: number } = {},
): Decoded {
  const bytes = new TextEncoder().encode(text);
  const format = detectFormat(text.slice(0, 65_536));
  const decoded: Decoded = { format: format?.id ?? null, stamps: [], records: [], lines: [], problems: [] };
  const decoder = format?.open(
    {
      record(record: LogRecord | StampRecord, line) {
        decoded.records.push(record);
        if (record.type === "stamp") decoded.stamps.push(record);
        decoded.lines.push(line);
      },
      problem: (line, reason) => decoded.problems.push({ line, reason }),
    },
    { file: "log", ...(zone !== null && { zone }) },
  );
  for (let from = 0; from < bytes.length; from += chunk) decoder?.push(bytes.subarray(from, from + chunk));
  decoder?.end();
  return decoded;
}
