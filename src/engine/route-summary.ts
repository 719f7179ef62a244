/** Statistics by route, from columns: what reports and the panel's tables show. */
import type { RouteSummary } from "../model/report";
import { DURATION_KEYS } from "../model/request";
import { summarise } from "../model/statistics/summary";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

/** Routes by count, the most frequent first. Warm-up requests and interference are left out. */
export function summariseRoutes(store: Store): RouteSummary[] {
  const facts = new RowFacts(store);
  store.spine.rows();
  const routes = new Map<number, number[]>();
  for (let row = 0; row < store.rows.length; row++) {
    if (store.rows.isEmpty(row) || facts.isWarmup(row) || facts.isInterference(row)) continue;
    const key = store.spine.routeOf(row);
    const rows = routes.get(key);
    if (rows) rows.push(row);
    else routes.set(key, [row]);
  }
  return [...routes]
    .map(([key, rows]) => [store.routes.text(key), rows] as const)
    .sort(([a, rowsOfA], [b, rowsOfB]) => rowsOfB.length - rowsOfA.length || (a < b ? -1 : 1))
    .map(([key, rows]) => summariseRows(facts, key, rows));
}

function summariseRows(facts: RowFacts, key: string, rows: readonly number[]): RouteSummary {
  const summary: RouteSummary = { key, count: rows.length };
  for (const duration of DURATION_KEYS) {
    const values = new Float64Array(rows.length);
    let known = 0;
    for (const row of rows) {
      const value = facts.duration(row, duration);
      if (!Number.isNaN(value)) values[known++] = value;
    }
    if (known > 0) summary[duration] = summarise(values.subarray(0, known));
  }
  return summary;
}
