/**
 * Pairs → bounds on the offset in order of the client's clock. Each direction of a request gives one bound, at one
 * moment of the client's clock: what the server saw at `received` had left at `sent`, so the offset at `sent` is at
 * most received − sent; what the client saw at `seen` had left at `answered`, so the offset at `seen` is at least
 * answered − seen.
 */

/** Stamps of paired requests in µs, each on its own clock; NaN where unknown. Equal lengths, any order. */
export interface Exchanges {
  /** T1, client: just before the request's first byte is handed over (`requestStart`). */
  sent: Float64Array;
  /** T2, server: after the first byte is there (`parseStart`). */
  received: Float64Array;
  /** T3, server: just before the response's first byte is handed over (`processEnd`). */
  answered: Float64Array;
  /** T4, client: after the first byte is there (`responseStart`). */
  seen: Float64Array;
}

export const LOWER = 0;
export const UPPER = 1;
export type Side = typeof LOWER | typeof UPPER;

/** Bounds in time order. An upper bound is kept negated, so that both sides are lower bounds and share their code. */
export interface BoundEvents {
  count: number;
  /** µs on the client's clock. */
  time: Float64Array;
  /** The offset is at least `value` (LOWER), or at most −`value` (UPPER). */
  value: Float64Array;
  side: Uint8Array;
  /** Index into the exchanges. */
  pair: Uint32Array;
}

export const lowerBound = (of: Exchanges, pair: number, grain: number): number =>
  of.answered[pair]! - of.seen[pair]! - grain;
export const negatedUpperBound = (of: Exchanges, pair: number, grain: number): number =>
  of.sent[pair]! - of.received[pair]! - grain;

/** `grain` is the coarser clock's step, µs: it covers stamps that were cut and stamps that were rounded. */
export function boundEvents(of: Exchanges, grain: number): BoundEvents {
  const lower = sortedBounds([of.seen, of.answered, of.received, of.sent]);
  const upper = sortedBounds([of.sent, of.received, of.answered, of.seen]);
  const count = lower.length + upper.length;
  const events: BoundEvents = {
    count,
    time: new Float64Array(count),
    value: new Float64Array(count),
    side: new Uint8Array(count),
    pair: new Uint32Array(count),
  };
  const { sent, received, answered, seen } = of;
  let l = 0;
  let u = 0;
  for (let i = 0; i < count; i++) {
    const takeUpper = l === lower.length || (u < upper.length && sent[upper[u]!]! <= seen[lower[l]!]!);
    const pair = takeUpper ? upper[u++]! : lower[l++]!;
    events.side[i] = takeUpper ? UPPER : LOWER;
    events.pair[i] = pair;
    events.time[i] = takeUpper ? sent[pair]! : seen[pair]!;
    events.value[i] = (takeUpper ? sent[pair]! - received[pair]! : answered[pair]! - seen[pair]!) - grain;
  }
  return events;
}

/** Pairs that have the first two stamps, by all four: so that the order of the pairs in the log does not matter. */
function sortedBounds(stamps: readonly Float64Array[]): Uint32Array {
  const [time, peer] = stamps as [Float64Array, Float64Array];
  const pairs = new Uint32Array(time.length);
  let count = 0;
  for (let pair = 0; pair < time.length; pair++) if (!Number.isNaN(time[pair]! + peer[pair]!)) pairs[count++] = pair;
  return mergeSort(pairs.subarray(0, count), (a, b) => {
    const apart = time[b]! - time[a]!;
    if (apart !== 0) return apart > 0;
    for (const stamp of stamps)
      if (!Object.is(stamp[a], stamp[b])) return stamp[a]! < stamp[b]! || Number.isNaN(stamp[a]!);
    return true;
  });
}

/** Bottom-up and stable; a comparator handed to the typed array's own sort is ten times slower on ordered input. */
function mergeSort(items: Uint32Array, ordered: (a: number, b: number) => boolean): Uint32Array {
  if (isSorted(items, ordered)) return items;
  let from = items;
  let to: Uint32Array = new Uint32Array(items.length);
  for (let width = 1; width < items.length; width *= 2) {
    for (let start = 0; start < items.length; start += 2 * width) {
      const middle = Math.min(start + width, items.length);
      const end = Math.min(start + 2 * width, items.length);
      if (middle >= end || ordered(from[middle - 1]!, from[middle]!)) {
        to.set(from.subarray(start, end), start);
        continue;
      }
      for (let i = start, j = middle, k = start; k < end; k++)
        to[k] = j >= end || (i < middle && ordered(from[i]!, from[j]!)) ? from[i++]! : from[j++]!;
    }
    [from, to] = [to, from];
  }
  return from;
}

function isSorted(items: Uint32Array, ordered: (a: number, b: number) => boolean): boolean {
  for (let i = 1; i < items.length; i++) if (!ordered(items[i - 1]!, items[i]!)) return false;
  return true;
}
