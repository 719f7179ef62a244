/** Rows in order of their start: those that are new or changed are sorted, and merged into those that stay. */
import type { Axis } from "./axis";
import { RowColumns } from "./row-columns";
import { sortSteps } from "./sort";
import { inSteps, ROWS_A_STEP, STEP, type Steps } from "./steps";
import type { Store } from "./store";

export interface Ordered {
  rows: Uint32Array;
  /** On the axis, µs since the epoch; those that have none stand last. */
  starts: Float64Array;
}

/** Those from a row on, emptied ones left out. */
export function* sortedFrom(store: Store, axis: Axis, first: number): Steps<Ordered> {
  const rows = new Uint32Array(store.rows.length - first);
  const keys = new Float64Array(rows.length);
  let count = 0;
  yield* inSteps(rows.length, ROWS_A_STEP, (from, to) => {
    const begun = count;
    for (let row = first + from; row < first + to; row++) if (!store.rows.isEmpty(row)) rows[count++] = row;
    keys.set(new RowColumns(store, rows.subarray(begun, count)).starts(axis), begun);
  });
  const places = new Uint32Array(count);
  for (let at = 0; at < count; at++) places[at] = at;
  const sorted = yield* sortSteps(places, keys.subarray(0, count), false);
  const ordered: Ordered = { rows: new Uint32Array(count), starts: new Float64Array(count) };
  yield* inSteps(count, STEP, (from, to) => {
    for (let at = from; at < to; at++) {
      ordered.rows[at] = rows[sorted[at]!]!;
      ordered.starts[at] = keys[sorted[at]!]!;
    }
  });
  return ordered;
}

/** Those before a row, in their order, and where the first one stood that is not. */
export function* keptBefore(
  order: Uint32Array,
  starts: Float64Array,
  changed: number,
): Steps<{ kept: Ordered; firstMoved: number }> {
  if (changed === 0) return { kept: { rows: new Uint32Array(), starts: new Float64Array() }, firstMoved: 0 };
  const kept: Ordered = { rows: new Uint32Array(order.length), starts: new Float64Array(order.length) };
  let count = 0;
  let firstMoved = order.length;
  yield* inSteps(order.length, STEP, (from, to) => {
    for (let at = from; at < to; at++) {
      if (order[at]! >= changed) {
        if (firstMoved === order.length) firstMoved = at;
        continue;
      }
      kept.rows[count] = order[at]!;
      kept.starts[count++] = starts[at]!;
    }
  });
  return { kept: { rows: kept.rows.subarray(0, count), starts: kept.starts.subarray(0, count) }, firstMoved };
}

/** Both in one order, and where the first fresh one stands. */
export function* merged(kept: Ordered, fresh: Ordered): Steps<Ordered & { firstFresh: number }> {
  if (kept.rows.length === 0) return { ...fresh, firstFresh: 0 };
  const length = kept.rows.length + fresh.rows.length;
  const rows = new Uint32Array(length);
  const starts = new Float64Array(length);
  let k = 0;
  let f = 0;
  let firstFresh = length;
  yield* inSteps(length, STEP, (from, to) => {
    for (let at = from; at < to; at++) {
      const takeKept =
        k < kept.rows.length &&
        (f >= fresh.rows.length || kept.starts[k]! <= fresh.starts[f]! || Number.isNaN(fresh.starts[f]!));
      if (!takeKept && firstFresh === length) firstFresh = at;
      rows[at] = takeKept ? kept.rows[k]! : fresh.rows[f]!;
      starts[at] = takeKept ? kept.starts[k++]! : fresh.starts[f++]!;
    }
  });
  return { rows, starts, firstFresh };
}
