/** A request of either session, for the picture of both on one axis. */
import type { RequestIndex, RequestPair } from "../protocol/messages";
import { RowFacts } from "./row-facts";
import { paced } from "./steps";
import type { Store } from "./store";
import { cutRow } from "./window";

/** Which request of a route: one that is named, or the one at a quantile of R C. */
export type Wanted = { index: RequestIndex } | { quantile: number };

/** Null where one of the sessions has no such request. */
export function requestPair(base: Store, other: Store, route: string, wanted: Wanted): RequestPair | null {
  const named = "index" in wanted ? wanted.index : null;
  const key = named === null ? route : routeText(other, named);
  const [before, after] = [byDuration(base, key), byDuration(other, key)];
  const quantile = "quantile" in wanted ? wanted.quantile : place(other, after, wanted.index);
  const [first, second] = [at(before, quantile), named ?? at(after, quantile)];
  if (first === undefined || second === undefined) return null;
  return { route: key, base: cutRow(base, first), other: cutRow(other, second) };
}

const routeText = (store: Store, row: number): string => {
  store.spine.rows();
  return store.routes.text(store.spine.routeOf(row));
};

/** Complete requests of a route, the fastest first; those of a warm-up stand for nothing. */
function byDuration(store: Store, route: string): number[] {
  const facts = new RowFacts(store);
  const found: { row: number; duration: number }[] = [];
  let other = Number.NaN;
  let wanted = Number.NaN;
  for (const row of paced(store.spine.rows())) {
    const number = store.spine.routeOf(row);
    // Neighbours are often of one route: its text is not looked at again.
    if (number !== wanted && number !== other) {
      if (store.routes.text(number) === route) wanted = number;
      else other = number;
    }
    if (number !== wanted || facts.state(row) !== "complete" || facts.isWarmup(row)) continue;
    const duration = facts.responseTime(row);
    if (duration >= 0) found.push({ row, duration });
  }
  return found.sort((a, b) => a.duration - b.duration).map(({ row }) => row);
}

const at = (rows: readonly number[], quantile: number): number | undefined =>
  rows[Math.min(rows.length - 1, Math.floor(quantile * rows.length))];

/** The quantile at which a request stands in its own session; the middle for one that has no duration yet. */
function place(store: Store, rows: readonly number[], row: number): number {
  const facts = new RowFacts(store);
  const own = facts.responseTime(row);
  if (!(own >= 0) || rows.length === 0) return 0.5;
  return rows.filter((one) => facts.responseTime(one) < own).length / rows.length;
}
