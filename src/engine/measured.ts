/** What a session measured for the queueing model: how long requests keep a worker, and what is not the server's. */
import type { Measured } from "../model/queueing/predict";
import { moments } from "../model/statistics/mean";
import { RowDurations } from "./row-durations";
import { COMPLETE } from "./row-groups";
import { slicesOf } from "./row-slices";
import type { Store } from "./store";

/**
 * Of the rows that ended, warm-up left out; null where none has the server's whole lane. All rows unless others are named:
 * requests that are not the probe's kept the workers busy, too.
 */
export function measuredOf(store: Store, rows: Uint32Array = store.spine.rows()): Measured | null {
  const [served, waited, outside] = [new Known(rows.length), new Known(rows.length), new Known(rows.length)];
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const columns of slicesOf(store, rows)) {
    const [states, warmup] = [columns.states(), columns.client("warmup")];
    const durations = new RowDurations(store, columns.rows);
    const [service, began] = [durations.all("serverResponse"), durations.serverTime("parseStart")];
    const [queue, network] = [durations.all("queue"), durations.all("network")];
    for (let at = 0; at < service.length; at++) {
      if (states[at] !== COMPLETE || warmup[at] === 1 || Number.isNaN(service[at]!)) continue;
      served.add(service[at]!);
      waited.add(queue[at]!);
      // A wait that is not known is part of the network.
      outside.add(Number.isNaN(queue[at]!) ? network[at]! : network[at]! - queue[at]!);
      if (began[at]! < first) first = began[at]!;
      if (began[at]! > last) last = began[at]!;
    }
  }
  if (!served.values.length) return null;
  const { count, mean, deviation } = moments(served.values);
  return {
    requests: count,
    demand: { service: mean, variation: mean > 0 ? (deviation / mean) ** 2 : 0 },
    network: outside.values.length ? Math.max(0, moments(outside.values).mean) : 0,
    rate: last > first ? ((count - 1) / (last - first)) * 1e6 : 0,
    queue: waited.values.length ? moments(waited.values).mean : null,
  };
}

/** Known values of so many at most, µs. */
class Known {
  private readonly all: Float64Array;
  private count = 0;

  constructor(most: number) {
    this.all = new Float64Array(most);
  }

  add(value: number): void {
    if (!Number.isNaN(value)) this.all[this.count++] = value;
  }

  get values(): Float64Array {
    return this.all.subarray(0, this.count);
  }
}
