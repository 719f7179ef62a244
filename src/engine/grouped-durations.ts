/** Durations of groups of rows: of all groups at once, a column at a time. */
import type { DurationKey } from "../model/request";
import { RowDurations } from "./row-durations";
import type { RowGroup } from "./row-groups";
import type { Store } from "./store";

export class GroupedDurations {
  /** In order of time, as their records mostly stand: a column is read from its beginning to its end. */
  private readonly durations: RowDurations;
  /** Group of each of these rows. */
  private readonly groupOf: Uint32Array;
  /** Where each group's values begin. */
  private readonly offsets: Uint32Array;

  constructor(store: Store, groups: readonly RowGroup[]) {
    this.offsets = new Uint32Array(groups.length + 1);
    // 0: in none.
    const numbers = new Uint32Array(store.rows.length);
    groups.forEach(({ rows }, group) => {
      this.offsets[group + 1] = this.offsets[group]! + rows.length;
      for (let at = 0; at < rows.length; at++) numbers[rows[at]!] = group + 1;
    });
    const rows = store.spine.rows().filter((row) => numbers[row]! > 0);
    this.groupOf = rows.map((row) => numbers[row]! - 1);
    this.durations = new RowDurations(store, rows);
  }

  /** Known values of each group, µs, in order of time. */
  known(key: DurationKey): Float64Array[] {
    const { groupOf, offsets } = this;
    const values = this.durations.all(key);
    const grouped = new Float64Array(values.length);
    const ends = offsets.slice(0, -1);
    for (let at = 0; at < values.length; at++)
      if (!Number.isNaN(values[at]!)) grouped[ends[groupOf[at]!]!++] = values[at]!;
    return Array.from(ends, (end, group) => grouped.subarray(offsets[group], end));
  }
}
