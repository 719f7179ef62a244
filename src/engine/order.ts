/** Sort keys of rows, and rows in their order. Unknown values stand last, whichever way; ties keep the order of start. */
import type { SortKey } from "../protocol/messages";
import type { RowFacts } from "./row-facts";
import { sortByKeys } from "./sort";
import type { Store } from "./store";

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
  const [numberOf, textOf]: [(row: number) => number, (number: number) => string] =
    key === "method"
      ? [(row) => facts.shared(row, "method"), (number) => store.strings.names.text(number)]
      : key === "path"
        ? [(row) => facts.shared(row, "target"), (number) => store.strings.texts.text(number)]
        : [(row) => facts.ofServer(row, "handler"), (number) => store.sources.label(number) ?? ""];
  const numbers = new Set<number>();
  for (const row of rows) {
    const number = numberOf(row);
    if (!Number.isNaN(number)) numbers.add(number);
  }
  const texts = [...numbers].map((number) => ({ number, text: textOf(number) }));
  texts.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const ranks = new Map<number, number>();
  let rank = -1;
  texts.forEach(({ number, text }, index) => {
    if (index === 0 || text !== texts[index - 1]!.text) rank++;
    ranks.set(number, rank);
  });
  return (row) => ranks.get(numberOf(row)) ?? Number.NaN;
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
  return sortByKeys(rows, Float64Array.from(rows, keyOf), descending);
}
