/** What a request may have in common with others: the traits by which slow ones are told from the rest. */
import type { Trait } from "../../protocol/messages";
import { Axis } from "../axis";
import { RowColumns } from "../row-columns";
import { RowFacts } from "../row-facts";
import { sortSteps } from "../sort";
import { inSteps, ROWS_A_STEP, type Steps } from "../steps";
import type { Store } from "../store";
import { formatBytes } from "../units";
import { thinned } from "./thinned";

/** A trait with a few values: a number for each, and its name. */
export interface NamedTrait {
  trait: Trait;
  /** NaN: unknown. */
  of(columns: RowColumns): Float64Array;
  name(value: number, row: number): string;
  /** In the filter language; null where it has no word for it. */
  filter(value: number, row: number): string | null;
}

/** A trait that is an amount. */
export interface Amount {
  trait: Trait;
  of(columns: RowColumns): Float64Array;
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
      of: ({ rows }) => Float64Array.from(spine.routesOf(rows)),
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
      of: (columns) => columns.server("handler"),
      name: (value) => sources.label(value) ?? "",
      filter(value) {
        const place = sources.location(value);
        return place && `handler:${quoted(place.line === null ? place.file : `${place.file}:${place.line}`)}`;
      },
    },
    {
      trait: "kind",
      of: (columns) => columns.kinds(),
      name: (_, row) => facts.kind(row),
      filter: (_, row) => `kind:${facts.kind(row)}`,
    },
    {
      trait: "status",
      of: (columns) => columns.shared("status"),
      name: (value) => `${value}`,
      filter: (value) => `status:${value}`,
    },
    {
      trait: "connection",
      of: (columns) => columns.onNewConnection(),
      name: (value) => (value ? "on a new connection" : "on a connection that was used before"),
      filter: () => null,
    },
    {
      trait: "worker",
      of: (columns) => columns.server("worker"),
      name: (value) => `worker ${value}`,
      filter: (value) => `worker:${value}`,
    },
  ];
}

export function* amounts(store: Store): Steps<Amount[]> {
  const underWay = yield* concurrency(store);
  return [
    {
      trait: "size",
      of: (columns) => columns.shared("bytes"),
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

/** How many other requests were under way when each row began. */
function* concurrency(store: Store): Steps<(columns: RowColumns) => Float64Array> {
  const axis = new Axis(store);
  const all = store.spine.rows();
  const taken = thinned(all, MOST);
  const starts = new Float64Array(taken.length);
  const ends = new Float64Array(taken.length);
  let count = 0;
  yield* inSteps(taken.length, ROWS_A_STEP, (from, to) => {
    const spans = new RowColumns(store, taken.subarray(from, to)).spans(axis);
    for (let at = 0; at < spans.from.length; at++) {
      if (!(spans.to[at]! >= spans.from[at]!)) continue;
      starts[count] = spans.from[at]!;
      ends[count++] = spans.to[at]!;
    }
  });
  const begun = yield* sorted(starts.subarray(0, count));
  const ended = yield* sorted(ends.subarray(0, count));
  const step = all.length / taken.length;
  return (columns) =>
    columns.spans(axis).from.map((from) => Math.round(Math.max(0, below(begun, from) - below(ended, from)) * step));
}

function* sorted(times: Float64Array): Steps<Float64Array> {
  if (ascends(times)) return times;
  const places = new Uint32Array(times.length);
  for (let at = 0; at < times.length; at++) places[at] = at;
  const order = yield* sortSteps(places, times, false);
  const ascending = new Float64Array(times.length);
  for (let at = 0; at < times.length; at++) ascending[at] = times[order[at]!]!;
  return ascending;
}

function ascends(values: Float64Array): boolean {
  for (let at = 1; at < values.length; at++) if (!(values[at - 1]! <= values[at]!)) return false;
  return true;
}

/** How many ascending values are less. */
export function below(values: Float64Array, limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
