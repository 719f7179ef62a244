/** Distances of two stamps of many rows in one pass over their columns: what is asked for by most. */
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

/** What is put where: of each record, at its place, or subtracted from what stands there. */
export interface Dealing {
  records: Uint32Array;
  places: Uint32Array;
  into: Float64Array;
  isSubtracted: boolean;
}

/** Two stamps whose columns are in memory, as nearly all logs have them. */
export interface Spanned {
  /** Those in [begin, end); whether any is known. */
  deal(to: Dealing, begin: number, end: number): boolean;
}

/** Null where a column is not in memory, or is not what nearly all logs have. */
export function spannedBy(from: Column, to: Column): Spanned | null {
  const [first, last] = [from.inMemory, to.inMemory];
  if (first instanceof Uint32Array && last instanceof Uint32Array)
    return { deal: (dealing, begin, end) => dealBetween(dealing, begin, end, { from, first, to, last }) };
  if (first instanceof Uint8Array && last instanceof Uint32Array)
    return { deal: (dealing, begin, end) => dealFrom(dealing, begin, end, { from, to, starts: first, stamps: last }) };
  if (first instanceof Uint32Array && last instanceof Uint8Array)
    return { deal: (dealing, begin, end) => dealFrom(dealing, begin, end, { from, to, starts: last, stamps: first }) };
  return null;
}

// A loop for either kind of array: one that meets both takes twice the time.

function dealBetween(
  { records, places, into, isSubtracted }: Dealing,
  begin: number,
  end: number,
  { from, first, to, last }: { from: Column; first: Uint32Array; to: Column; last: Uint32Array },
): boolean {
  const less = to.bias - from.bias;
  let isAnyKnown = false;
  for (let at = begin; at < end; at++) {
    const record = records[at]!;
    const start = record < first.length ? first[record]! : NONE;
    const stop = record < last.length ? last[record]! : NONE;
    let span = Number.NaN;
    if (start > ELSEWHERE && stop > ELSEWHERE) span = stop - start - less;
    else if (start > NONE && stop > NONE) span = to.get(record) - from.get(record);
    if (!Number.isNaN(span)) isAnyKnown = true;
    const place = places[at]!;
    into[place] = isSubtracted ? into[place]! - span : span;
  }
  return isAnyKnown;
}

/** From or to the stamp that is the start of the record where it is known. */
function dealFrom(
  { records, places, into, isSubtracted }: Dealing,
  begin: number,
  end: number,
  { from, to, starts, stamps }: { from: Column; to: Column; starts: Uint8Array; stamps: Uint32Array },
): boolean {
  const less = to.bias - from.bias;
  const isBack = to.inMemory === starts;
  let isAnyKnown = false;
  for (let at = begin; at < end; at++) {
    const record = records[at]!;
    const start = record < starts.length ? starts[record]! : NONE;
    const stamp = record < stamps.length ? stamps[record]! : NONE;
    let span = Number.NaN;
    if (start > ELSEWHERE && stamp > ELSEWHERE) span = (isBack ? start - stamp : stamp - start) - less;
    else if (start > NONE && stamp > NONE) span = to.get(record) - from.get(record);
    if (!Number.isNaN(span)) isAnyKnown = true;
    const place = places[at]!;
    into[place] = isSubtracted ? into[place]! - span : span;
  }
  return isAnyKnown;
}
