/** One session as a side of a comparison: durations by route, in order of time. */
import { COMPARED, type Compared, type Run } from "../model/compare/compare";
import { rowsByRoute } from "./route-summary";
import { RowDurations } from "./row-durations";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

/** Warm-up requests, interference and requests without an end are left out. */
export function comparedRun(store: Store): Run {
  const facts = new RowFacts(store);
  const run = new Map<string, Map<Compared, Float64Array>>();
  for (const [key, rows] of rowsByRoute(store, facts)) {
    const complete = rows.filter((row) => facts.state(row) === "complete");
    const all = new RowDurations(store, complete);
    const durations = new Map<Compared, Float64Array>();
    for (const duration of COMPARED) {
      const values = all.known(duration);
      if (values.length) durations.set(duration, values);
    }
    if (durations.size) run.set(key, durations);
  }
  return run;
}
