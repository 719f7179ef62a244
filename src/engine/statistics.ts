/** Statistics of all durations by what requests have in common: what reports and the panel's tables show. */
import type { GroupStatistics } from "../model/report";
import { DURATION_KEYS } from "../model/request";
import { type PeakRule, peakLimit } from "../model/statistics/peaks";
import { summariseKnown } from "../model/statistics/summary";
import { groupedDurations } from "./grouped-durations";
import { RowColumns } from "./row-columns";
import { countedRows, groupRows, type RowGroup, type RowGrouping } from "./row-groups";
import { interlude } from "./steps";
import type { Store } from "./store";
import { groupVerdicts } from "./verdict/verdict";

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
  const groups = groupRows(store, countedRows(store, { warmUp }), by);
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
  return limit === Number.POSITIVE_INFINITY ? rows : rows.filter((_, at) => !(times[at]! > limit));
}

function summariseGroups(store: Store, groups: readonly RowGroup[]): GroupStatistics[] {
  const verdicts = groupVerdicts(
    store,
    groups.map(({ rows }) => rows),
  );
  const summaries = groups.map(({ key, rows }, at): GroupStatistics => {
    const slow = verdicts[at];
    return { key, count: rows.length, ...(slow && { slow }) };
  });
  for (const [key, durations] of groupedDurations(store, groups, DURATION_KEYS, true))
    durations.forEach((values, at) => {
      interlude();
      if (values.length) summaries[at]![key] = summariseKnown(values);
    });
  return summaries;
}
