/** What a session measured for the queueing model: how long requests keep a worker, and what is not the server's. */
import type { Measured } from "../model/queueing/predict";
import { meanOfKnown, moments } from "../model/statistics/mean";
import { RowDurations } from "./row-durations";
import { COMPLETE } from "./row-groups";
import { slicesOf } from "./row-slices";
import type { Store } from "./store";

/** Of requests that the server answered to their end, warm-up left out, one after the other: µs, NaN where unknown. */
export interface Served {
  service: Float64Array;
  queue: Float64Array;
  /** R C − R S − queue. */
  outside: Float64Array;
  began: Float64Array;
}

export function servedOf(store: Store, rows: Uint32Array): Served {
  const column = (): Float64Array => new Float64Array(rows.length);
  const served: Served = { service: column(), queue: column(), outside: column(), began: column() };
  let count = 0;
  for (const columns of slicesOf(store, rows)) {
    const [states, warmup] = [columns.states(), columns.client("warmup")];
    const durations = new RowDurations(store, columns.rows);
    const [service, began] = [durations.all("serverResponse"), durations.serverTime("parseStart")];
    const [queue, network] = [durations.all("queue"), durations.all("network")];
    for (let at = 0; at < service.length; at++) {
      if (states[at] !== COMPLETE || warmup[at] === 1 || Number.isNaN(service[at]!)) continue;
      served.service[count] = service[at]!;
      served.queue[count] = queue[at]!;
      // A wait that is not known is part of the network.
      served.outside[count] = Number.isNaN(queue[at]!) ? network[at]! : network[at]! - queue[at]!;
      served.began[count++] = began[at]!;
    }
  }
  return partOf(served, 0, count);
}

export const partOf = ({ service, queue, outside, began }: Served, from: number, to: number): Served => ({
  service: service.subarray(from, to),
  queue: queue.subarray(from, to),
  outside: outside.subarray(from, to),
  began: began.subarray(from, to),
});

/** Null where there is none. */
export function measuredIn({ service, queue, outside, began }: Served): Measured | null {
  if (!service.length) return null;
  const { count, mean, deviation } = moments(service);
  const waited = meanOfKnown(queue);
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < began.length; at++) {
    const time = began[at]!;
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return {
    requests: count,
    demand: { service: mean, variation: mean > 0 ? (deviation / mean) ** 2 : 0 },
    network: Math.max(0, meanOfKnown(outside) || 0),
    rate: last > first ? ((count - 1) / (last - first)) * 1e6 : 0,
    queue: Number.isNaN(waited) ? null : waited,
  };
}

/** Of all rows: requests that are not the probe's kept the workers busy, too. */
export const measuredOf = (store: Store): Measured | null => measuredIn(servedOf(store, store.spine.rows()));
