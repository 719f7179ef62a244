/** Distances of two stamps of many rows in one pass over their columns: what is sorted and filtered by most. */
import type { Column } from "./column";
import { ELSEWHERE } from "./elements";

/** What a row without such a record, or a record without such a stamp, has in its column. */
const NONE = 0;

/**
 * From one stamp to another of each row's record, NaN where one of them is unknown; null where a column is not in memory,
 * or is not what nearly all logs have.
 */
export function spansInMemory(rows: Uint32Array, records: Column, from: Column, to: Column): Float64Array | null {
  const [held, first, last] = [records.inMemory, from.inMemory, to.inMemory];
  if (!(held instanceof Uint32Array && last instanceof Uint32Array)) return null;
  if (!(first instanceof Uint32Array || first instanceof Uint8Array)) return null;
  const less = to.bias - from.bias;
  const spans = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const stored = row < held.length ? held[row]! : NONE;
    const record = stored > ELSEWHERE ? stored - records.bias : records.get(row);
    const end = record < last.length ? last[record]! : NONE;
    const start = record < first.length ? first[record]! : NONE;
    if (end > ELSEWHERE && start > ELSEWHERE) spans[at] = end - start - less;
    else spans[at] = to.get(record) - from.get(record);
  }
  return spans;
}
