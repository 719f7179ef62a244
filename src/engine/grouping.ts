/** Groups of a view: which group a row is in, and what its header says. */
import type { GroupKey } from "../protocol/messages";
import { PairKeys } from "./groups";
import type { RowFacts } from "./row-facts";
import type { Store } from "./store";

export interface Group {
  key: string;
  label: string;
  rows: number[];
}

/** The rows' groups, in order of their first rows. */
export function groupRows(rows: Uint32Array, by: Exclude<GroupKey, "none">, store: Store, facts: RowFacts): Group[] {
  const keyOf = groupKey(by, store, facts);
  const groups = new Map<number, Group>();
  for (const row of rows) {
    const key = keyOf(row);
    let group = groups.get(key);
    if (!group) {
      const label = groupLabel(by, row, store, facts);
      group = { key: `${by}:${groupName(by, row, label, store, facts)}`, label, rows: [] };
      groups.set(key, group);
    }
    group.rows.push(row);
  }
  return [...groups.values()];
}

function groupKey(by: Exclude<GroupKey, "none">, store: Store, facts: RowFacts): (row: number) => number {
  switch (by) {
    case "route":
      return (row) => store.routes.number(row);
    case "handler":
      return (row) => facts.ofServer(row, "handler");
    case "connection":
      return (row) => facts.shared(row, "conn");
    case "worker":
      return (row) => facts.ofServer(row, "worker");
    case "status":
      return (row) => facts.status(row);
    case "page": {
      const keys = new PairKeys();
      return (row) => {
        const page = pageOf(facts, row);
        return Number.isNaN(page) ? page : keys.key(facts.ofClient(row, "log"), page);
      };
    }
    default:
      return by satisfies never;
  }
}

/** What tells a group from the others in `View.folded`: mostly its label, but a page may be loaded twice. */
function groupName(by: GroupKey, row: number, label: string, store: Store, facts: RowFacts): string {
  if (by === "page") return `${store.parts[facts.ofClient(row, "log")]?.label ?? ""}/${pageOf(facts, row)}`;
  return by === "handler" ? `${facts.ofServer(row, "handler")}` : label;
}

/** `req` of the document that a row belongs to: a document belongs to itself. */
function pageOf(facts: RowFacts, row: number): number {
  const page = facts.ofClient(row, "page");
  if (!Number.isNaN(page)) return page;
  return facts.kind(row) === "document" ? facts.ofClient(row, "req") : Number.NaN;
}

function groupLabel(by: Exclude<GroupKey, "none">, row: number, store: Store, facts: RowFacts): string {
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
