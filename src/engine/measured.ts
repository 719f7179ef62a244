/** What a session measured for the queueing model: how long requests keep a worker, and what is not the server's. */
import type { Measured } from "../model/queueing/predict";
import { moments } from "../model/statistics/mean";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

/** Requests that ended, warm-up left out; null where none has the server's whole lane. */
export function measuredOf(store: Store): Measured | null {
  const facts = new RowFacts(store);
  const served: number[] = [];
  const network: number[] = [];
  const queue: number[] = [];
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < store.rows.length; row++) {
    if (store.rows.isEmpty(row) || facts.isWarmup(row) || facts.state(row) !== "complete") continue;
    const service = facts.duration(row, "serverResponse");
    if (Number.isNaN(service)) continue;
    served.push(service);
    const start = facts.stamp(row, "parseStart");
    first = Math.min(first, start);
    last = Math.max(last, start);
    const waited = facts.duration(row, "queue");
    if (!Number.isNaN(waited)) queue.push(waited);
    const outside = facts.duration(row, "network");
    if (!Number.isNaN(outside)) network.push(outside - (Number.isNaN(waited) ? 0 : waited));
  }
  if (!served.length) return null;
  const { mean, deviation } = moments(Float64Array.from(served));
  return {
    requests: served.length,
    demand: { service: mean, variation: mean > 0 ? (deviation / mean) ** 2 : 0 },
    network: network.length ? Math.max(0, moments(Float64Array.from(network)).mean) : 0,
    rate: last > first ? ((served.length - 1) / (last - first)) * 1e6 : 0,
    queue: queue.length ? moments(Float64Array.from(queue)).mean : null,
  };
}
