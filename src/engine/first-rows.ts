/** The first rows of an order, before all of them are in order: in one pass over their keys. */
import { inSteps, STEP, type Steps } from "./steps";

/** Two pages of a window: what a screen shows, with some to scroll. */
export const FIRST_ROWS = 128;
/** So many keys, evenly taken, say about where the first ones end; and so many more of them than it should need are taken. */
const SAMPLED = 1024;
const SPARE = 8;

/**
 * The first rows in the order in which `sortSteps` has them: about `FIRST_ROWS`, fewer where the keys that were looked at
 * first misled, never others.
 */
export function* firstSteps(rows: Uint32Array, keys: Float64Array, descending: boolean): Steps<Uint32Array> {
  const direction = descending ? -1 : 1;
  const limit = limitOf(keys, direction);
  const before: number[] = [];
  const equal: number[] = [];
  const unknown: number[] = [];
  let isAll = true;
  yield* inSteps(keys.length, STEP, (from, to) => {
    for (let at = from; at < to; at++) {
      const key = direction * keys[at]!;
      if (key < limit) before.push(at);
      else if (key > limit) isAll = false;
      else {
        const others = key === limit ? equal : unknown;
        if (others.length < FIRST_ROWS) others.push(at);
      }
    }
  });
  before.sort((a, b) => direction * (keys[a]! - keys[b]!) || a - b);
  const first = before.concat(equal);
  // What is unknown stands behind all that is known.
  if (isAll) first.push(...unknown);
  return Uint32Array.from(first.slice(0, FIRST_ROWS), (at) => rows[at]!);
}

/** A key that a few more than the first rows do not exceed, as far as a sample tells. */
function limitOf(keys: Float64Array, direction: number): number {
  const step = Math.max(1, keys.length / SAMPLED);
  const sample: number[] = [];
  for (let at = 0; at < keys.length; at += step) {
    const key = direction * keys[Math.floor(at)]!;
    if (!Number.isNaN(key)) sample.push(key);
  }
  sample.sort((a, b) => a - b);
  return sample[Math.ceil(FIRST_ROWS / step) + SPARE] ?? Number.POSITIVE_INFINITY;
}
