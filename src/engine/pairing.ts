/**
 * Joins client and server records: by the id that the client sent, else by the place on the connection (address pair
 * and ordinal; a port that is used again is told apart by time). What is joined depends on the records alone, not on
 * the order in which their files were read: a key under which a side has several records is solved again as a whole,
 * once what there was to read is read (`settle`), so that a port used a thousand times costs no thousand solutions.
 */
import type { Role } from "../model/record";
import { Groups, type PackedGroups, type PackedPairKeys, PairKeys } from "./groups";
import { isAnyUnknown } from "./known";
import { matchRecords, type Pair } from "./match";
import type { Packer, Unpacker } from "./packing";
import type { Pages } from "./pages";
import { enterPlain } from "./plain-pairing";
import { NO_RECORD } from "./rows";
import { interlude, ROWS_A_STEP } from "./steps";
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
  /** Keys with several records on a side that have got another one. */
  private readonly unsettled = { ids: new Set<number>(), places: new Set<number>() };

  constructor(private readonly store: Store) {}

  get bytes(): number {
    return this.byId.bytes + this.byConnection.bytes + this.connectionKeys.bytes;
  }

  /** What is known of the first ids goes to a file. */
  release(pages: Pages): void {
    this.byId.release(pages, this.store.strings.ids.size);
    this.byConnection.release(pages, this.connectionKeys.size);
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
    if (side === "client") this.store.accesses.addClient();
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
    const peer = crowded ? Number.NaN : this.byId.only(id, OTHER[side]);
    if (Number.isNaN(peer)) {
      this.store.rows.add(side, record);
      if (crowded) this.unsettled.ids.add(id);
    } else {
      this.join(side === "client" ? { client: record, server: peer } : { client: peer, server: record }, "id");
      this.reconnect(OTHER[side], peer);
    }
    this.reconnect(side, record);
  }

  /**
   * New records of a table, none of which is pending and the first of which has a number. The same as one by one,
   * column by column where they are plain.
   */
  addedAll(side: Role, first: number, count: number): void {
    const records = new Uint32Array(count);
    for (let at = 0; at < count; at++) records[at] = first + at;
    const peers = this.plainPeers(side, records);
    if (peers === null) {
      for (const record of records) this.added(side, record);
      return;
    }
    if (side === "client") this.store.accesses.addClient();
    this.store.rows.addAll(side, first, peers);
    if (side === "client") this.store.clocks.pairedAll(records, peers);
    else this.store.clocks.pairedAll(peers, records);
  }

  /** Whom plain records are joined with, which are entered; null where they are to be taken one by one. */
  private plainPeers(side: Role, records: Uint32Array): Uint32Array | null {
    if (this.connectable.client || this.connectable.server) return null;
    if (!this.named[side] || isAnyUnknown(this.store[side].column("id").gather(records))) return null;
    if (!this.joinsByIds) return new Uint32Array(records.length).fill(NO_RECORD);
    return enterPlain(this.store, this.byId, side, records);
  }

  /** A pending record became a later or the final one: it may know now what it is called. */
  changed(side: Role, record: number): void {
    if (side === "client") this.store.accesses.addClient();
    const { rows } = this.store;
    const row = rows.row(side, record);
    rows.touch(row);
    if (rows.isPaired(side, record)) {
      this.store.clocks.paired(rows.client(row), rows.server(row));
      return;
    }
    const id = this.idOf(side, record);
    if (Number.isNaN(id)) this.enterWithoutId(side, record);
    else if (!this.joinsByIds) this.reconnect(side, record);
    else if (this.byId.add(id, side, record)) this.unsettled.ids.add(id);
    else {
      this.solve("id", this.byId, id);
      this.reconnectAll(id);
    }
  }

  /** Whether a record of a side had an id. */
  knowsIdsOf(side: Role): boolean {
    return this.named[side];
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
    const { ids } = this.store.strings;
    ids.join();
    const repeated = ids.repeats();
    this.enterIds("client", repeated);
    this.enterIds("server", repeated);
    return this.store[side].value(record, "id");
  }

  /** Equal ids get equal numbers, by which a side's records are found. */
  private enterIds(side: Role, repeated: Uint8Array): void {
    const table = this.store[side];
    const { ids } = this.store.strings;
    for (let record = 0; record < table.length; record++) {
      if (record % ROWS_A_STEP === ROWS_A_STEP - 1) interlude();
      const id = table.value(record, "id");
      if (Number.isNaN(id)) continue;
      const canonical = repeated[id] === 1 ? ids.canonical(id) : id;
      if (canonical !== id) table.set(record, "id", canonical);
      this.byId.add(canonical, side, record);
    }
  }

  /** Joins what was left because its key has several records. Called when what there is to read is read. */
  settle(): void {
    const { ids, places } = this.unsettled;
    for (const id of ids) this.solve("id", this.byId, id);
    // Whoever is joined by the id, or no longer is, changes what is left to the connection.
    for (const id of ids) this.reconnectAll(id);
    ids.clear();
    for (const key of places) this.solve("connection", this.byConnection, key);
    places.clear();
  }

  private reconnectAll(id: number): void {
    for (const side of ["client", "server"] as const)
      if (this.connectable[side]) for (const record of this.byId.members(id, side)) this.enterConnection(side, record);
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
    if (side === "server") this.store.accesses.addServer(record);
  }

  private enterConnection(side: Role, record: number): void {
    const table = this.store[side];
    const connection = table.value(record, "conn");
    const ordinal = table.value(record, "ord");
    if (Number.isNaN(connection) || Number.isNaN(ordinal) || ordinal > 0xffff_ffff) return;
    const key = this.connectionKeys.key(connection, ordinal);
    if (this.byConnection.add(key, side, record)) this.unsettled.places.add(key);
    else this.solve("connection", this.byConnection, key);
  }

  /** Joins what belongs together under one key, and takes apart what was joined under it and does not. */
  private solve(how: "id" | "connection", groups: Groups, key: number): void {
    if (groups.count(key, "client") === 0 || groups.count(key, "server") === 0) return;
    const { rows } = this.store;
    const held = (side: Role, record: number) => rows.pairing(rows.row(side, record));
    const free = (side: Role) =>
      groups.members(key, side).filter((record) => how === "id" || held(side, record) !== "id");
    const [clients, servers] = [free("client"), free("server")];
    const wanted = new Map<number, number>();
    for (const { client, server } of matchRecords(this.store, how, clients, servers)) wanted.set(client, server);
    for (const client of clients) {
      const row = rows.row("client", client);
      if (rows.pairing(row) === how && rows.server(row) !== wanted.get(client)) this.takeApart(row);
    }
    for (const server of servers) {
      const row = rows.row("server", server);
      if (rows.pairing(row) === how && wanted.get(rows.client(row)) !== server) this.takeApart(row);
    }
    for (const [client, server] of wanted)
      if (rows.server(rows.row("client", client)) !== server || held("client", client) !== how)
        this.join({ client, server }, how);
  }

  private join(pair: Pair, how: "id" | "connection"): void {
    const { rows, clocks } = this.store;
    const { client, server } = pair;
    if (rows.isPaired("client", client)) this.takeApart(rows.row("client", client));
    if (rows.isPaired("server", server)) this.takeApart(rows.row("server", server));
    rows.join(client, server, how);
    clocks.paired(client, server);
  }

  private takeApart(row: number): void {
    this.store.rows.part(row);
    this.store.clocks.invalidate();
  }
}
