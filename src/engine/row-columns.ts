/**
 * Facts of many rows at once, a column after the other: what sorting, filtering, grouping and the overview ask of every
 * row of a session. The same answers as RowFacts gives of one row, in a tenth of the time.
 */

import { isSpan, SPANS } from "../model/metrics";
import type { Role } from "../model/record";
import type { DurationKey } from "../model/request";
import type { Axis } from "./axis";
import { STATES } from "./draft";
import type { ClientTime, ClientValue, ServerTime, ServerValue } from "./fields";
import { RowDurations } from "./row-durations";
import { isServerStamp, RowFacts } from "./row-facts";
import { lastStamp } from "./row-span";
import { spansInMemory } from "./row-spans";
import type { Store } from "./store";

const ABORTED = STATES.indexOf("aborted");
const ERROR_STATUS = 400;

/** First and last stamps on the axis, µs since the epoch; NaN where there are none. */
export interface RowSpans {
  /** Of both sides together. */
  from: Float64Array;
  to: Float64Array;
  serverFrom: Float64Array;
  serverTo: Float64Array;
}

export class RowColumns {
  private durations: RowDurations | null = null;
  private readonly records: Partial<Record<Role, Uint32Array>> = {};

  constructor(
    private readonly store: Store,
    readonly rows: Uint32Array,
  ) {}

  client(name: ClientValue): Float64Array {
    return this.store.client.column(name).gather(this.of("client"));
  }

  server(name: ServerValue): Float64Array {
    return this.store.server.column(name).gather(this.of("server"));
  }

  /** As the client knows it, else the server. */
  shared(name: ClientValue & ServerValue): Float64Array {
    return completed(this.client(name), () => this.server(name));
  }

  /** µs since the epoch on the side's own clock. */
  clientTime(name: ClientTime): Float64Array {
    return this.ofDurations().clientTime(name);
  }

  serverTime(name: ServerTime): Float64Array {
    return this.ofDurations().serverTime(name);
  }

  /** From one stamp of the client to another, µs. */
  clientSpan(from: ClientTime, to: ClientTime): Float64Array {
    return this.ofDurations().clientSpan(from, to);
  }

  /** µs; NaN where unknown. */
  duration(key: DurationKey): Float64Array {
    if (key === "network") {
      const [client, server] = [this.duration("clientResponse"), this.duration("serverResponse")];
      for (let at = 0; at < client.length; at++) client[at]! -= server[at]!;
      return client;
    }
    return (isSpan(key) && this.inOnePass(key)) || this.ofDurations().all(key);
  }

  /** Half of the interval in which each is known to have arrived, and what its clocks add to that; µs, NaN where unknown. */
  uncertainties(): { arrival: Float64Array; clocks: Float64Array } {
    return this.ofDurations().uncertainties();
  }

  /** R C, else R S, µs. */
  responseTime(): Float64Array {
    return completed(this.duration("clientResponse"), () => this.duration("serverResponse"));
  }

  /** Index into STATES: the client's where it is not complete or there is no server's, else the server's. */
  states(): Float64Array {
    const [client, server] = [this.client("state"), this.server("state")];
    for (let at = 0; at < server.length; at++)
      if (client[at]! > 0 || Number.isNaN(server[at]!)) server[at] = client[at]! || 0;
    return server;
  }

  /** Index into KINDS; what a target says is worked out once. */
  kinds(): Float64Array {
    const kinds = this.client("kind");
    if (!kinds.some(Number.isNaN)) return kinds;
    const facts = new RowFacts(this.store);
    const [targets, routes] = [this.shared("target"), this.server("route")];
    const known = new Map<number, number>();
    for (let at = 0; at < kinds.length; at++) {
      if (!Number.isNaN(kinds[at]!)) continue;
      const target = Number.isNaN(targets[at]!) ? -1 : targets[at]!;
      const key = 2 * target + (Number.isNaN(routes[at]!) ? 0 : 1);
      let kind = known.get(key);
      if (kind === undefined) {
        kind = facts.kindNumber(this.rows[at]!);
        known.set(key, kind);
      }
      kinds[at] = kind;
    }
    return kinds;
  }

  /** A number of each scheme and authority; below 0 where the server's Host tells it, NaN where nothing does. */
  origins(): Float64Array {
    return completed(this.client("origin"), () => {
      const hosts = this.server("host");
      for (let at = 0; at < hosts.length; at++) hosts[at] = -1 - hosts[at]!;
      return hosts;
    });
  }

  /** 1 where there is a client's record. */
  clients(): Uint8Array {
    const records = this.of("client");
    const found = new Uint8Array(records.length);
    for (let at = 0; at < found.length; at++) if (records[at]! < this.store.client.length) found[at] = 1;
    return found;
  }

