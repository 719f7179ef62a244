/** What to subtract from the server's stamps of many requests at once: the same as `Clocks.offset` gives of one. */
import { type Alignment, offsetsOf } from "../model/alignment";
import type { Store } from "./store";

/** µs; NaN where there is no pair or nothing is known of its clocks. */
export interface Corrections {
  up: Float64Array;
  down: Float64Array;
  uncertainty: Float64Array;
  /** 1 where the offset is known, not estimated. */
  exact: Uint8Array;
}

/** `rows` have these records. */
export function correctionsOf(
  store: Store,
  rows: ArrayLike<number>,
  clients: Uint32Array,
  servers: Uint32Array,
): Corrections {
  const { length } = rows;
  const unknown = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  const found = { up: unknown(), down: unknown(), uncertainty: unknown(), exact: new Uint8Array(length) };
  const [clientLogs, serverLogs] = [store.client, store.server].map((table, side) =>
    table.column("log").gather(side === 0 ? clients : servers),
  ) as [Float64Array, Float64Array];
  const sent = store.client.timesOf(clients, "requestStart");
  const seen = store.client.timesOf(clients, "responseStart");
  const received = store.server.timesOf(servers, "parseStart");
  const answered = store.server.timesOf(servers, "processEnd");
  const alignments = new Map<number, Known | null>();
  for (let at = 0; at < length; at++) {
    const [client, server] = [clientLogs[at]!, serverLogs[at]!];
    if (Number.isNaN(client) || Number.isNaN(server)) continue;
    const key = server * 2 ** 24 + client;
    let known = alignments.get(key);
    if (known === undefined) {
      known = knownOf(store, server, client);
      alignments.set(key, known);
    }
    if (!known) continue;
    if (known.exact && store.rows.pairing(rows[at]!) !== "order") {
      const { offset, uncertainty } = known.exact;
      const [up, down] = [received[at]! - sent[at]!, answered[at]! - seen[at]!];
      found.up[at] = Math.round(up < offset ? up : offset);
      found.down[at] = Math.round(down > offset ? down : offset);
      found.uncertainty[at] = uncertainty;
      found.exact[at] = 1;
      continue;
    }
    const own = store.clocks.offset(clients[at]!, servers[at]!);
    if (!own) continue;
    found.up[at] = own.up;
    found.down[at] = own.down;
    found.uncertainty[at] = own.uncertainty;
    found.exact[at] = own.exact ? 1 : 0;
  }
  return found;
}

interface Known {
  /** The same at any time, where the two share a clock; null where it must be asked for request by request. */
  exact: { offset: number; uncertainty: number } | null;
}

function knownOf(store: Store, server: number, client: number): Known | null {
  const alignment: Alignment | null = store.clocks.alignment(store.parts[server]!, store.parts[client]!);
  if (!alignment || alignment.quality === "none") return null;
  if (alignment.quality !== "exact") return { exact: null };
  const { up } = offsetsOf(alignment, Number.NaN, Number.NaN, Number.NaN, Number.NaN);
  return { exact: { offset: up.offset, uncertainty: Math.ceil(up.uncertainty) } };
}
