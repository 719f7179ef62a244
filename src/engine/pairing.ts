/**
 * Joins client and server records: by the id that the client sent, else by the place on the connection (address pair
 * and ordinal; a port that is used again is told apart by time). What is joined depends on the records alone, not on
 * the order in which their files were read: a key under which a side has several records is solved again as a whole.
 */
import type { Role } from "../model/record";
import { Groups, type PackedGroups, type PackedPairKeys, PairKeys } from "./groups";
import { matchRecords, type Pair } from "./match";
import type { Packer, Unpacker } from "./packing";
import type { Store } from "./store";

const OTHER: Record<Role, Role> = { client: "server", server: "client" };

export interface PackedPairing {
  ids: PackedGroups;
  places: PackedPairKeys;
  byPlace: PackedGroups;
  connectable: Record<Role, boolean>;
  named: Record<Role, boolean>;
}

export class Pairing {
  private readonly byId = new Groups();
  private readonly byConnection = new Groups();
  private readonly connectionKeys = new PairKeys();
  /** Whether a side has ids. Who has which is worked out once both have. */
  private readonly named = { client: false, server: false };
  /** Whether all of a side's records are found by connection: only once the other side has one without an id. */
  private readonly connectable = { client: false, server: false };

  constructor(private readonly store: Store) {}

  get bytes(): number {
    return this.byId.bytes + this.byConnection.bytes + this.connectionKeys.bytes;
  }

  pack(out: Packer): PackedPairing {
    return {
      ids: this.byId.pack(out, this.joinsByIds ? this.store.strings.ids.size : 0),
      places: this.connectionKeys.pack(out),
      byPlace: this.byConnection.pack(out, this.connectionKeys.size),
      connectable: this.connectable,
      named: this.named,
    };
  }

  unpack({ ids, places, byPlace, connectable, named }: PackedPairing, from: Unpacker): void {
    this.byId.unpack(ids, from);
    this.connectionKeys.unpack(places, from);
    this.byConnection.unpack(byPlace, from);
    Object.assign(this.connectable, connectable);
    Object.assign(this.named, named);
    if (this.joinsByIds) this.store.strings.ids.join();
  }

  /** A new record of a table. */
  added(side: Role, record: number): void {
    const id = this.idOf(side, record);
    if (Number.isNaN(id)) {
      this.store.rows.add(side, record);
      this.enterWithoutId(side, record);
      return;
    }
    if (!this.joinsByIds) {
      this.store.rows.add(side, record);
      this.reconnect(side, record);
      return;
    }
    const crowded = this.byId.add(id, side, record);
    const peers = this.byId.members(id, OTHER[side]);
    if (crowded || peers.length !== 1) {
      this.store.rows.add(side, record);
      if (crowded) this.solveId(id);
    } else if (side === "client") this.join({ client: record, server: peers[0]! }, "id");
    else this.join({ client: peers[0]!, server: record }, "id");
    if (peers.length === 1 && !crowded) this.reconnect(OTHER[side], peers[0]!);
    this.reconnect(side, record);
  }

  /** A pending record became a later or the final one: it may know now what it is called. */
  changed(side: Role, record: number): void {
    const { rows } = this.store;
    const row = rows.row(side, record);
    rows.touch(row);
    if (rows.isPaired(side, record)) {
      this.store.clocks.paired(rows.client(row), rows.server(row));
      return;
    }
    const id = this.idOf(side, record);
    if (Number.isNaN(id)) this.enterWithoutId(side, record);
    else if (this.joinsByIds) {
      this.byId.add(id, side, record);
      this.solveId(id);
    } else this.reconnect(side, record);
  }

  private get joinsByIds(): boolean {
    return this.named.client && this.named.server;
  }

  /** A record's id; where it is the first of its side, ids may be joined by from now on. */
  private idOf(side: Role, record: number): number {
    const id = this.store[side].value(record, "id");
    if (Number.isNaN(id) || this.named[side]) return id;
    this.named[side] = true;
    if (!this.joinsByIds) return id;
    this.store.strings.ids.join();
    this.enterIds("client");
    this.enterIds("server");
    return this.store[side].value(record, "id");
  }

  /** Equal ids get equal numbers, by which a side's records are found. */
  private enterIds(side: Role): void {
    const table = this.store[side];
    for (let record = 0; record < table.length; record++) {
      const id = table.value(record, "id");
      if (Number.isNaN(id)) continue;
      const canonical = this.store.strings.ids.canonical(id);
      if (canonical !== id) table.set(record, "id", canonical);
      this.byId.add(canonical, side, record);
    }
  }

  /** Whoever is joined by the id, or no longer is, changes what is left to the connection. */
  private solveId(id: number): void {
    const clients = this.byId.members(id, "client");
    const servers = this.byId.members(id, "server");
    this.solve("id", clients, servers);
    for (const client of clients) this.reconnect("client", client);
    for (const server of servers) this.reconnect("server", server);
  }

  private reconnect(side: Role, record: number): void {
    if (this.connectable[side]) this.enterConnection(side, record);
  }

  private enterWithoutId(side: Role, record: number): void {
    const other = OTHER[side];
    if (!this.connectable[other]) {
      this.connectable[other] = true;
      for (let peer = 0; peer < this.store[other].length; peer++) this.enterConnection(other, peer);
    }
    this.enterConnection(side, record);
  }

  private enterConnection(side: Role, record: number): void {
    const table = this.store[side];
    const connection = table.value(record, "conn");
    const ordinal = table.value(record, "ord");
    if (Number.isNaN(connection) || Number.isNaN(ordinal) || ordinal > 0xffff_ffff) return;
    const key = this.connectionKeys.key(connection, ordinal);
    this.byConnection.add(key, side, record);
    const clients = this.byConnection.members(key, "client");
    const servers = this.byConnection.members(key, "server");
    if (clients.length > 0 && servers.length > 0) this.solve("connection", clients, servers);
  }

  /** Joins what belongs together under one key, after taking apart what was joined under it before. */
  private solve(how: "id" | "connection", clients: readonly number[], servers: readonly number[]): void {
    const { rows } = this.store;
    const free = (side: Role) => (record: number) => {
      const row = rows.row(side, record);
      const held = rows.pairing(row);
      if (held === how) this.takeApart(row);
      return held !== "id" || how === "id";
    };
    const freeClients = clients.filter(free("client"));
    const freeServers = servers.filter(free("server"));
    for (const pair of matchRecords(this.store, how, freeClients, freeServers)) this.join(pair, how);
  }

  private join(pair: Pair, how: "id" | "connection"): void {
    const { rows, clocks } = this.store;
    for (const side of ["client", "server"] as const)
      if (rows.isPaired(side, pair[side])) this.takeApart(rows.row(side, pair[side]));
    rows.join(pair.client, pair.server, how);
    clocks.paired(pair.client, pair.server);
  }

  private takeApart(row: number): void {
    this.store.rows.part(row);
    this.store.clocks.invalidate();
  }
}
