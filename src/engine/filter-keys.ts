/** What the filter language's keys mean: of each, how a value becomes a test of a row. */
import { DURATION_KEYS, type DurationKey, type Pairing } from "../model/request";
import { KINDS, STATES } from "./draft";
import { parseComparison } from "./filter-syntax";
import { BLOCK_BITS, BLOCK_MASK, byBlock } from "./row-blocks";
import { RowColumns } from "./row-columns";
import type { RowFacts } from "./row-facts";
import { PAIRINGS } from "./rows";
import type { Store } from "./store";
import { TextPattern } from "./text-pattern";

export type RowTest = (row: number) => boolean;

export interface KeyMeaning {
  /** For completion and error messages: what a value looks like. */
  readonly example: string;
  /** Null where the value has no meaning. */
  test(value: string, store: Store, facts: RowFacts): RowTest | null;
  /** Values to offer. */
  options(store: Store, facts: RowFacts): string[];
}

const TIME_UNITS = { "": 1000, us: 1, µs: 1, μs: 1, ms: 1000, s: 1_000_000, m: 60_000_000 };
const SIZE_UNITS = { "": 1, b: 1, k: 1000, kb: 1000, kib: 1024, m: 1e6, mb: 1e6, mib: 1024 ** 2, gb: 1e9 };
const NO_UNITS = { "": 1 };

/** A number of each row. */
type NumbersOf = (columns: RowColumns) => Float64Array;
type TextOf = (facts: RowFacts, row: number) => string | null;

/** Numbers by row, worked out for a block of them once the first of it is asked for: no step of a view takes long. */
function byRow(store: Store, of: NumbersOf): (row: number) => number {
  const numbers = byBlock(store, (rows) => of(new RowColumns(store, rows)));
  return (row) => numbers(row >>> BLOCK_BITS)[row & BLOCK_MASK]!;
}

function amount(units: Readonly<Record<string, number>>, example: string, of: NumbersOf): KeyMeaning {
  return {
    example,
    options: () => [],
    test(value, store) {
      const range = parseComparison(value, units);
      if (!range) return null;
      const numberOf = byRow(store, of);
      return (row) => {
        const number = numberOf(row);
        return number >= range.least && number <= range.most;
      };
    },
  };
}

/** A text of a column: each distinct text is tested once, however many rows have it. */
function column(
  example: string,
  pool: "names" | "texts" | "ids",
  of: NumbersOf,
  options: (store: Store) => string[] = () => [],
  until = -1,
): KeyMeaning {
  return {
    example,
    options,
    test(value, store) {
      const test = pooledTest(store, pool, new TextPattern(value, until));
      const numberOf = byRow(store, of);
      return (row) => test(numberOf(row));
    },
  };
}

function text(example: string, of: TextOf, options: (store: Store) => string[] = () => []): KeyMeaning {
  return {
    example,
    options,
    test(value, _store, facts) {
      const pattern = new TextPattern(value);
      return (row) => {
        const found = of(facts, row);
        return found !== null && pattern.matchesText(found);
      };
    },
  };
}

/** A pattern as a test of a pool's numbers, each tested once. */
export function pooledTest(
  store: Store,
  pool: "names" | "texts" | "ids",
  pattern: TextPattern,
): (number: number) => boolean {
  // Nearly every request has an id of its own.
  if (pool === "ids") return (number) => !Number.isNaN(number) && store.strings.ids.matches(number, pattern);
  const texts = store.strings[pool];
  // 0: not looked at yet; 1: no; 2: yes.
  const known = new Uint8Array(texts.size);
  return (number) => {
    if (Number.isNaN(number)) return false;
    let found = known[number];
    if (!found) {
      found = texts.matches(number, pattern) ? 2 : 1;
      known[number] = found;
    }
    return found === 2;
  };
}

