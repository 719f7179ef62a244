/** What the filter language's keys mean: of each, how a value becomes a test of a row. */
import { DURATION_KEYS, type DurationKey, type Pairing } from "../model/request";
import { KINDS, STATES } from "./draft";
import { parseComparison } from "./filter-syntax";
import type { RowColumns } from "./row-columns";
import { RowFacts } from "./row-facts";
import { FLAGS, flagged } from "./row-flags";
import { PAIRINGS } from "./rows";
import type { Store } from "./store";
import { TextPattern } from "./text-pattern";
import { AddressTest, IdTest, PooledTest } from "./text-tests";

/** Some rows, a column at a time: 1 for each that passes. */
export type RowsTest = (columns: RowColumns) => Uint8Array;

export interface KeyMeaning {
  /** For completion and error messages: what a value looks like. */
  readonly example: string;
  /** Null where the value has no meaning. */
  test(value: string, store: Store): RowsTest | null;
  /** Values to offer. */
  options(store: Store): string[];
}

const TIME_UNITS = { "": 1000, us: 1, µs: 1, μs: 1, ms: 1000, s: 1_000_000, m: 60_000_000 };
const SIZE_UNITS = { "": 1, b: 1, k: 1000, kb: 1000, kib: 1024, m: 1e6, mb: 1e6, mib: 1024 ** 2, gb: 1e9 };
const NO_UNITS = { "": 1 };

/** 1 for each number that has a true value. */
function pick(numbers: ArrayLike<number>, passes: readonly boolean[]): Uint8Array {
  const passed = new Uint8Array(numbers.length);
  for (let at = 0; at < passed.length; at++) if (passes[numbers[at]!]) passed[at] = 1;
  return passed;
}

/** A number of each row. */
type NumbersOf = (columns: RowColumns) => Float64Array;
type Options = (store: Store) => string[];

function amount(units: Readonly<Record<string, number>>, example: string, of: NumbersOf): KeyMeaning {
  return {
    example,
    options: () => [],
    test(value) {
      const range = parseComparison(value, units);
      if (!range) return null;
      const { least, most } = range;
      return (columns) => {
        const numbers = of(columns);
        const passed = new Uint8Array(numbers.length);
        for (let at = 0; at < numbers.length; at++) if (numbers[at]! >= least && numbers[at]! <= most) passed[at] = 1;
        return passed;
      };
    },
  };
}

/** A text of a column. `until`: a byte behind which it is not looked at. */
function column(
  example: string,
  pool: "names" | "texts" | "ids",
  of: NumbersOf,
  options: Options = () => [],
  until = -1,
): KeyMeaning {
  return {
    example,
    options,
    test(value, { strings }) {
      const pattern = new TextPattern(value, until);
      const test = pool === "ids" ? new IdTest(strings.ids, pattern) : new PooledTest(strings[pool], pattern);
      return (columns) => {
        const passed = new Uint8Array(columns.rows.length);
        test.mark(() => of(columns), passed);
        return passed;
      };
    },
  };
}

/** One of a few things, by its number; each may have several names. */
function listed(
  example: string,
  of: NumbersOf,
  names: (store: Store) => readonly (readonly (string | null)[])[],
  options: Options,
): KeyMeaning {
  return {
    example,
    options,
    test(value, store) {
      const pattern = new TextPattern(value);
      const passes = names(store).map((own) => own.some((name) => name !== null && pattern.matchesText(name)));
      return (columns) => pick(of(columns), passes);
    },
  };
}

/** The host of an origin, or an origin and a target behind it: each pair is looked at once. */
function address(example: string, part: "url" | "host", options: Options = () => []): KeyMeaning {
  return {
    example,
    options,
    test(value, store) {
      const facts = new RowFacts(store);
      const pattern = new TextPattern(value);
      const known = new Map<number, AddressTest>();
      return (columns) => {
        const origins = columns.origins();
        const targets = part === "url" ? columns.shared("target") : new Float64Array(origins.length).fill(Number.NaN);
        const passed = new Uint8Array(origins.length);
        for (let at = 0; at < passed.length; at++) {
          const origin = origins[at]!;
          let test = known.get(origin);
          if (!test) {
            const row = columns.rows[at]!;
            test = new AddressTest(part === "url" ? facts.origin(row) : facts.host(row), store.strings.texts, pattern);
            known.set(origin, test);
          }
          if (test.passes(targets[at]!)) passed[at] = 1;
        }
        return passed;
      };
    },
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
  ["url", address("*calendar*", "url")],
  ["host", address("localhost:*", "host", namesOf("server", "host"))],
  ["route", column("/users/:id", "names", (columns) => columns.server("route"), namesOf("server", "route"))],
  [
    "handler",
    listed(
      "handler:checkout or handler:*/routes.js:*",
      (columns) => columns.server("handler"),
      ({ sources }) =>
        Array.from({ length: sources.length }, (_, number) => {
          const { name, file, line } = sources.location(number)!;
          return [name, file, `${file}:${line}`];
        }),
      ({ sources }) => Array.from({ length: sources.length }, (_, number) => sources.label(number)!),
    ),
  ],
  [
    "kind",
    listed(
      "image",
      (columns) => columns.kinds(),
      () => KINDS.map((kind) => [kind]),
      () => [...KINDS],
    ),
  ],
  [
    "state",
    listed(
      "failed",
      (columns) => columns.states(),
      () => STATES.map((state) => [state]),
      () => [...STATES],
    ),
  ],
  [
    "flag",
    {
      example: "interference",
      options: () => [...FLAGS],
      test: (value, store) => {
        const pattern = new TextPattern(value);
        const wanted = FLAGS.filter((flag) => pattern.matchesText(flag));
        return (columns) => flagged(store, columns, wanted);
      },
    },
  ],
  [
    "pairing",
    {
      example: "none",
      options: () => ["id", "connection", "order", "none"],
      test: (value, { rows }) => {
        const wanted = PAIRINGS.indexOf(value as Pairing);
        const passes = PAIRINGS.map((_, how) => how === wanted);
        return wanted < 0 ? null : (columns) => pick(Uint8Array.from(rows.pairings(columns.rows)), passes);
      },
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
