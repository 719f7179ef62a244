/** What a session measured for the queueing model: how long requests keep a worker, and what is not the server's. */
import type { Measured } from "../model/queueing/predict";
import { moments } from "../model/statistics/mean";
import { RowColumns } from "./row-columns";
import { completeOf } from "./row-groups";
import type { Store } from "./store";

/** Requests that ended, warm-up left out; null where none has the server's whole lane. */
export function measuredOf(store: Store): Measured | null {
  // Requests that are not the probe's kept the workers busy, too.
  const rows = store.spine.rows();
  const warmup = new RowColumns(store, rows).client("warmup");
  const columns = new RowColumns(
    store,
    completeOf(
      store,
      rows.filter((_, at) => warmup[at] !== 1),
    ),
  );
  const service = columns.duration("serverResponse");
  const served = known(service);
  if (!served.length) return null;
  const began = columns.serverTime("parseStart");
  const [queue, network] = [columns.duration("queue"), columns.duration("network")];
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < service.length; at++) {
    if (Number.isNaN(service[at]!)) {
      queue[at] = Number.NaN;
      continue;
    }
    first = Math.min(first, began[at]!);
    last = Math.max(last, began[at]!);
    // A wait that is not known is part of the network.
    if (!Number.isNaN(queue[at]!)) network[at]! -= queue[at]!;
  }
  const { mean, deviation } = moments(served);
  const [waited, outside] = [known(queue), known(network)];
  return {
    requests: served.length,
    demand: { service: mean, variation: mean > 0 ? (deviation / mean) ** 2 : 0 },
    network: outside.length ? Math.max(0, moments(outside).mean) : 0,
    rate: last > first ? ((served.length - 1) / (last - first)) * 1e6 : 0,
    queue: waited.length ? moments(waited).mean : null,
  };
}

const known = (values: Float64Array): Float64Array => values.filter((value) => !Number.isNaN(value));