  /** 1 where its connection was opened for it, 0 where it had been used before; NaN where that is not known. */
  onNewConnection(): Float64Array {
    const ordinals = this.shared("ord");
    for (let at = 0; at < ordinals.length; at++) if (ordinals[at]! > 1) ordinals[at] = 0;
    return ordinals;
  }

  /** 1 where a request failed or was aborted, by its state or its status. */
  failures(): Uint8Array {
    const [states, status] = [this.states(), this.shared("status")];
    const failed = new Uint8Array(status.length);
    for (let at = 0; at < failed.length; at++)
      if (status[at]! >= ERROR_STATUS || states[at]! >= ABORTED) failed[at] = 1;
    return failed;
  }

  /** First stamp on the axis, µs since the epoch: the client's where there is one. */
  starts(axis: Axis): Float64Array {
    const { store } = this;
    const starts = this.clientStarts(axis);
    const servers = this.of("server");
    const serverStarts = store.server.startsOf(servers);
    for (let at = 0; at < starts.length; at++)
      if (Number.isNaN(starts[at]!)) starts[at] = serverStarts[at]! - axis.serverStart(servers[at]!);
    return starts;
  }

  spans(axis: Axis): RowSpans {
    const { store, rows } = this;
    const from = this.clientStarts(axis);
    const [clients, servers] = [this.of("client"), this.of("server")];
    const clientEnds = store.client.timesOf(clients, "responseEnd");
    const serverEnds = store.server.timesOf(servers, "sendEnd");
    const serverStarts = store.server.startsOf(servers);
    const [clientLogs, serverLogs] = [this.client("log"), this.server("log")];
    const to = new Float64Array(rows.length).fill(Number.NEGATIVE_INFINITY);
    const serverFrom = new Float64Array(rows.length).fill(Number.NaN);
    const serverTo = new Float64Array(rows.length).fill(Number.NaN);
    const { length: clientCount } = store.client;
    const { length: serverCount } = store.server;
    for (let at = 0; at < rows.length; at++) {
      if (clients[at]! < clientCount) {
        const end = Number.isNaN(clientEnds[at]!) ? lastStamp(store, "client", rows[at]!) : clientEnds[at]!;
        to[at] = later(to[at]!, end - axis.ofClient(clientLogs[at]!));
      }
      if (servers[at]! >= serverCount) continue;
      const end = Number.isNaN(serverEnds[at]!) ? lastStamp(store, "server", rows[at]!) : serverEnds[at]!;
      const shift = axis.ofServer(serverLogs[at]!);
      if (Number.isNaN(shift)) {
        const { up, down } = axis.server(servers[at]!);
        serverFrom[at] = serverStarts[at]! - up;
        serverTo[at] = end - down;
      } else {
        serverFrom[at] = serverStarts[at]! - shift;
        serverTo[at] = end - shift;
      }
      to[at] = later(to[at]!, serverTo[at]!);
      if (!(serverFrom[at]! >= from[at]!)) from[at] = serverFrom[at]!;
    }
    return { from, to, serverFrom, serverTo };
  }

  private inOnePass(key: keyof typeof SPANS): Float64Array | null {
    const { client, server, rows } = this.store;
    const [from, to] = SPANS[key];
    return isServerStamp(from)
      ? spansInMemory(
          this.rows,
          rows.column("server"),
          server.distances(from as ServerTime),
          server.distances(to as ServerTime),
        )
      : spansInMemory(
          this.rows,
          rows.column("client"),
          client.distances(from as ClientTime),
          client.distances(to as ClientTime),
        );
  }

  private clientStarts(axis: Axis): Float64Array {
    const clients = this.of("client");
    const { client } = this.store;
    const starts = client.startsOf(clients);
    const fetched = client.timesOf(clients, "fetchStart");
    const logs = this.client("log");
    for (let at = 0; at < starts.length; at++) {
      if (fetched[at]! < starts[at]!) starts[at] = fetched[at]!;
      if (!Number.isNaN(starts[at]!)) starts[at]! -= axis.ofClient(logs[at]!);
    }
    return starts;
  }

  private ofDurations(): RowDurations {
    this.durations ??= new RowDurations(this.store, this.rows);
    return this.durations;
  }

  private of(side: Role): Uint32Array {
    this.records[side] ??= this.store.rows.recordsOf(side, this.rows);
    return this.records[side];
  }
}

const later = (last: number, stamp: number): number => (stamp > last ? stamp : last);

/** Fills what is unknown of the first from the second, which is asked for only where something is. */
export function completed(values: Float64Array, others: () => Float64Array): Float64Array {
  let other: Float64Array | null = null;
  for (let at = 0; at < values.length; at++)
    if (Number.isNaN(values[at]!)) {
      other ??= others();
      values[at] = other[at]!;
    }
  return values;
}
