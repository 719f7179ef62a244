/** A page's view of a session: a filter, an order and groups, as a list of entries that windows are cut from. */
import type { View, ViewResult } from "../protocol/messages";
import { Axis } from "./axis";
import { compileFilter } from "./filter";
import { type Group, groupRows } from "./grouping";
import { sortRows } from "./order";
import { RowFacts } from "./row-facts";
import { rowSpan } from "./row-span";
import type { Store } from "./store";

/** Set in an entry that is a group's header; the rest is the group's number. */
const HEADER = 0x8000_0000;

export class ViewRows {
  private constructor(
    readonly revision: number,
    readonly view: View,
    readonly axis: Axis,
    /** Rows, or groups' numbers with the header bit. */
    private readonly entries: Uint32Array,
    readonly groups: readonly Group[],
    readonly result: ViewResult,
  ) {}

  static compute(store: Store, view: View, revision: number): ViewRows {
    const facts = new RowFacts(store);
    const axis = new Axis(store);
    const filter = compileFilter(view.filter, store);
    const rows = select(store, view, axis, filter.test);
    sortRows(rows, view.sort, view.descending, store, facts, axis);
    const groups = view.group === "none" ? [] : groupRows(rows, view.group, store, facts);
    const entries = view.group === "none" ? rows : laidOut(groups, new Set(view.folded));
    const result: ViewResult = {
      revision,
      rows: entries.length,
      matches: rows.length,
      total: store.rows.requests,
      filterError: filter.error,
    };
    return new ViewRows(revision, view, axis, entries, groups, result);
  }

  /** The row at a position, or the group whose header stands there. */
  at(position: number): number | Group {
    const entry = this.entries[position]!;
    return entry >= HEADER ? this.groups[entry - HEADER]! : entry;
  }

  locate(row: number): number {
    return this.entries.indexOf(row);
  }

  isFolded(group: Group): boolean {
    return this.view.folded.includes(group.key);
  }
}

function select(store: Store, view: View, axis: Axis, test: ((row: number) => boolean) | null): Uint32Array {
  const { rows } = store;
  const chosen = new Uint32Array(rows.length);
  const { span } = view;
  let count = 0;
  for (let row = 0; row < rows.length; row++) {
    if (rows.isEmpty(row) || (test && !test(row))) continue;
    if (span) {
      const [from, to] = rowSpan(store, axis, row);
      if (!(from - store.base <= span[1] && to - store.base >= span[0])) continue;
    }
    chosen[count++] = row;
  }
  return chosen.slice(0, count);
}

function laidOut(groups: readonly Group[], folded: ReadonlySet<string>): Uint32Array {
  const length = groups.reduce((sum, group) => sum + 1 + (folded.has(group.key) ? 0 : group.rows.length), 0);
  const entries = new Uint32Array(length);
  let at = 0;
  groups.forEach((group, number) => {
    entries[at++] = HEADER + number;
    if (folded.has(group.key)) return;
    entries.set(group.rows, at);
    at += group.rows.length;
  });
  return entries;
}
