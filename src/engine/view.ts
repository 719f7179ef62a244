/** A page's view of a session: a filter, an order and groups, as a list of entries that windows are cut from. */
import type { View, ViewResult } from "../protocol/messages";
import { Axis } from "./axis";
import { compileFilter, type RowFilter } from "./filter";
import { FIRST_ROWS } from "./first-rows";
import { type GroupSummary, groupSummary } from "./group-summary";
import { type Group, Grouping } from "./grouping";
import { sortRows } from "./order";
import { RowFacts } from "./row-facts";
import { ROWS_A_STEP, type Steps } from "./steps";
import type { Store } from "./store";

/** Set in an entry that is a group's header; the rest is the group's number. */
const HEADER = 0x8000_0000;

export class ViewRows {
  private readonly summaries = new Map<string, GroupSummary>();

  private constructor(
    readonly revision: number,
    readonly view: View,
    readonly axis: Axis,
    /** Rows, or groups' numbers with the header bit. */
    private readonly entries: Uint32Array,
    private readonly groups: Grouping | null,
    readonly result: ViewResult,
  ) {}

  /** `first` is given the view's first rows, where they are sure before all of it is there. */
  static *compute(
    store: Store,
    view: View,
    revision: number,
    first: (rows: ViewRows) => void = () => undefined,
  ): Steps<ViewRows> {
    const facts = new RowFacts(store);
    const axis = new Axis(store);
    const filter = compileFilter(view.filter, store);
    const madeOf = (rows: Uint32Array, groups: Grouping | null): ViewRows => {
      const entries = groups === null ? rows : laidOut(groups, view);
      const result: ViewResult = {
        revision,
        rows: entries.length,
        matches: rows.length,
        total: store.rows.requests,
        filterError: filter.error,
      };
      return new ViewRows(revision, view, axis, entries, groups, result);
    };
    const early = (rows: Uint32Array): void => {
      if (view.group === "none" && filter.error === null) first(madeOf(rows, null));
    };
    const isByStart = view.sort === "start" && !view.descending;
    const selected = yield* selectRows(store, view, filter.test, isByStart ? early : undefined);
    const rows = yield* sortRows(selected, view, store, early);
    return madeOf(rows, view.group === "none" ? null : yield* Grouping.of(rows, view.group, store, facts));
  }

  /** The row at a position, or the group whose header stands there. */
  at(position: number): number | Group {
    const entry = this.entries[position]!;
    return this.groups !== null && entry >= HEADER ? this.groups.group(entry - HEADER) : entry;
  }

  /** What a group's header shows, worked out once a view. */
  *summary(store: Store, group: Group): Steps<GroupSummary> {
    let summary = this.summaries.get(group.key);
    if (!summary) {
      summary = yield* groupSummary(store, this.axis, group);
      this.summaries.set(group.key, summary);
    }
    return summary;
  }

  locate(row: number): number {
    return this.entries.indexOf(row);
  }

  isFolded(group: Group): boolean {
    return this.view.folded.includes(group.key) !== (this.view.closed ?? false);
  }
}

/** The rows that the view wants, in order of start. `first` is told the first of them before, where there are more. */
export function* selectRows(
  store: Store,
  { span }: Pick<View, "span">,
  test: RowFilter | null,
  first?: (rows: Uint32Array) => void,
): Steps<Uint32Array> {
  const all = yield* store.spine.rowSteps();
  if (test === null && span === null) return all;
  const spans = span && (yield* store.spine.spanSteps());
  const chosen = new Uint32Array(all.length);
  let count = 0;
  for (let from = 0; from < all.length; from += ROWS_A_STEP) {
    const before = count;
    const some = all.subarray(from, from + ROWS_A_STEP);
    for (const row of test ? test(some) : some)
      if (!spans || (spans.from[row]! - store.base <= span![1] && spans.to[row]! - store.base >= span![0]))
        chosen[count++] = row;
    const hasFirst = before <= FIRST_ROWS && count > FIRST_ROWS;
    if (hasFirst) first?.(chosen.slice(0, FIRST_ROWS));
    yield hasFirst;
  }
  return chosen.slice(0, count);
}

function laidOut(groups: Grouping, { folded, closed = false }: View): Uint32Array {
  const named = new Set(folded);
  const isFolded = (group: number): boolean => (named.size > 0 && named.has(groups.group(group).key)) !== closed;
  const open = Uint8Array.from({ length: groups.length }, (_, group) => (isFolded(group) ? 0 : 1));
  let length = groups.length;
  for (let group = 0; group < groups.length; group++) if (open[group]) length += groups.rowsOf(group).length;
  const entries = new Uint32Array(length);
  let at = 0;
  for (let group = 0; group < groups.length; group++) {
    entries[at++] = HEADER + group;
    if (!open[group]) continue;
    const rows = groups.rowsOf(group);
    entries.set(rows, at);
    at += rows.length;
  }
  return entries;
}
