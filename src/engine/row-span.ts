/** First and last stamp of a row. */
import type { Axis } from "./axis";
import { CLIENT_TIMES, SERVER_TIMES } from "./fields";
import type { Store } from "./store";

/** Last known stamp of one side, µs since the epoch on its own clock; NaN where the row has no such side. */
export function lastStamp(store: Store, side: "client" | "server", row: number): number {
  const record = store.rows[side](row);
  if (Number.isNaN(record)) return record;
  // Nearly always the mark that ends it, which is no earlier than the others.
  const end = side === "client" ? store.client.time(record, "responseEnd") : store.server.time(record, "sendEnd");
  if (!Number.isNaN(end)) return end;
  let last = Number.NEGATIVE_INFINITY;
  if (side === "client") for (const key of CLIENT_TIMES) last = later(last, store.client.time(record, key));
  else for (const key of SERVER_TIMES) last = later(last, store.server.time(record, key));
  return last === Number.NEGATIVE_INFINITY ? Number.NaN : last;
}

/** NaN is unknown: Math.max would keep it. */
const later = (last: number, stamp: number): number => (stamp > last ? stamp : last);

/** First stamp of a row on the axis, µs since the epoch; NaN where it has none. */
export function rowStart(store: Store, axis: Axis, row: number): number {
  const client = store.rows.client(row);
  if (!Number.isNaN(client)) {
    const { client: table } = store;
    const fetched = table.time(client, "fetchStart");
    const start = Number.isNaN(fetched) ? table.start(client) : Math.min(fetched, table.start(client));
    return start - axis.client(client);
  }
  const server = store.rows.server(row);
  return store.server.start(server) - axis.serverStart(server);
}
