/** Sort keys of rows, and rows in their order. Unknown values stand last, whichever way; ties keep the order of start. */
import type { SortKey, View } from "../protocol/messages";
import { Axis } from "./axis";
import { FIRST_ROWS, FirstRows, sampleOf } from "./first-rows";
import { RowColumns } from "./row-columns";
import { sortSteps } from "./sort";
import { inSteps, ROWS_A_STEP, type Steps } from "./steps";
import type { Store } from "./store";

/** A number of each row. */
type NumbersOf = (columns: RowColumns) => Float64Array;

/** How rows' keys as numbers are told; texts give their rank among all texts of the rows, worked out once each. */
function* keysBy(key: SortKey, store: Store): Steps<NumbersOf> {
  switch (key) {
    case "start": {
      const axis = new Axis(store);
      return (columns) => columns.starts(axis);
    }
    case "status":
    case "bytes":
      return (columns) => columns.shared(key);
    case "method": {
      const ranks = yield* store.strings.nameRanks.steps();
      return (columns) => looked(columns.shared("method"), ranks);
    }
    case "path": {
      const ranks = yield* store.strings.textRanks.steps();
      return (columns) => looked(columns.shared("target"), ranks);
    }
    case "handler": {
      const ranks = handlerRanks(store);
      return (columns) => looked(columns.server("handler"), ranks);
    }
    default:
      return (columns) => columns.duration(key);
  }
}

/** In place; one that has come since has no rank yet. */
function looked(numbers: Float64Array, ranks: ArrayLike<number>): Float64Array {
  for (let at = 0; at < numbers.length; at++)
    numbers[at] = numbers[at]! < ranks.length ? ranks[numbers[at]!]! : Number.NaN;
  return numbers;
}

function handlerRanks(store: Store): number[] {
  const labels = Array.from({ length: store.sources.length }, (_, number) => store.sources.label(number)!);
  const sorted = [...new Set(labels)].sort();
  return labels.map((label) => sorted.indexOf(label));
}

/**
 * The rows, which are in order of start, in order of a key; ties keep the order of start. `first` is told the first of
 * them before, where there are more.
 */
export function* sortRows(
  rows: Uint32Array,
  { sort, descending }: Pick<View, "sort" | "descending">,
  store: Store,
  first: (rows: Uint32Array) => void,
): Steps<Uint32Array> {
  if (sort === "start" && !descending) return rows;
  const known = sort === "start" ? store.spine.startsOf(rows) : null;
  const of = yield* keysBy(sort, store);
  const keys = known ?? new Float64Array(rows.length);
  const top = new FirstRows(of(new RowColumns(store, sampleOf(rows))), rows.length, descending);
  yield* inSteps(rows.length, ROWS_A_STEP, (from, to) => {
    const some = known?.subarray(from, to) ?? of(new RowColumns(store, rows.subarray(from, to)));
    if (!known) keys.set(some, from);
    top.add(some, from);
  });
  if (rows.length > FIRST_ROWS) {
    first(Uint32Array.from(top.first(), (at) => rows[at]!));
    yield true;
  }
  return yield* sortSteps(rows, keys, descending);
}
