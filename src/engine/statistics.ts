/** Statistics of all durations by what requests have in common: what reports and the panel's tables show. */
import type { GroupStatistics } from "../model/report";
import { DURATION_KEYS } from "../model/request";
import { type PeakRule, peakLimit } from "../model/statistics/peaks";
import { summarise } from "../model/statistics/summary";
import { RowColumns } from "./row-columns";
import { RowDurations } from "./row-durations";
import { countedRows, groupRows, type RowGroup, type RowGrouping } from "./row-groups";
import type { Store } from "./store";
import { groupVerdict } from "./verdict/verdict";

/** What counts. */
export interface Counting {
  /** Which peaks of R C (of R S where no client was measured) are left out; absent: none. */
  peaks?: PeakRule;
  /** Warm-up requests count as well. */
  warmUp?: boolean;
}

/** Interference is left out, and warm-up requests, unless they count. */
export function statisticsBy(
  store: Store,
  by: RowGrouping,
  { peaks: rule = "none", warmUp = false }: Counting = {},
): GroupStatistics[] {
  const groups = groupRows(store, countedRows(store, warmUp), by);
  if (rule === "none") return summariseGroups(store, groups);
  const kept = groups.map(({ key, rows }) => ({ key, rows: withoutPeaks(store, rows, rule) }));
  return summariseGroups(store, kept).map((group, at) => ({
    ...group,
    count: groups[at]!.rows.length,
    peaks: { rule, kept: group.count },
  }));
}

function withoutPeaks(store: Store, rows: Uint32Array, rule: PeakRule): Uint32Array {
  const times = new RowColumns(store, rows).responseTime();
  const limit = peakLimit(times, rule);
  return rows.filter((_, at) => !(times[at]! > limit));
}

/** A duration of all groups at once, and then group by group. */
function summariseGroups(store: Store, groups: readonly RowGroup[]): GroupStatistics[] {
  const all = new Uint32Array(groups.reduce((sum, { rows }) => sum + rows.length, 0));
  let end = 0;
  for (const { rows } of groups) {
    all.set(rows, end);
    end += rows.length;
  }
  const summaries = groups.map(({ key, rows }): GroupStatistics => {
    const slow = groupVerdict(store, rows);
    return { key, count: rows.length, ...(slow && { slow }) };
  });
  const durations = new RowDurations(store, all);
  for (const key of DURATION_KEYS) {
    const values = durations.all(key);
    let from = 0;
    for (const summary of summaries) {
      const own = values.subarray(from, from + summary.count);
      from += summary.count;
      const summarised = summarise(own);
      if (summarised.count > 0) summary[key] = summarised;
    }
  }
  return summaries;
}
