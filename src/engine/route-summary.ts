/** Statistics by route, from columns: what reports and the panel's tables show. */
import type { RouteSummary } from "../model/report";
import { DURATION_KEYS } from "../model/request";
import { type PeakRule, peakLimit } from "../model/statistics/peaks";
import { summarise } from "../model/statistics/summary";
import { RowDurations } from "./row-durations";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

/**
 * Routes by count, the most frequent first. Warm-up requests and interference are left out, and peaks of R C (of R S
 * where no client was measured) by the rule.
 */
export function summariseRoutes(store: Store, rule: PeakRule = "none"): RouteSummary[] {
  const facts = new RowFacts(store);
  return rowsByRoute(store, facts).map(([key, rows]) => {
    if (rule === "none") return summariseRows(store, key, rows);
    const kept = withoutPeaks(facts, rows, rule);
    return { ...summariseRows(store, key, kept), count: rows.length, peaks: { rule, kept: kept.length } };
  });
}

/** Rows in order of time, the most frequent route first; without warm-up requests and interference. */
export function rowsByRoute(store: Store, facts: RowFacts): [key: string, rows: number[]][] {
  const routes = new Map<number, number[]>();
  for (const row of store.spine.rows()) {
    if (store.rows.isEmpty(row) || facts.isWarmup(row) || facts.isInterference(row)) continue;
    const key = store.spine.routeOf(row);
    const rows = routes.get(key);
    if (rows) rows.push(row);
    else routes.set(key, [row]);
  }
  return [...routes]
    .map(([key, rows]): [string, number[]] => [store.routes.text(key), rows])
    .sort(([a, rowsOfA], [b, rowsOfB]) => rowsOfB.length - rowsOfA.length || (a < b ? -1 : 1));
}

function withoutPeaks(facts: RowFacts, rows: readonly number[], rule: PeakRule): number[] {
  const whole = (row: number): number => {
    const client = facts.duration(row, "clientResponse");
    return Number.isNaN(client) ? facts.duration(row, "serverResponse") : client;
  };
  const limit = peakLimit(Float64Array.from(rows, whole), rule);
  return rows.filter((row) => !(whole(row) > limit));
}

function summariseRows(store: Store, key: string, rows: readonly number[]): RouteSummary {
  const summary: RouteSummary = { key, count: rows.length };
  const durations = new RowDurations(store, rows);
  for (const duration of DURATION_KEYS) {
    const values = durations.known(duration);
    if (values.length > 0) summary[duration] = summarise(values);
  }
  return summary;
}
