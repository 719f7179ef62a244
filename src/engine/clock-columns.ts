/** What to subtract from the server's stamps of many requests at once: the same as `Clocks.offset` gives of one. */
import { type Alignment, offsetsOf } from "../model/alignment";
import type { Role } from "../model/record";
import type { Store } from "./store";

/** µs; NaN where there is no pair or nothing is known of its clocks. */
export interface Corrections {
  up: Float64Array;
  down: Float64Array;
  uncertainty: Float64Array;
  /** 1 where the offset is known, not estimated. */
  exact: Uint8Array;
}

/** When requests were sent and received, and their responses sent and seen: each on its own clock, µs since the epoch. */
export type Exchanged = Readonly<Record<"sent" | "received" | "answered" | "seen", Float64Array>>;

/** `rows` have these records, and these times. */
export function correctionsOf(
  store: Store,
  rows: Uint32Array,
  { client: clients, server: servers }: Readonly<Record<Role, Uint32Array>>,
  { sent, received, answered, seen }: Exchanged,
): Corrections {
  const { length } = rows;
  const unknown = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  const found = { up: unknown(), down: unknown(), uncertainty: unknown(), exact: new Uint8Array(length) };
  const clientLogs = store.client.column("log").gather(clients);
  const serverLogs = store.server.column("log").gather(servers);
  const byOrder = store.rows.byOrder(rows);
  let [lastClient, lastServer] = [Number.NaN, Number.NaN];
  let known: Known | null = null;
  for (let at = 0; at < length; at++) {
    const client = clientLogs[at]!;
    const server = serverLogs[at]!;
    if (Number.isNaN(client) || Number.isNaN(server)) continue;
    // Neighbours are nearly always of the same two logs.
    if (client !== lastClient || server !== lastServer) {
      known = knownOf(store, server, client);
      [lastClient, lastServer] = [client, server];
    }
    if (!known) continue;
    if (known.exact && !byOrder[at]) {
      const { offset, uncertainty } = known.exact;
      const up = received[at]! - sent[at]!;
      const down = answered[at]! - seen[at]!;
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
