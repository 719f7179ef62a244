/**
 * Pairs requests of servers' logs that have neither an id nor a place on a connection, as access logs, with what the
 * client's log has and no other server does: by method, target, status, order and time (`pairByOrder`). All of them
 * anew when some have come, so that it does not matter which came first; a request with several records that fit is
 * left alone, and says so.
 */
import { grouped } from "../model/grouped";
import { pairByOrder } from "../model/pairing/order";
import type { StampedClient, StampedServer } from "../model/pairing/stamped";
import { STATES } from "./draft";
import type { Store } from "./store";

/** More records than these are not looked through: a second of work. */
const MOST = 20_000;
/** Requests × records of one target; in more of them nobody fits alone. */
const MOST_ALIKE = 250_000;
const COMPLETE = STATES.indexOf("complete");

const TOO_MANY = "it has neither an id nor a connection, and too many are alike to be told apart by time";

export class AccessPairing {
  /** Servers' records without id and place. */
  private readonly nameless = new Set<number>();
  private stale = false;

  constructor(private readonly store: Store) {}

  /** A server's record without an id came or is known better. */
  addServer(record: number): void {
    const { server } = this.store;
    // One more than are looked through is remembered: that there are too many.
    if (Number.isNaN(server.value(record, "ord")) && this.nameless.size <= MOST) this.nameless.add(record);
    this.stale = true;
  }

  addClient(): void {
    this.stale = true;
  }

  /** Whether there is something that `join` has not seen. */
  get waiting(): boolean {
    return this.stale && this.nameless.size > 0;
  }

  join(): void {
    if (!this.waiting) return;
    this.stale = false;
    const { rows } = this.store;
    const servers = [...this.nameless].filter(
      (record) => Number.isNaN(this.store.server.value(record, "id")) && !this.hasOtherPeer(record),
    );
    const clients = this.clientsOf(new Set(servers.map((record) => this.store.server.value(record, "target"))));
    if (servers.length > MOST || clients.length > MOST) {
      for (const server of servers) this.explain("server", server, TOO_MANY);
      return;
    }
    const chosen = this.tellable(clients, servers);
    const found = pairByOrder(
      chosen.clients.map((record) => this.client(record)),
      chosen.servers.map((record) => this.server(record)),
    );
    const wanted = new Map<number, number>();
    chosen.clients.forEach((client, at) => {
      const server = chosen.servers[found.peers[at]!];
      if (server !== undefined) wanted.set(client, server);
    });
    for (const client of clients) {
      const row = rows.row("client", client);
      if (rows.pairing(row) !== "order" || rows.server(row) === wanted.get(client)) continue;
      rows.part(row);
      this.store.clocks.invalidate();
    }
    for (const [client, server] of wanted)
      if (!rows.isPaired("client", client)) {
        rows.join(client, server, "order");
        this.store.clocks.paired(client, server);
      }
    chosen.clients.forEach((client, at) => {
      // What other servers' logs say of it is said elsewhere.
      const reason = found.clientReasons.get(at);
      this.explain("client", client, reason?.startsWith("ambiguous") ? reason : undefined);
    });
    chosen.servers.forEach((server, at) => void this.explain("server", server, found.serverReasons.get(at)));
  }

  /** Joined otherwise, or to a client whose record is not looked at. */
  private hasOtherPeer(server: number): boolean {
    const { rows } = this.store;
    const pairing = rows.pairing(rows.row("server", server));
    return pairing !== "none" && pairing !== "order";
  }

  /** Complete requests for one of these targets that no other server's record was found for. */
  private clientsOf(targets: ReadonlySet<number>): number[] {
    const { client, rows } = this.store;
    const found: number[] = [];
    for (let record = 0; record < client.length; record++) {
      if (!targets.has(client.value(record, "target"))) continue;
      const row = rows.row("client", record);
      const pairing = rows.pairing(row);
      const isFree = pairing === "none" || (pairing === "order" && this.nameless.has(rows.server(row)));
      const isWhole =
        client.value(record, "state") === COMPLETE &&
        Number.isNaN(client.value(record, "cache")) &&
        !Number.isNaN(client.time(record, "requestStart") + client.time(record, "responseEnd"));
      if (isFree && isWhole) found.push(record);
    }
    return found;
  }

  /** Without those of targets with so many requests and records that all of them would fit each other. */
  private tellable(clients: readonly number[], servers: readonly number[]): Record<"clients" | "servers", number[]> {
    const byTarget = grouped(clients, (record) => this.store.client.value(record, "target"));
    const chosen = { clients: [] as number[], servers: [] as number[] };
    for (const [target, own] of grouped(servers, (record) => this.store.server.value(record, "target"))) {
      const asked = byTarget.get(target) ?? [];
      if (asked.length * own.length > MOST_ALIKE) for (const record of own) this.explain("server", record, TOO_MANY);
      else {
        chosen.clients.push(...asked);
        chosen.servers.push(...own);
      }
    }
    return chosen;
  }

  private client(record: number): StampedClient {
    const { client, strings } = this.store;
    return {
      stamps: [],
      grain: this.store.partOf("client", record).grain,
      url: strings.text(client.value(record, "target")) ?? "",
      method: strings.name(client.value(record, "method")) ?? "",
      status: client.value(record, "status"),
      requestStart: client.time(record, "requestStart"),
      // Many logs have only the time of a response's end: what came before it at the client bounds nothing.
      responseEnd: client.time(record, "responseEnd"),
    };
  }

  private server(record: number): StampedServer {
    const { server, strings } = this.store;
    const host = strings.text(server.value(record, "conn"))?.replace(/>.*$/s, "");
    return {
      stamps: [],
      grain: this.store.partOf("server", record).grain,
      target: strings.text(server.value(record, "target")) ?? "",
      method: strings.name(server.value(record, "method")) ?? "",
      status: server.value(record, "status"),
      parseStart: server.time(record, "parseStart"),
      ...(host !== undefined && { host }),
    };
  }

  private explain(side: "client" | "server", record: number, reason: string | undefined): void {
    const { unpaired } = this.store;
    if (reason === undefined) unpaired[side].delete(record);
    else unpaired[side].set(record, reason);
  }
}
