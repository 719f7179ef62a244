/** Sort keys of rows, and rows in their order. Unknown values stand last, whichever way; ties keep the order of start. */
import type { SortKey } from "../protocol/messages";
import type { Interner } from "./interner";
import { RowColumns } from "./row-columns";
import { sortByKeys } from "./sort";
import type { Store } from "./store";
import { textRanks } from "./text-order";

/** Each row's key as a number; texts give their rank among all texts of the rows. */
function keysOf(key: Exclude<SortKey, "start">, columns: RowColumns, store: Store): Float64Array {
  switch (key) {
    case "status":
    case "bytes":
      return columns.shared(key);
    case "method":
      return ranked(columns.shared("method"), store.strings.names);
    case "path":
      return ranked(columns.shared("target"), store.strings.texts);
    case "handler":
      return looked(columns.server("handler"), handlerRanks(store));
    default:
      return columns.duration(key);
  }
}

/** Texts are ranked once each, so that sorting compares numbers only. */
function ranked(numbers: Float64Array, pool: Interner): Float64Array {
  const wanted = new Uint8Array(pool.size);
  for (let at = 0; at < numbers.length; at++) if (!Number.isNaN(numbers[at]!)) wanted[numbers[at]!] = 1;
  return looked(numbers, textRanks(pool, wanted));
}

function looked(numbers: Float64Array, ranks: ArrayLike<number>): Float64Array {
  const keys = new Float64Array(numbers.length).fill(Number.NaN);
  for (let at = 0; at < numbers.length; at++) if (!Number.isNaN(numbers[at]!)) keys[at] = ranks[numbers[at]!]!;
  return keys;
}

function handlerRanks(store: Store): number[] {
  const labels = Array.from({ length: store.sources.length }, (_, number) => store.sources.label(number)!);
  const sorted = [...new Set(labels)].sort();
  return labels.map((label) => sorted.indexOf(label));
}

/** The rows, which are in order of start, in order of a key; ties keep the order of start. */
export function sortRows(rows: Uint32Array, key: SortKey, descending: boolean, store: Store): Uint32Array {
  if (key === "start") return descending ? rows.slice().reverse() : rows;
  return sortByKeys(rows, keysOf(key, new RowColumns(store, rows), store), descending);
}
