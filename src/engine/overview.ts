/** The whole session in a few hundred buckets: R C (R S where there is no client) by start, with its extremes. */
import { quantileSorted } from "../model/statistics/quantile";
import type { Overview } from "../protocol/messages";
import { finish, type Steps } from "./steps";
import type { Store } from "./store";

/** The 95th percentile of a bucket of more is that of so many of them, evenly taken; extremes are always those of all. */
const SAMPLED = 1024;

/** Buckets in a step: a few milliseconds. */
const BUCKETS_A_STEP = 32;

/**
 * `from` and `to` are µs relative to the session's base. Where rows move in between it is begun anew, in one step: a
 * recording must not starve it.
 */
export function* overview(store: Store, from: number, to: number, buckets: number): Steps<Overview> {
  const { spine } = store;
  yield* spine.rowSteps();
  spine.rows();
  const { changes } = spine;
  const base = Number.isNaN(store.base) ? 0 : store.base;
  const width = (to - from) / buckets;
  const made: Overview = {
    from,
    to,
    buckets,
    count: new Uint32Array(buckets),
    errors: new Uint32Array(buckets),
    min: new Float32Array(buckets).fill(Number.NaN),
    p95: new Float32Array(buckets).fill(Number.NaN),
    max: new Float32Array(buckets).fill(Number.NaN),
  };
  let end = spine.firstFrom(base + from);
  for (let bucket = 0; bucket < buckets; bucket++) {
    if (bucket % BUCKETS_A_STEP === BUCKETS_A_STEP - 1) yield;
    if (spine.changes !== changes) return finish(overview(store, from, to, buckets));
    // Where one bucket ends the next begins, however its edge is rounded. The last one has its end in it: the span's
    // last request starts there.
    const first = end;
    end = spine.firstFrom(bucket === buckets - 1 ? base + to + 1 : base + from + (bucket + 1) * width);
    if (first === end) continue;
    const { min, max, marked } = spine.summary(first, end);
    made.count[bucket] = end - first;
    made.errors[bucket] = marked;
    made.min[bucket] = min;
    made.max[bucket] = max;
    made.p95[bucket] = quantileSorted(spine.sample(first, end, SAMPLED), 0.95);
  }
  return made;
}
