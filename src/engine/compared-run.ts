/** One session as a side of a comparison: durations by route, in order of time. */
import { COMPARED, type Compared, type Run } from "../model/compare/run";
import { RowColumns } from "./row-columns";
import { completeOf, countedRows, groupRows } from "./row-groups";
import type { Store } from "./store";

/** Warm-up requests, interference and requests without an end are left out. */
export function comparedRun(store: Store): Run {
  const run = new Map<string, Map<Compared, Float64Array>>();
  for (const { key, rows } of groupRows(store, completeOf(store, countedRows(store)), "route")) {
    const columns = new RowColumns(store, rows);
    const durations = new Map<Compared, Float64Array>();
    for (const duration of COMPARED) {
      const values = columns.duration(duration).filter((value) => !Number.isNaN(value));
      if (values.length) durations.set(duration, values);
    }
    if (durations.size) run.set(key, durations);
  }
  return run;
}
