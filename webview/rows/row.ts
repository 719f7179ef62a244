/** One row of the view, read out of a window's typed arrays. */
import type { RequestState } from "../../src/model/record";
import {
  type RequestIndex,
  ROW_BITS,
  type RowWindow,
  TEXT_FIELDS,
  TIME_FIELDS,
  VALUE_FIELDS,
} from "../../src/protocol/messages";

export type TimeField = (typeof TIME_FIELDS)[number];
export type ValueField = (typeof VALUE_FIELDS)[number];
export type TextField = (typeof TEXT_FIELDS)[number];

export interface RowChild {
  /** µs relative to the session's base; NaN where only the duration is known. */
  start: number;
  /** µs. */
  duration: number;
  kind: string;
  name: string;
}

export interface Row {
  /** Where it stands in the view. */
  position: number;
  index: RequestIndex;
  /** Which of all requests it is in order of start, from 1. */
  ordinal: number;
  state: RequestState;
  isGroup: boolean;
  folded: boolean;
  hasClient: boolean;
  hasServer: boolean;
  hasHandler: boolean;
  flagged: boolean;
  interference: boolean;
  warmup: boolean;
  /** µs relative to the session's base, NaN where unknown. */
  times: Record<TimeField, number>;
  values: Record<ValueField, number>;
  texts: Record<TextField, string>;
  children: RowChild[];
}

/** From the first start to the last end with some air, µs; requests that go on and on do not stretch it. */
export function spanOf(rows: readonly Row[]): readonly [number, number] | null {
  const ends = (row: Row): number[] => {
    const { fetchStart, requestStart, responseEnd, clientLast, parseStart, sendEnd, serverLast } = row.times;
    return [fetchStart, requestStart, responseEnd, clientLast, parseStart, sendEnd, serverLast].filter(
      (t) => !Number.isNaN(t),
    );
  };
  const timed = rows.map(ends).filter((stamps) => stamps.length > 0);
  if (timed.length === 0) return null;
  const starts = timed.map((stamps) => Math.min(...stamps));
  const from = Math.min(...starts);
  const begun = Math.max(...starts);
  const durations = timed.map((stamps) => Math.max(...stamps) - Math.min(...stamps)).sort((a, b) => a - b);
  const usual = durations[Math.floor(durations.length * 0.9)]!;
  const air = Math.max(20, (begun + usual - from) * 0.04);
  return [from - air, begun + usual + air];
}

const STATES: readonly RequestState[] = ["complete", "pending", "aborted", "failed"];

const record = <Key extends string, Value>(keys: readonly Key[], read: (field: number) => Value) =>
  Object.fromEntries(keys.map((key, field) => [key, read(field)])) as Record<Key, Value>;

/** All rows of a window, in order. */
export function readRows(window: RowWindow): Row[] {
  const rows = Array.from({ length: window.count }, (_, at) => readRow(window, at));
  for (let triple = 0; triple * 3 + 2 < window.children.length; triple++) {
    const text = (which: number) => window.dictionary[window.childTexts[triple * 2 + which] ?? -1] ?? "";
    rows[window.children[triple * 3] ?? -1]?.children.push({
      start: window.children[triple * 3 + 1]!,
      duration: window.children[triple * 3 + 2]!,
      kind: text(0),
      name: text(1),
    });
  }
  return rows;
}

function readRow(window: RowWindow, at: number): Row {
  const { count } = window;
  const bits = window.bits[at]!;
  const has = (bit: number) => (bits & bit) !== 0;
  return {
    position: window.from + at,
    index: window.index[at]!,
    ordinal: window.ordinals[at]!,
    state: STATES[bits & ROW_BITS.stateMask]!,
    isGroup: has(ROW_BITS.groupHeader),
    folded: has(ROW_BITS.folded),
    hasClient: has(ROW_BITS.hasClient),
    hasServer: has(ROW_BITS.hasServer),
    hasHandler: has(ROW_BITS.handler),
    flagged: has(ROW_BITS.flagged),
    interference: has(ROW_BITS.interference),
    warmup: has(ROW_BITS.warmup),
    times: record(TIME_FIELDS, (field) => window.times[field * count + at]!),
    values: record(VALUE_FIELDS, (field) => window.values[field * count + at]!),
    texts: record(TEXT_FIELDS, (field) => window.dictionary[window.texts[field * count + at]!] ?? ""),
    children: [],
  };
}
