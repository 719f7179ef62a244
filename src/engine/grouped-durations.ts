/** Durations of groups of rows: of all groups at once, a column at a time. */
import type { DurationKey } from "../model/request";
import { RowDurations } from "./row-durations";
import type { RowGroup } from "./row-groups";
import type { Store } from "./store";

export class GroupedDurations {
  private readonly durations: RowDurations;

  constructor(
    store: Store,
    private readonly groups: readonly RowGroup[],
  ) {
    const all = new Uint32Array(groups.reduce((sum, { rows }) => sum + rows.length, 0));
    let end = 0;
    for (const { rows } of groups) {
      all.set(rows, end);
      end += rows.length;
    }
    this.durations = new RowDurations(store, all);
  }

  /** Known values of each group, µs, in the order of its rows. */
  known(key: DurationKey): Float64Array[] {
    const values = this.durations.all(key);
    let from = 0;
    return this.groups.map(({ rows }) => {
      const own = new Float64Array(rows.length);
      let count = 0;
      for (const end = from + rows.length; from < end; from++)
        if (!Number.isNaN(values[from]!)) own[count++] = values[from]!;
      return own.subarray(0, count);
    });
  }
}
