/** Statistics by route, from columns: what reports and the panel's tables show. */
import type { RouteSummary } from "../model/report";
import { DURATION_KEYS, type DurationKey } from "../model/request";
import { type PeakRule, peakLimit } from "../model/statistics/peaks";
import { summarise } from "../model/statistics/summary";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

/**
 * Routes by count, the most frequent first. Warm-up requests and interference are left out, and peaks of R C (of R S
 * where no client was measured) by the rule.
 */
export function summariseRoutes(store: Store, rule: PeakRule = "none"): RouteSummary[] {
  const facts = new RowFacts(store);
  return rowsByRoute(store, facts).map(([key, rows]) => {
    if (rule === "none") return summariseRows(facts, key, rows);
    const kept = withoutPeaks(facts, rows, rule);
    return { ...summariseRows(facts, key, kept), count: rows.length, peaks: { rule, kept: kept.length } };
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

/** Known values of one duration, in the order of the rows. */
export function valuesOf(facts: RowFacts, rows: readonly number[], duration: DurationKey): Float64Array {
  const values = new Float64Array(rows.length);
  let known = 0;
  for (const row of rows) {
    const value = facts.duration(row, duration);
    if (!Number.isNaN(value)) values[known++] = value;
  }
  return values.subarray(0, known);
}

function summariseRows(facts: RowFacts, key: string, rows: readonly number[]): RouteSummary {
  const summary: RouteSummary = { key, count: rows.length };
  for (const duration of DURATION_KEYS) {
    const values = valuesOf(facts, rows, duration);
    if (values.length > 0) summary[duration] = summarise(values);
  }
  return summary;
}
