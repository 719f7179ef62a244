/** Rows apart by route or by URL, and the filter's terms that choose each. */
import type { Choice, SeriesKey } from "../../protocol/charts";
import { paced } from "../steps";
import type { Chosen } from "./chosen";

/** The most frequent series first, with its rows in their order. */
export function seriesOf({ store, facts, measured }: Chosen, by: SeriesKey): [series: number, rows: number[]][] {
  const series = new Map<number, number[]>();
  for (const row of paced(measured)) {
    const key = by === "route" ? store.spine.routeOf(row) : facts.shared(row, "target");
    const rows = series.get(key);
    if (rows) rows.push(row);
    else series.set(key, [row]);
  }
  // Of equally many the one that came first: the order does not jump while one looks at it.
  return [...series].sort(([, a], [, b]) => b.length - a.length);
}

export function choiceOf({ store, facts }: Chosen, by: SeriesKey, rows: readonly number[]): Choice {
  const row = rows[0]!;
  const target = facts.target(row);
  if (by === "url") return { key: target, filter: term("target", target), count: rows.length };
  const route = facts.route(row);
  const place = route === null ? term("path", target.replace(/\?.*$/s, "")) : term("route", route);
  const method = facts.method(row);
  return {
    key: store.routes.text(store.spine.routeOf(row)),
    filter: method === "" ? place : `${term("method", method)} ${place}`,
    count: rows.length,
  };
}

/** A value with a quotation mark cannot be written; the wildcard matches it, and little else. */
function term(key: string, value: string): string {
  const written = value.replaceAll('"', "*");
  return /\s/.test(written) || written === "" ? `${key}:"${written}"` : `${key}:${written}`;
}
