/** The slowest requests of a session by R C, else R S; without warm-up. */
import type { TimelineRequest } from "../model/request";
import { assemble } from "./request";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

/** Rows, the slowest first. `among`: others than all. */
export function slowestRows(store: Store, most: number, among: Iterable<number> = store.spine.rows()): number[] {
  const facts = new RowFacts(store);
  const timed = Array.from(among, (row) => ({ row, time: facts.responseTime(row) }));
  return timed
    .filter(({ row, time }) => !Number.isNaN(time) && !facts.isWarmup(row))
    .sort((a, b) => b.time - a.time || a.row - b.row)
    .slice(0, most)
    .map(({ row }) => row);
}

export const slowestRequests = (store: Store, most: number): TimelineRequest[] =>
  slowestRows(store, most).map((row) => assemble(store, row));
