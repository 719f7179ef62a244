/** What a request may have in common with others: the traits by which slow ones are told from the rest. */
import type { Trait } from "../../protocol/messages";
import { Axis } from "../axis";
import { RowColumns } from "../row-columns";
import { RowFacts } from "../row-facts";
import { rowSpan } from "../row-span";
import type { Store } from "../store";
import { formatBytes } from "../units";

/** A trait with a few values: a number for each, and its name. */
export interface NamedTrait {
  trait: Trait;
  /** NaN: unknown. */
  of(row: number): number;
  name(value: number, row: number): string;
  /** In the filter language; null where it has no word for it. */
  filter(value: number, row: number): string | null;
}

/** A trait that is an amount. */
export interface Amount {
  trait: Trait;
  of(row: number): number;
  /** `above`: greater than the limit; else at most. */
  name(limit: number, above: boolean): string;
  filter(limit: number, above: boolean): string | null;
}

const quoted = (text: string): string => (/[\s"]/.test(text) ? `"${text.replaceAll('"', "?")}"` : text);

export function namedTraits(store: Store): NamedTrait[] {
  const facts = new RowFacts(store);
  const { sources, spine, routes } = store;
  return [
    {
      trait: "route",
      of: (row) => spine.routeOf(row),
      name: (value) => routes.text(value),
      filter(_, row) {
        const route = facts.route(row);
        const place =
          route === null ? `path:${quoted(facts.target(row).replace(/\?.*/s, ""))}` : `route:${quoted(route)}`;
        return `method:${facts.method(row)} ${place}`;
      },
    },
    {
      trait: "handler",
      of: (row) => facts.ofServer(row, "handler"),
      name: (value) => sources.label(value) ?? "",
      filter(value) {
        const place = sources.location(value);
        return place && `handler:${quoted(place.line === null ? place.file : `${place.file}:${place.line}`)}`;
      },
    },
    {
      trait: "kind",
      of: (row) => facts.kindNumber(row),
      name: (_, row) => facts.kind(row),
      filter: (_, row) => `kind:${facts.kind(row)}`,
    },
    {
      trait: "status",
      of: (row) => facts.status(row),
      name: (value) => `${value}`,
      filter: (value) => `status:${value}`,
    },
    {
      trait: "connection",
      of: (row) => facts.isOnNewConnection(row),
      name: (value) => (value ? "on a new connection" : "on a connection that was used before"),
      filter: () => null,
    },
    {
      trait: "worker",
      of: (row) => facts.ofServer(row, "worker"),
      name: (value) => `worker ${value}`,
      filter: (value) => `worker:${value}`,
    },
  ];
}

export function amounts(store: Store, rows: ArrayLike<number>): Amount[] {
  const facts = new RowFacts(store);
  const underWay = concurrencyAt(store, rows);
  return [
    {
      trait: "size",
      of: (row) => facts.bytes(row),
      name: (limit, above) => `${above ? "over" : "up to"} ${formatBytes(limit)}`,
      filter: (limit, above) => `bytes:${above ? ">" : "<="}${limit}`,
    },
    {
      trait: "concurrency",
      of: underWay,
      name: (limit, above) => `${above ? "more than" : "at most"} ${limit} others under way`,
      filter: () => null,
    },
  ];
}

/** So many requests, evenly taken, tell how many were under way. */
const MOST = 200_000;

/** How many other requests were under way when a row began. */
function concurrencyAt(store: Store, rows: ArrayLike<number>): (row: number) => number {
  const axis = new Axis(store);
  const step = Math.max(1, rows.length / MOST);
  const taken = Uint32Array.from({ length: Math.ceil(rows.length / step) }, (_, at) => rows[Math.floor(at * step)]!);
  const { from: starts, to: ends } = new RowColumns(store, taken).spans(axis);
  const begun = starts.filter((start, at) => ends[at]! >= start).sort();
  const ended = ends.filter((end, at) => end >= starts[at]!).sort();
  return (row) => {
    const [from] = rowSpan(store, axis, row);
    return Math.round(Math.max(0, below(begun, from) - below(ended, from)) * step);
  };
}

/** How many ascending values are less. */
function below(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
