/** Sort keys of rows, and rows in their order. Unknown values stand last, whichever way; ties keep the order of start. */
import type { SortKey, View } from "../protocol/messages";
import { Axis } from "./axis";
import { FIRST_ROWS, firstSteps } from "./first-rows";
import { RowColumns } from "./row-columns";
import { sortSteps } from "./sort";
import { inSteps, ROWS_A_STEP, type Steps } from "./steps";
import type { Store } from "./store";
import type { TextRanks } from "./text-order";

/** A number of each row. */
type NumbersOf = (columns: RowColumns) => Float64Array;

/** Each row's key as a number; texts give their rank among all texts of the rows. */
function* keysOf(key: SortKey, rows: Uint32Array, store: Store): Steps<Float64Array> {
  switch (key) {
    case "start": {
      const known = store.spine.startsOf(rows);
      if (known) return known;
      const axis = new Axis(store);
      return yield* numbers(rows, store, (columns) => columns.starts(axis));
    }
    case "status":
    case "bytes":
      return yield* numbers(rows, store, (columns) => columns.shared(key));
    case "method":
      return yield* ranked(rows, store, (columns) => columns.shared("method"), store.strings.nameRanks);
    case "path":
      return yield* ranked(rows, store, (columns) => columns.shared("target"), store.strings.textRanks);
    case "handler": {
      const known = handlerRanks(store);
      return yield* numbers(rows, store, (columns) => looked(columns.server("handler"), known));
    }
    default:
      return yield* numbers(rows, store, (columns) => columns.duration(key));
  }
}

function* numbers(rows: Uint32Array, store: Store, of: NumbersOf): Steps<Float64Array> {
  const found = new Float64Array(rows.length);
  yield* inSteps(rows.length, ROWS_A_STEP, (from, to) =>
    found.set(of(new RowColumns(store, rows.subarray(from, to))), from),
  );
  return found;
}

/** Texts are ranked once each, so that sorting compares numbers only. */
function* ranked(rows: Uint32Array, store: Store, of: NumbersOf, ranks: TextRanks): Steps<Float64Array> {
  const known = yield* ranks.steps();
  return yield* numbers(rows, store, (columns) => looked(of(columns), known));
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
  const keys = yield* keysOf(sort, rows, store);
  if (rows.length > FIRST_ROWS) first(yield* firstSteps(rows, keys, descending));
  return yield* sortSteps(rows, keys, descending);
}
