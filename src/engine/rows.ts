/**
 * The rows of a session: a request each, as the pair of a client's and a server's record or as one of them alone. A
 * row's number never changes. Where two rows turn out to be one request, the later one is emptied and is in no view.
 */
import type { Role } from "../model/record";
import type { Pairing } from "../model/request";
import { Column, type PackedColumn } from "./column";
import type { Packer, Unpacker } from "./packing";
import type { Pages } from "./pages";

export const PAIRINGS = ["none", "id", "connection", "order"] as const satisfies readonly Pairing[];

/** Beyond what a column holds. */
export const NO_RECORD = 0xffff_ffff;

export interface PackedRows {
  count: number;
  emptied: number;
  columns: PackedColumn[];
}

export class Rows {
  private readonly records = { client: new Column("u32"), server: new Column("u32") };
  /** Row of each record. */
  private readonly rowOf = { client: new Column("u32"), server: new Column("u32") };
  private readonly how = new Column("u8");
  private count = 0;
  private emptied = 0;
  /** First row that is new or another than it was when somebody last asked. */
  private changedFrom = 0;

  /** Rows, emptied ones included. */
  get length(): number {
    return this.count;
  }

  /** Requests: rows that are not emptied. */
  get requests(): number {
    return this.count - this.emptied;
  }

  get bytes(): number {
    const { records, rowOf, how } = this;
    return records.client.bytes + records.server.bytes + rowOf.client.bytes + rowOf.server.bytes + how.bytes;
  }

  /** Room for so many records of a side is taken at once; for rows, too, where the other side has none to share them. */
  expect(side: Role, records: number): void {
    this.rowOf[side].expect(records);
    if (this.count <= records) this.records[side].expect(records);
  }

  /** The oldest go to a file. `clients` and `servers`: how many records there are. */
  release(pages: Pages, clients: number, servers: number): void {
    const { records, rowOf, how } = this;
    for (const column of [records.client, records.server, how]) column.release(this.count, pages);
    rowOf.client.release(clients, pages);
    rowOf.server.release(servers, pages);
  }

  /** `clients` and `servers`: how many records there are. */
  pack(out: Packer, clients: number, servers: number): PackedRows {
    const { count, emptied, records, rowOf, how } = this;
    return {
      count,
      emptied,
      columns: [
        ...[records.client, records.server, how].map((column) => column.pack(out, count)),
        rowOf.client.pack(out, clients),
        rowOf.server.pack(out, servers),
      ],
    };
  }

  unpack({ count, emptied, columns }: PackedRows, from: Unpacker): void {
    this.count = count;
    this.emptied = emptied;
    this.changedFrom = count;
    const { records, rowOf, how } = this;
    [records.client, records.server, how, rowOf.client, rowOf.server].forEach((column, index) => {
      column.unpack(columns[index]!, from);
    });
  }

  /** The client's record of a row, NaN where there is none. */
  client(row: number): number {
    return this.records.client.get(row);
  }

  /** The server's record of a row, NaN where there is none. */
  server(row: number): number {
    return this.records.server.get(row);
  }

  /** One side's record of each row. */
  column(side: Role): Column {
    return this.records[side];
  }

  /** One side's record of each row; a number that no record has where there is none. */
  recordsOf(side: Role, rows: Uint32Array): Uint32Array {
    return this.records[side].gatherNumbers(rows, NO_RECORD);
  }

  /** How each row was paired, as an index into PAIRINGS; NaN is none, too. */
  pairings(rows: Uint32Array): Float64Array {
    return this.how.gather(rows);
  }

  /** 1 for each row that was paired by order. */
  byOrder(rows: Uint32Array): Uint8Array {
    const how = this.pairings(rows);
    const order = PAIRINGS.indexOf("order");
    const found = new Uint8Array(rows.length);
    for (let at = 0; at < how.length; at++) if (how[at] === order) found[at] = 1;
    return found;
  }

  /** The places of those of a server's records that were paired by order, one after another. */
  forEachByOrder(servers: Uint32Array, found: (at: number) => void): void {
    const byOrder = this.byOrder(Uint32Array.from(this.rowOf.server.gather(servers)));
    for (let at = 0; at < byOrder.length; at++) if (byOrder[at]) found(at);
  }

  isEmpty(row: number): boolean {
    return Number.isNaN(this.client(row)) && Number.isNaN(this.server(row));
  }

  row(side: Role, record: number): number {
    return this.rowOf[side].get(record);
  }

  pairing(row: number): Pairing {
    return PAIRINGS[this.how.get(row)] ?? "none";
  }

  isPaired(side: Role, record: number): boolean {
    return this.how.get(this.row(side, record)) > 0;
  }

  /** A record that turned out to be none: its row, which it has alone, is emptied. */
  remove(side: Role, record: number): void {
    const row = this.row(side, record);
    this.touch(row);
    this.records[side].set(row, Number.NaN);
    this.emptied++;
  }

  /** A record of this row knows something else now. */
  touch(row: number): void {
    if (row < this.changedFrom) this.changedFrom = row;
  }

  /** The first row that has changed since this was last asked; no row changed where it is their number. */
  takeChanged(): number {
    const from = this.changedFrom;
    this.changedFrom = this.count;
    return from;
  }

  /** A new row with one record. */
  add(side: Role, record: number): void {
    const row = this.count++;
    this.touch(row);
    this.records[side].set(row, record);
    this.rowOf[side].set(record, row);
  }

  /**
   * New records, the first of which has a number: each in the row that another side's record has alone, joined by their id,
   * or in a new one where that is NO_RECORD.
   */
  addAll(side: Role, first: number, peers: Uint32Array): void {
    const byId = PAIRINGS.indexOf("id");
    const rows = this.rowOf[side === "client" ? "server" : "client"].gather(peers);
    for (let at = 0; at < rows.length; at++) {
      if (peers[at] === NO_RECORD) rows[at] = this.count++;
      else this.how.set(rows[at]!, byId);
      this.touch(rows[at]!);
      this.records[side].set(rows[at]!, first + at);
    }
    this.rowOf[side].setAll(first, rows);
  }

  /** Makes one row of two records. Those that have rows have them alone. */
  join(client: number, server: number, how: Exclude<Pairing, "none">): void {
    const rowOfClient = this.row("client", client);
    const rowOfServer = this.row("server", server);
    // Math.min is NaN where a record has no row yet.
    const row = rowOfServer < rowOfClient || Number.isNaN(rowOfClient) ? rowOfServer : rowOfClient;
    this.touch(row);
    this.emptyFor(row, rowOfClient);
    this.emptyFor(row, rowOfServer);
    this.records.client.set(row, client);
    this.records.server.set(row, server);
    this.rowOf.client.set(client, row);
    this.rowOf.server.set(server, row);
    this.how.set(row, PAIRINGS.indexOf(how));
  }

  /** Empties the row whose record goes to another one; NaN: it had none. */
  private emptyFor(row: number, other: number): void {
    if (Number.isNaN(other) || other === row) return;
    this.touch(other);
    this.records.client.set(other, Number.NaN);
    this.records.server.set(other, Number.NaN);
    this.emptied++;
  }

  /** Takes a pair apart: the client's record keeps the row, the server's gets a new one. */
  part(row: number): void {
    const server = this.server(row);
    this.touch(row);
    this.records.server.set(row, Number.NaN);
    this.how.set(row, 0);
    this.add("server", server);
  }
}
