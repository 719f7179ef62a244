/** The whole session in a few hundred buckets: R C (R S where there is no client) by start, with its extremes. */
import { quantileSorted } from "../model/statistics/quantile";
import type { Overview } from "../protocol/messages";
import { Axis } from "./axis";
import { rowStart } from "./order";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

/** R C, else R S, µs; NaN where neither is known. */
export function responseTime(facts: RowFacts, row: number): number {
  const client = facts.duration(row, "clientResponse");
  return Number.isNaN(client) ? facts.duration(row, "serverResponse") : client;
}

export function overview(store: Store, from: number, to: number, buckets: number): Overview {
  const facts = new RowFacts(store);
  const axis = new Axis(store);
  const width = (to - from) / buckets;
  const values: number[][] = Array.from({ length: buckets }, () => []);
  const count = new Uint32Array(buckets);
  const errors = new Uint32Array(buckets);
  for (let row = 0; row < store.rows.length; row++) {
    const start = rowStart(store, axis, row) - store.base;
    if (!(start >= from && start <= to)) continue;
    const bucket = Math.min(buckets - 1, Math.floor((start - from) / width));
    count[bucket]!++;
    if (facts.isFailure(row)) errors[bucket]!++;
    const value = responseTime(facts, row);
    if (!Number.isNaN(value)) values[bucket]!.push(value);
  }
  const sorted = values.map((bucket) => Float64Array.from(bucket).sort());
  return {
    from,
    to,
    buckets,
    count,
    errors,
    min: Float32Array.from(sorted, (bucket) => bucket[0] ?? Number.NaN),
    p95: Float32Array.from(sorted, (bucket) => quantileSorted(bucket, 0.95)),
    max: Float32Array.from(sorted, (bucket) => bucket.at(-1) ?? Number.NaN),
  };
}
