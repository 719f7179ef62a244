/** What is known of each server log's clock against each client log's, from the pairs of the session. */

import { type Alignment, clockSentence, offsetsOf } from "../model/alignment";
import type { ClockRelation } from "../model/clock";
import type { ClockOffset } from "../model/metrics";
import { ClockPair, type PackedClockPair } from "./clock-pair";
import { exchangesOf } from "./clock-stamps";
import { STATES } from "./draft";
import type { LogPart } from "./log-part";
import { NO_RECORD } from "./rows";
import type { Store } from "./store";

/** So many pairs are looked at together: a column tells many values several times faster than one by one. */
const BATCH = 1 << 14;
const PENDING = STATES.indexOf("pending");

export class Clocks {
  private pairs = new Map<number, ClockPair>();
  /** Servers' parts that a client has pairs with. */
  private readonly servers = new Set<LogPart>();
  private stale = false;
  /** Pairs of records that were heard of and not looked at yet. */
  private readonly waiting = { client: new Uint32Array(BATCH), server: new Uint32Array(BATCH), count: 0 };

  constructor(private readonly store: Store) {}

  /** Null where clocks were estimated: they are learnt again from all pairs. */
  pack(): PackedClockPair[] | null {
    this.refresh();
    const packed = Array.from(this.pairs.values(), (pair) => pair.pack());
    return packed.includes(null) ? null : (packed as PackedClockPair[]);
  }

  unpack(packed: readonly PackedClockPair[] | null): void {
    this.stale = packed === null;
    for (const one of packed ?? []) this.pairOf(one.client, one.server).unpack(one);
  }

  /** A new pair of records, or one that knows more stamps now. What is pending yet is heard of again. */
  paired(client: number, server: number): void {
    if (this.stale) return;
    const { client: clients, server: servers } = this.store;
    if (clients.value(client, "state") === PENDING || servers.value(server, "state") === PENDING)
      this.pairOf(clients.value(client, "log"), servers.value(server, "log"));
    else this.await(client, server);
  }

  /** The same of new pairs, none of which has a pending record; NO_RECORD has no peer. */
  pairedAll(clients: Uint32Array, servers: Uint32Array): void {
    for (let at = 0; at < clients.length && !this.stale; at++)
      if (clients[at] !== NO_RECORD && servers[at] !== NO_RECORD) this.await(clients[at]!, servers[at]!);
  }

  /** A pair was taken apart: what was learnt from it is learnt again from all. */
  invalidate(): void {
    this.stale = true;
  }

  /** In order of first pair. */
  list(): ClockRelation[] {
    return this.current().map((pair) => {
      const { epochs, method } = pair.alignment;
      return { server: pair.server.label, client: pair.client.label, epochs, method };
    });
  }

  /** The clocks in words: of the two logs with most pairs; null where there is nothing to align. */
  get sentence(): string | null {
    const main = mostSampled(this.current());
    if (main) return clockSentence(main.alignment);
    const { client, server } = this.store;
    return client.length > 0 && server.length === 0 ? "No server log in this session: the client's side alone." : null;
  }

  /** What is known between two logs; null where they have no pair. */
  alignment(server: LogPart, client: LogPart): Alignment | null {
    this.refresh();
    return this.pairs.get(key(server, client))?.alignment ?? null;
  }

  /** The client's part that a server's part has most pairs with. */
  mainClient(server: LogPart): LogPart | null {
    return mostSampled(this.current().filter((pair) => pair.server === server))?.client ?? null;
  }

  /** Whether a client has pairs with a server's part. Asked for every row. */
  hasClient(server: LogPart): boolean {
    if (this.stale || this.waiting.count > 0) this.refresh();
    return this.servers.has(server);
  }

  /** The correction of one pair of records; null where the clocks cannot be aligned. */
  offset(client: number, server: number): ClockOffset | null {
    const alignment = this.alignment(this.store.partOf("server", server), this.store.partOf("client", client));
    if (!alignment || alignment.quality === "none") return null;
    const { up, down } = offsetsOf(alignment, ...this.stamps(client, server));
    const uncertainty = Math.ceil(Math.max(up.uncertainty, down.uncertainty));
    return Number.isFinite(uncertainty)
      ? { up: Math.round(up.offset), down: Math.round(down.offset), uncertainty, exact: alignment.quality === "exact" }
      : null;
  }

