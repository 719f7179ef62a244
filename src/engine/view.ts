/** A page's view of a session: a filter, an order and groups, as a list of entries that windows are cut from. */
import type { View, ViewResult } from "../protocol/messages";
import { Axis } from "./axis";
import { compileFilter } from "./filter";
import { type Group, groupRows } from "./grouping";
import { sortRows } from "./order";
import { RowFacts } from "./row-facts";
import { rowSpan } from "./row-span";
import type { Store } from "./store";

/** Some ten milliseconds' work. */
const ROWS_A_STEP = 1 << 15;
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

  /** In steps, so that whoever runs it can answer others in between, or give it up. */
  static *compute(store: Store, view: View, revision: number): Generator<void, ViewRows> {
    const facts = new RowFacts(store);
    const axis = new Axis(store);
    const filter = compileFilter(view.filter, store);
    const selected = yield* select(store, view, axis, filter.test);
    const rows = sortRows(selected, view.sort, view.descending, store, facts);
    yield;
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

/** The rows that the view wants, in order of start. */
function* select(
  store: Store,
  view: View,
  axis: Axis,
  test: ((row: number) => boolean) | null,
): Generator<void, Uint32Array> {
  const all = store.spine.rows();
  const { span } = view;
  if (test === null && span === null) return all;
  const chosen = new Uint32Array(all.length);
  let count = 0;
  for (let at = 0; at < all.length; at++) {
    const row = all[at]!;
    if (at % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
    if (test && !test(row)) continue;
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
