/** Lanes by concurrency: each request takes the first lane that is free when it starts, as on a checkout's conveyors. */
import { Axis } from "./axis";
import { rowSpan } from "./row-span";
import type { Store } from "./store";

/** More at once share the last lane: nobody counts lines beyond, and the search for a free one must end. */
const MOST_LANES = 1_000;

/** Number of the lane, from 0, by row; the number of lanes is how many requests there were at once. */
export function concurrencyLanes(rows: Uint32Array, store: Store): (row: number) => number {
  const axis = new Axis(store);
  const wanted = new Uint8Array(store.rows.length);
  for (const row of rows) wanted[row] = 1;
  const lanes = new Uint16Array(store.rows.length);
  const ends: number[] = [];
  for (const row of store.spine.rows()) {
    if (!wanted[row]) continue;
    const [from, to] = rowSpan(store, axis, row);
    let lane = ends.findIndex((end) => end <= from);
    if (lane < 0) lane = Math.min(ends.length, MOST_LANES - 1);
    ends[lane] = Math.max(to, ends[lane] ?? 0);
    lanes[row] = lane;
  }
  return (row) => lanes[row]!;
}
