/** Lanes by concurrency: each request takes the first lane that is free when it starts, as on a checkout's conveyors. */
import { ROWS_A_STEP, type Steps } from "./steps";
import type { Store } from "./store";

/** More at once share the last lane: nobody counts lines beyond. A power of two. */
const MOST_LANES = 1024;

/** Number of the lane, from 0, by row; the number of lanes is how many requests there were at once. */
export function* concurrencyLanes(rows: Uint32Array, store: Store): Steps<(row: number) => number> {
  const { from, to } = yield* store.spine.spanSteps();
  const wanted = new Uint8Array(store.rows.length);
  for (const row of rows) wanted[row] = 1;
  const lanes = new Uint16Array(store.rows.length);
  const free = new FreeLanes();
  // What has no stamp takes no lane from others.
  const all = store.spine.rows();
  for (let at = 0; at < all.length; at++) {
    const row = all[at]!;
    if (at % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
    if (wanted[row] && !Number.isNaN(from[row]!)) lanes[row] = free.take(from[row]!, to[row]!);
  }
  return (row) => lanes[row]!;
}

/** When each lane is free again, as the leaves of a tree of minima: the first free one is found in ten steps. */
class FreeLanes {
  private readonly ends = new Float64Array(2 * MOST_LANES).fill(Number.NEGATIVE_INFINITY);

  take(from: number, to: number): number {
    const { ends } = this;
    let at = 1;
    while (at < MOST_LANES) {
      at *= 2;
      if (!(ends[at]! <= from)) at++;
    }
    const lane = at - MOST_LANES;
    ends[at] = Math.max(to, ends[at]!);
    for (at >>= 1; at > 0; at >>= 1) ends[at] = Math.min(ends[2 * at]!, ends[2 * at + 1]!);
    return lane;
  }
}
