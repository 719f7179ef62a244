/** Sort keys of rows, and rows in their order. Unknown values stand last, whichever way; ties keep the order of start. */
import type { SortKey } from "../protocol/messages";
import type { Axis } from "./axis";
import type { RowFacts } from "./row-facts";
import type { Store } from "./store";

/** First stamp of a row on the axis, µs since the epoch; NaN where it has none. */
export function rowStart(store: Store, axis: Axis, row: number): number {
  const client = store.rows.client(row);
  if (!Number.isNaN(client)) {
    const { client: table } = store;
    const fetched = table.time(client, "fetchStart");
    const start = Number.isNaN(fetched) ? table.start(client) : Math.min(fetched, table.start(client));
    return start - axis.client(client);
  }
  const server = store.rows.server(row);
  return store.server.start(server) - axis.server(server).up;
}

/** A row's key as a number; texts give their rank among all texts of the rows. */
function numberKey(key: SortKey, store: Store, facts: RowFacts, axis: Axis): ((row: number) => number) | null {
  switch (key) {
    case "start":
      return (row) => rowStart(store, axis, row);
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

/** Sorts `rows` in place. */
export function sortRows(
  rows: Uint32Array,
  key: SortKey,
  descending: boolean,
  store: Store,
  facts: RowFacts,
  axis: Axis,
): void {
  const keyOf = numberKey(key, store, facts, axis) ?? rankKey(key, rows, store, facts);
  const keys = new Float64Array(store.rows.length);
  const starts = new Float64Array(store.rows.length);
  for (const row of rows) {
    keys[row] = keyOf(row);
    starts[row] = key === "start" ? keys[row]! : rowStart(store, axis, row);
  }
  const direction = descending ? -1 : 1;
  rows.sort((a, b) => {
    const difference = compare(keys[a]!, keys[b]!, direction);
    return difference === 0 ? compare(starts[a]!, starts[b]!, 1) || a - b : difference;
  });
}

function compare(a: number, b: number, direction: number): number {
  if (a === b) return 0;
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : 1;
  return Number.isNaN(b) ? -1 : (a - b) * direction;
}
