/** One session as a side of a comparison: durations by route, in order of time. */
import { COMPARED, type Compared, type Run } from "../model/compare/compare";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

/** Warm-up requests, interference and requests without an end are left out. */
export function comparedRun(store: Store): Run {
  const facts = new RowFacts(store);
  const routes = new Map<number, number[]>();
  for (const row of inOrderOfTime(store)) {
    if (facts.isWarmup(row) || facts.isInterference(row) || facts.state(row) !== "complete") continue;
    const key = store.routes.number(row);
    const rows = routes.get(key);
    if (rows) rows.push(row);
    else routes.set(key, [row]);
  }
  const run = new Map<string, Map<Compared, Float64Array>>();
  for (const [key, rows] of routes) {
    const durations = new Map<Compared, Float64Array>();
    for (const duration of COMPARED) {
      const values = Float64Array.from(rows, (row) => facts.duration(row, duration)).filter((v) => !Number.isNaN(v));
      if (values.length) durations.set(duration, values);
    }
    if (durations.size) run.set(store.routes.text(key), durations);
  }
  return run;
}

/** Rows by their client's first stamp, else by their server's: each side's own clock is in order. */
function inOrderOfTime(store: Store): Uint32Array {
  const { rows, client, server } = store;
  const starts = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const record = rows.client(row);
    starts[row] = Number.isNaN(record) ? server.start(rows.server(row)) : client.start(record);
  }
  const order = Uint32Array.from(starts.keys()).filter((row) => !rows.isEmpty(row));
  return order.sort((a, b) => starts[a]! - starts[b]! || a - b);
}
