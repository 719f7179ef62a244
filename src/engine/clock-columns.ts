/** What to subtract from the server's stamps of many requests at once: the same as `Clocks.offset` gives of one. */
import { type Alignment, offsetsOf } from "../model/alignment";
import type { Role } from "../model/record";
import type { Store } from "./store";

/** When requests were sent and received, and their responses sent and seen: each on its own clock, µs since the epoch. */
export type Exchanged = Readonly<Record<"sent" | "received" | "answered" | "seen", () => Float64Array>>;

/** µs; NaN where there is no pair or nothing is known of its clocks. A direction is worked out when it is asked for. */
export class Corrections {
  readonly uncertainty: Float64Array;
  /** 1 where the offset is known, not estimated. */
  readonly exact: Uint8Array;
  /** The one offset of those whose logs share a clock. */
  private readonly offsets: Float64Array;
  private readonly ups: Float64Array;
  private readonly downs: Float64Array;
  private areUpsKnown = false;
  private areDownsKnown = false;

  /** `rows` have these records, and these times. */
  constructor(
    store: Store,
    rows: Uint32Array,
    { client: clients, server: servers }: Readonly<Record<Role, Uint32Array>>,
    private readonly exchanged: Exchanged,
  ) {
    const { length } = rows;
    const unknown = (): Float64Array => new Float64Array(length).fill(Number.NaN);
    this.uncertainty = unknown();
    this.exact = new Uint8Array(length);
    this.offsets = unknown();
    this.ups = unknown();
    this.downs = unknown();
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
        this.offsets[at] = known.exact.offset;
        this.uncertainty[at] = known.exact.uncertainty;
        this.exact[at] = 1;
        continue;
      }
      const own = store.clocks.offset(clients[at]!, servers[at]!);
      if (!own) continue;
      this.ups[at] = own.up;
      this.downs[at] = own.down;
      this.uncertainty[at] = own.uncertainty;
      this.exact[at] = own.exact ? 1 : 0;
    }
  }

  get up(): Float64Array {
    const { ups, offsets } = this;
    if (this.areUpsKnown) return ups;
    this.areUpsKnown = true;
    const [sent, received] = [this.exchanged.sent(), this.exchanged.received()];
    for (let at = 0; at < ups.length; at++) {
      const offset = offsets[at]!;
      if (Number.isNaN(offset)) continue;
      const up = received[at]! - sent[at]!;
      ups[at] = Math.round(up < offset ? up : offset);
    }
    return ups;
  }

  get down(): Float64Array {
    const { downs, offsets } = this;
    if (this.areDownsKnown) return downs;
    this.areDownsKnown = true;
    const [answered, seen] = [this.exchanged.answered(), this.exchanged.seen()];
    for (let at = 0; at < downs.length; at++) {
      const offset = offsets[at]!;
      if (Number.isNaN(offset)) continue;
      const down = answered[at]! - seen[at]!;
      downs[at] = Math.round(down > offset ? down : offset);
    }
    return downs;
  }
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
