/** Rows by what they have in common: those of a group stand together, in order of time. */
import { Axis } from "./axis";
import { codesOf, offsetsOf } from "./codes";
import { STATES } from "./draft";
import { PairKeys } from "./groups";
import { RowColumns } from "./row-columns";
import { RowFacts } from "./row-facts";
import { passing } from "./row-slices";
import { sourceLabel } from "./sources";
import { interlude } from "./steps";
import type { Store } from "./store";

export const ROW_GROUPINGS = ["route", "url", "handler", "kind", "status", "connection", "worker", "time"] as const;
export type RowGrouping = (typeof ROW_GROUPINGS)[number];

export const COMPLETE = STATES.indexOf("complete");

export interface RowGroup {
  key: string;
  rows: Uint32Array;
}

/** Which rows count; interference never does. */
export interface Counted {
  /** Warm-up requests as well. */
  warmUp?: boolean;
  /** Only those that came to their end. */
  complete?: boolean;
}

/** In order of time. */
export const countedRows = (store: Store, counted?: Counted): Uint32Array =>
  countedOf(store, store.spine.rows(), counted);

/** Those of the rows that count, in their order. */
export function countedOf(store: Store, rows: Uint32Array, { warmUp, complete }: Counted = {}): Uint32Array {
  const measured = store.parts.map((part) => store.clocks.hasClient(part));
  const anyWarmup = !(warmUp || store.client.column("warmup").isEmpty);
  return passing(store, rows, (columns) => {
    const hasClient = columns.clients();
    let log: Float64Array | null = null;
    const warmup = anyWarmup ? columns.client("warmup") : null;
    const states = complete ? columns.states() : null;
    return (at) => {
      if (states !== null && states[at] !== COMPLETE) return false;
      if (warmup !== null && warmup[at] === 1) return false;
      if (hasClient[at]) return true;
      log ??= columns.server("log");
      return !(Number.isNaN(log[at]!) || measured[log[at]!]);
    };
  });
}

/** The most frequent first; of times, the earliest. */
export function groupRows(store: Store, rows: Uint32Array, by: RowGrouping): RowGroup[] {
  const { numbers, name } = KEYS[by](store, rows);
  const { codeOf, firsts } = codesOf(numbers);
  const offsets = offsetsOf(codeOf, firsts.length);
  const next = offsets.slice();
  const members = new Uint32Array(rows.length);
  interlude();
  for (let at = 0; at < rows.length; at++) members[next[codeOf[at]!]!++] = rows[at]!;
  const groups = firsts.map((first, code) => ({
    number: numbers[first]!,
    key: name(numbers[first]!, rows[first]!),
    rows: members.subarray(offsets[code], offsets[code + 1]),
  }));
  return groups.sort((a, b) =>
    by === "time" ? a.number - b.number : b.rows.length - a.rows.length || (a.key < b.key ? -1 : 1),
  );
}

interface Keys {
  /** A number for each row's group. */
  numbers: ArrayLike<number>;
  /** Its name, by one of its rows. */
  name(number: number, row: number): string;
}

const KEYS: Record<RowGrouping, (store: Store, rows: Uint32Array) => Keys> = {
  route: ({ spine, routes }, rows) => ({
    numbers: spine.routesOf(rows),
    name: (number) => routes.text(number),
  }),
  url(store, rows) {
    const facts = new RowFacts(store);
    const columns = new RowColumns(store, rows);
    const [method, target] = [columns.shared("method"), columns.shared("target")];
    const [origin, host] = [columns.client("origin"), columns.server("host")];
    const [places, urls] = [new PairKeys(), new PairKeys()];
    return {
      numbers: method.map((number, at) => {
        const place = Number.isNaN(origin[at]!) ? host[at]! : origin[at]!;
        return urls.key(number, places.key(place || 0, target[at]!));
      }),
      name: (_, row) => `${facts.method(row)} ${facts.url(row)}`.trim(),
    };
  },
  handler(store, rows) {
    return {
      numbers: new RowColumns(store, rows).server("handler"),
      name(number) {
        const place = store.sources.location(number);
        if (!place) return "no handler known";
        return place.name ? `${place.name} ${sourceLabel(place)}` : sourceLabel(place);
      },
    };
  },
  kind(store, rows) {
    const facts = new RowFacts(store);
    return { numbers: new RowColumns(store, rows).kinds(), name: (_, row) => facts.kind(row) };
  },
  status: (store, rows) => ({
    numbers: new RowColumns(store, rows).shared("status"),
    name: (number, row) => (Number.isNaN(number) ? new RowFacts(store).state(row) : `${number}`),
  }),
  connection: (store, rows) => ({
    numbers: new RowColumns(store, rows).shared("ord").map((ordinal) => (ordinal > 1 ? 2 : ordinal)),
    name: (number) =>
      Number.isNaN(number) ? "no connection known" : number === 1 ? "new connection" : "connection used before",
  }),
  worker: (store, rows) => ({
    numbers: new RowColumns(store, rows).server("worker"),
    name: (number) => (Number.isNaN(number) ? "no worker number" : `worker ${number}`),
  }),
  time(store, rows) {
    const starts = new RowColumns(store, rows).starts(new Axis(store));
    const [first, last] = [starts[0] ?? 0, starts.findLast((start) => !Number.isNaN(start)) ?? 0];
    const width = SLOTS.find((slot) => (last - first) / slot <= MOST_SLOTS) ?? SLOTS.at(-1)!;
    return {
      numbers: starts.map((start) => Math.floor(start / width)),
      name: (number) =>
        Number.isNaN(number) ? "no time known" : new Date((number * width) / 1000).toISOString().replace(".000Z", "Z"),
    };
  },
};

const SECOND = 1_000_000;
/** µs: widths of time slots, of which the least is taken that makes no more slots than people read. */
const SLOTS = [0.1, 1, 5, 10, 60, 300, 600, 1_800, 3_600, 3 * 3_600, 24 * 3_600].map((seconds) => seconds * SECOND);
const MOST_SLOTS = 60;