/** The distinct texts of a low-cardinality column. */
const namesOf = (side: "client" | "server", field: "method" | "host" | "route") => (store: Store) => {
  const numbers = new Set<number>();
  const table = store[side];
  for (let record = 0; record < table.length && numbers.size < 200; record++) {
    const number = table.value(record, field as never);
    if (!Number.isNaN(number)) numbers.add(number);
  }
  return [...numbers].map((number) => store.strings.names.text(number));
};

const place: KeyMeaning = {
  example: "handler:checkout or handler:*/routes.js:*",
  options: (store) => Array.from({ length: store.sources.length }, (_, number) => store.sources.label(number)!),
  test(value, store, facts) {
    const pattern = new TextPattern(value);
    const matches = Array.from({ length: store.sources.length }, (_, number) => {
      const { name, file, line } = store.sources.location(number)!;
      return [name, file, `${file}:${line}`].some((label) => label !== null && pattern.matchesText(label));
    });
    return (row) => matches[facts.ofServer(row, "handler")] ?? false;
  },
};

/** `?` */
const QUERY = 63;
const durationKey = (key: DurationKey): KeyMeaning => amount(TIME_UNITS, ">200ms", (columns) => columns.duration(key));
const SHORT = { rc: "clientResponse", rs: "serverResponse", net: "network" } as const;

export const FILTER_KEYS: ReadonlyMap<string, KeyMeaning> = new Map<string, KeyMeaning>([
  [
    "method",
    column(
      "GET",
      "names",
      (columns) => columns.shared("method"),
      (store) => [...new Set([...namesOf("client", "method")(store), ...namesOf("server", "method")(store)])],
    ),
  ],
  [
    "status",
    { ...amount(NO_UNITS, ">=500", (columns) => columns.shared("status")), options: () => [">=400", ">=500"] },
  ],
  ["path", column("/api/*", "texts", (columns) => columns.shared("target"), undefined, QUERY)],
  ["target", column("/search?q=1", "texts", (columns) => columns.shared("target"))],
  ["url", text("*calendar*", (facts, row) => facts.url(row))],
  ["host", text("localhost:*", (facts, row) => facts.host(row), namesOf("server", "host"))],
  ["route", column("/users/:id", "names", (columns) => columns.server("route"), namesOf("server", "route"))],
  ["handler", place],
  [
    "kind",
    text(
      "image",
      (facts, row) => facts.kind(row),
      () => [...KINDS],
    ),
  ],
  [
    "state",
    text(
      "failed",
      (facts, row) => facts.state(row),
      () => [...STATES],
    ),
  ],
  [
    "flag",
    {
      example: "interference",
      options: () => ["interference", "interrupted", "warmup", "redirect", "cached"],
      test: (value, _store, facts) => {
        const pattern = new TextPattern(value);
        return (row) => facts.flags(row).some((flag) => pattern.matchesText(flag));
      },
    },
  ],
  [
    "pairing",
    {
      ...text(
        "none",
        () => null,
        () => ["id", "connection", "order", "none"],
      ),
      test: (value, store) => (PAIRINGS.includes(value as Pairing) ? (row) => store.rows.pairing(row) === value : null),
    },
  ],
  ["connection", column("127.0.0.1:5000*", "texts", (columns) => columns.shared("conn"))],
  ["id", column("4bf92f35*", "ids", (columns) => columns.shared("id"))],
  ["worker", amount(NO_UNITS, "2", (columns) => columns.server("worker"))],
  ["pass", amount(NO_UNITS, "1", (columns) => columns.client("pass"))],
  ["bytes", amount(SIZE_UNITS, ">100kB", (columns) => columns.shared("bytes"))],
  ...Object.entries(SHORT).map(([short, key]) => [short, durationKey(key)] as const),
  ...DURATION_KEYS.filter((key) => key !== "networkUp" && key !== "networkDown").map(
    (key) => [key.toLowerCase(), durationKey(key)] as const,
  ),
]);