  /** The direction of a pair of records that cannot be, and by how much whatever the offset is; null where none. */
  contradiction(client: number, server: number): { way: "up" | "down"; by: number } | null {
    const [serverPart, clientPart] = [this.store.partOf("server", server), this.store.partOf("client", client)];
    const alignment = this.alignment(serverPart, clientPart);
    if (!alignment || alignment.quality === "none") return null;
    const [sent, received, answered, seen] = this.stamps(client, server);
    const slack = this.pairOf(clientPart.number, serverPart.number).grain;
    const up = sent - (received - alignment.offsetAt(sent).low) - slack;
    const down = answered - alignment.offsetAt(seen).high - seen - slack;
    if (up > 0 && !(down > up)) return { way: "up", by: up };
    return down > 0 ? { way: "down", by: down } : null;
  }

  private current(): ClockPair[] {
    this.refresh();
    return [...this.pairs.values()].filter((pair) => pair.samples > 0);
  }

  /** Takes in what waits. Learns everything again where that is asked, at most twice: what is denied once stays so. */
  private refresh(): void {
    this.takeIn();
    while (this.stale) {
      this.stale = false;
      this.servers.clear();
      const old = this.pairs;
      this.pairs = new Map();
      for (const [name, pair] of old) if (pair.samples > 0) this.pairs.set(name, pair.renewed());
      const { rows } = this.store;
      for (let row = 0; row < rows.length && !this.stale; row++)
        if (rows.pairing(row) !== "none") this.await(rows.client(row), rows.server(row));
      this.takeIn();
    }
  }

  private await(client: number, server: number): void {
    const { waiting } = this;
    waiting.client[waiting.count] = client;
    waiting.server[waiting.count++] = server;
    if (waiting.count === BATCH) this.takeIn();
  }

  /** A pair that denies what was thought of its clocks leaves the rest to be looked at again with all others. */
  private takeIn(): void {
    const { client, server, count } = this.waiting;
    this.waiting.count = 0;
    if (count === 0 || this.stale) return;
    const of = exchangesOf(this.store, client.subarray(0, count), server.subarray(0, count));
    const { clientLogs, serverLogs } = of;
    let pair = this.pairOf(clientLogs[0]!, serverLogs[0]!);
    for (let at = 0; at < count; at++) {
      // Neighbours are nearly always of the same two logs.
      if (pair.client.number !== clientLogs[at] || pair.server.number !== serverLogs[at])
        pair = this.pairOf(clientLogs[at]!, serverLogs[at]!);
      if (of.clientStates[at] === PENDING || of.serverStates[at] === PENDING) continue;
      if (pair.add(of.sent[at]!, of.received[at]!, of.answered[at]!, of.seen[at]!)) continue;
      this.stale = true;
      return;
    }
  }

  private pairOf(client: number, server: number): ClockPair {
    const { parts } = this.store;
    const [serverPart, clientPart] = [parts[server]!, parts[client]!];
    const name = key(serverPart, clientPart);
    let pair = this.pairs.get(name);
    if (!pair) {
      pair = new ClockPair(serverPart, clientPart);
      this.pairs.set(name, pair);
    }
    this.servers.add(serverPart);
    return pair;
  }

  private stamps(client: number, server: number): [sent: number, received: number, answered: number, seen: number] {
    const { client: clients, server: servers, rows } = this.store;
    // A historical server says "processing complete" when the response is written: parsing is the last mark before it.
    const answered = rows.pairing(rows.row("server", server)) === "order" ? "parseEnd" : "processEnd";
    return [
      clients.time(client, "requestStart"),
      servers.time(server, "parseStart"),
      servers.time(server, answered),
      clients.time(client, "responseStart"),
    ];
  }
}

const key = (server: LogPart, client: LogPart): number => server.number * 2 ** 24 + client.number;

function mostSampled(pairs: readonly ClockPair[]): ClockPair | null {
  let best: ClockPair | null = null;
  for (const pair of pairs) if (pair.samples > (best?.samples ?? 0)) best = pair;
  return best;
}
