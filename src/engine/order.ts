/** Sort keys of rows, and rows in their order. Unknown values stand last, whichever way; ties keep the order of start. */
import type { SortKey } from "../protocol/messages";
import type { RowFacts } from "./row-facts";
import { sortByKeys } from "./sort";
import type { Store } from "./store";
import { textRanks } from "./text-order";

/** A row's key as a number; texts give their rank among all texts of the rows. */
function numberKey(key: SortKey, facts: RowFacts): ((row: number) => number) | null {
  switch (key) {
    case "status":
      return (row) => facts.status(row);
    case "bytes":
      return (row) => facts.bytes(row);
    case "clientResponse":
    case "serverResponse":
    case "network":
    case "queue":
    case "process":
      return (row) => facts.duration(row, key);
    default:
      return null;
  }
}

/** Texts are ranked once each, so that sorting compares numbers only. */
function rankKey(key: SortKey, rows: Uint32Array, store: Store, facts: RowFacts): (row: number) => number {
  if (key === "handler") return handlerRank(store, facts);
  const field = key === "method" ? "method" : "target";
  const pool = store.strings[key === "method" ? "names" : "texts"];
  const wanted = new Uint8Array(pool.size);
  for (const row of rows) wanted[facts.shared(row, field)] = 1;
  const ranks = textRanks(pool, wanted);
  return (row) => ranks[facts.shared(row, field)] ?? Number.NaN;
}

function handlerRank(store: Store, facts: RowFacts): (row: number) => number {
  const labels = Array.from({ length: store.sources.length }, (_, number) => store.sources.label(number)!);
  const sorted = [...new Set(labels)].sort();
  const ranks = labels.map((label) => sorted.indexOf(label));
  return (row) => ranks[facts.ofServer(row, "handler")] ?? Number.NaN;
}

/** The rows, which are in order of start, in order of a key; ties keep the order of start. */
export function sortRows(
  rows: Uint32Array,
  key: SortKey,
  descending: boolean,
  store: Store,
  facts: RowFacts,
): Uint32Array {
  if (key === "start") return descending ? rows.slice().reverse() : rows;
  const keyOf = numberKey(key, facts) ?? rankKey(key, rows, store, facts);
  const keys = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) keys[at] = keyOf(rows[at]!);
  return sortByKeys(rows, keys, descending);
}
