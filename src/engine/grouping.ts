/** Groups of a view: which group a row is in, and what its header says. */
import type { GroupKey } from "../protocol/messages";
import { concurrencyLanes } from "./concurrency";
import { PairKeys } from "./groups";
import { RowColumns } from "./row-columns";
import type { RowFacts } from "./row-facts";
import { inSteps, ROWS_A_STEP, type Steps } from "./steps";
import type { Store } from "./store";

type Grouped = Exclude<GroupKey, "none">;
/** What a row tells by itself; which lane it is in depends on the others. */
type Attribute = Exclude<Grouped, "concurrency">;

export interface Group {
  /** As in `View.folded`. */
  key: string;
  label: string;
  rows: Uint32Array;
}

/** All groups of a view, in order of their first rows. What a header says is made when it is looked at. */
export class Grouping {
  /** The rows, group by group; group n has those from offsets[n] to offsets[n + 1]. */
  private readonly rows: Uint32Array;
  private readonly offsets: Uint32Array;

  private constructor(
    rows: Uint32Array,
    groupOf: Uint32Array,
    counts: readonly number[],
    private readonly laneOf: ((row: number) => number) | null,
    private readonly by: Grouped,
    private readonly store: Store,
    private readonly facts: RowFacts,
  ) {
    this.offsets = new Uint32Array(counts.length + 1);
    for (let group = 0; group < counts.length; group++) this.offsets[group + 1] = this.offsets[group]! + counts[group]!;
    const next = this.offsets.slice();
    this.rows = new Uint32Array(rows.length);
    for (let at = 0; at < rows.length; at++) this.rows[next[groupOf[at]!]!++] = rows[at]!;
  }

  static *of(rows: Uint32Array, by: Grouped, store: Store, facts: RowFacts): Steps<Grouping> {
    const groupOf = new Uint32Array(rows.length);
    const numbers = new Map<number, number>();
    const laneOf = by === "concurrency" ? yield* concurrencyLanes(rows, store) : null;
    const keysOf =
      by === "concurrency" ? (some: Uint32Array) => Float64Array.from(some, laneOf!) : keysBy(by, store, facts);
    const counts: number[] = [];
    let [last, group] = [Number.NaN, -1];
    yield* inSteps(rows.length, ROWS_A_STEP, (from, to) => {
      const keys = keysOf(rows.subarray(from, to));
      for (let at = 0; at < keys.length; at++) {
        const key = keys[at]!;
        // Neighbours are often alike.
        if (key !== last) {
          group = numbers.get(key) ?? counts.push(0) - 1;
          numbers.set(key, group);
          last = key;
        }
        groupOf[from + at] = group;
        counts[group]!++;
      }
    });
    return new Grouping(rows, groupOf, counts, laneOf, by, store, facts);
  }

  get length(): number {
    return this.offsets.length - 1;
  }

  rowsOf(group: number): Uint32Array {
    return this.rows.subarray(this.offsets[group], this.offsets[group + 1]);
  }

  group(number: number): Group {
    const rows = this.rowsOf(number);
    const label =
      this.by === "concurrency"
        ? `lane ${this.laneOf!(rows[0]!) + 1}`
        : groupLabel(this.by, rows[0]!, this.store, this.facts);
    return { key: `${this.by}:${groupName(this.by, rows[0]!, label, this.store, this.facts)}`, label, rows };
  }
}

/** A number for each row's group; NaN is one, too. */
function keysBy(by: Attribute, store: Store, facts: RowFacts): (rows: Uint32Array) => ArrayLike<number> {
  switch (by) {
    case "route":
      return (rows) => store.spine.routesOf(rows);
    case "connection":
      return (rows) => new RowColumns(store, rows).shared("conn");
    case "status":
      return (rows) => new RowColumns(store, rows).shared("status");
    case "handler":
    case "worker":
      return (rows) => new RowColumns(store, rows).server(by);
    case "page": {
      const keys = new PairKeys();
      return (rows) =>
        Float64Array.from(rows, (row) => {
          const page = pageOf(facts, row);
          return Number.isNaN(page) ? page : keys.key(facts.ofClient(row, "log"), page);
        });
    }
    default:
      return by satisfies never;
  }
}

/** What tells a group from the others in `View.folded`: mostly its label, but a page may be loaded twice. */
function groupName(by: Grouped, row: number, label: string, store: Store, facts: RowFacts): string {
  if (by === "page") return `${store.parts[facts.ofClient(row, "log")]?.label ?? ""}/${pageOf(facts, row)}`;
  return by === "handler" ? `${facts.ofServer(row, "handler")}` : label;
}

/** `req` of the document that a row belongs to: a document belongs to itself. */
function pageOf(facts: RowFacts, row: number): number {
  const page = facts.ofClient(row, "page");
  if (!Number.isNaN(page)) return page;
  return facts.kind(row) === "document" ? facts.ofClient(row, "req") : Number.NaN;
}

function groupLabel(by: Attribute, row: number, store: Store, facts: RowFacts): string {
  switch (by) {
    case "route":
      return store.routes.text(store.routes.number(row));
    case "handler":
      return store.sources.label(facts.ofServer(row, "handler")) ?? "no handler known";
    case "connection":
      return store.strings.text(facts.shared(row, "conn")) ?? "no connection known";
    case "worker": {
      const worker = facts.ofServer(row, "worker");
      return Number.isNaN(worker) ? "no worker number" : `worker ${worker}`;
    }
    case "status": {
      const status = facts.status(row);
      return Number.isNaN(status) ? "no status" : `${status}`;
    }
    case "page":
      return pageLabel(store, facts, row);
    default:
      return by satisfies never;
  }
}

function pageLabel(store: Store, facts: RowFacts, row: number): string {
  const page = pageOf(facts, row);
  if (Number.isNaN(page)) return "no page";
  const log = facts.ofClient(row, "log");
  const { client } = store;
  // The document's record stands near its resources' and mostly after some of them: a page's requests end in any order.
  for (let record = 0; record < client.length; record++)
    if (client.value(record, "req") === page && client.value(record, "log") === log)
      return facts.url(store.rows.row("client", record));
  return `page ${page}`;
}
