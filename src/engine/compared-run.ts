/** One session as a side of a comparison: durations by route, in order of time. */
import { COMPARED, type Compared, type Run } from "../model/compare/run";
import { groupedDurations } from "./grouped-durations";
import { countedRows, groupRows } from "./row-groups";
import type { Store } from "./store";

/** Warm-up requests, interference and requests without an end are left out. */
export function comparedRun(store: Store): Run {
  const groups = groupRows(store, countedRows(store, { complete: true }), "route");
  const routes = groups.map(() => new Map<Compared, Float64Array>());
  for (const [key, durations] of groupedDurations(store, groups, COMPARED))
    durations.forEach((values, at) => {
      if (values.length) routes[at]!.set(key, values);
    });
  return new Map(groups.map(({ key }, at) => [key, routes[at]!] as const).filter(([, known]) => known.size > 0));
}
