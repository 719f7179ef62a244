/** Columns of many rows, a slice of them after the other: what is computed of a slice stays in the processor's cache. */
import { RowColumns } from "./row-columns";
import { interlude } from "./steps";
import type { Store } from "./store";

/** Rows whose columns, a dozen and more, fit the processor's second cache together. */
export const SLICE = 1 << 11;

export function* slicesOf(store: Store, rows: Uint32Array): Generator<RowColumns> {
  for (let from = 0; from < rows.length; from += SLICE) {
    if (from > 0) interlude();
    yield new RowColumns(store, rows.subarray(from, from + SLICE));
  }
}

/** A column of all the rows, by that of each slice. */
export function columnOf(store: Store, rows: Uint32Array, of: (columns: RowColumns) => Float64Array): Float64Array {
  const all = new Float64Array(rows.length);
  let from = 0;
  for (const columns of slicesOf(store, rows)) {
    all.set(of(columns), from);
    from += columns.rows.length;
  }
  return all;
}

/** Those of the rows, in their order, that pass: `testOf` a slice's columns tells of the row at each of its places. */
export function passing(
  store: Store,
  rows: Uint32Array,
  testOf: (columns: RowColumns) => (at: number) => boolean,
): Uint32Array {
  const passed = new Uint32Array(rows.length);
  let count = 0;
  for (const columns of slicesOf(store, rows)) {
    const test = testOf(columns);
    const { rows: own } = columns;
    for (let at = 0; at < own.length; at++) if (test(at)) passed[count++] = own[at]!;
  }
  return passed.subarray(0, count);
}
