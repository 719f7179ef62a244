/**
 * The single marks of historical logs become records and rows once a log has been read, and again when it has grown:
 * any file may hold the next mark, and a mark that comes late can belong to a request of before. So the marks of the
 * last hours are joined anew each time, and what has become known is written into the records that are there. Older
 * ones are settled and forgotten, which bounds memory and the time of a join by what a log holds of some hours.
 */

import { grouped } from "../model/grouped";
import { joinClientStamps } from "../model/pairing/client-stamps";
import { pairByOrder } from "../model/pairing/order";
import { joinServerStamps } from "../model/pairing/server-stamps";
import type { Joined, StampedClient, StampedServer } from "../model/pairing/stamped";
import type { Problem, Role, StampRecord } from "../model/record";
import { type StampedRecord, StampRecords } from "./stamp-records";
import type { PlacedStamp, Store } from "./store";

/** µs of a log, before its last mark, in which marks are still joined. */
const OPEN = 2 * 3600e6;
/** The last marks are kept even where they are further apart, or the clock leapt. */
const FEWEST_OPEN = 20_000;
/**
 * µs behind the oldest mark that is kept in which requests stay as they are, because what they competed with may be
 * forgotten: a request lasts ten minutes at most, and so far may clocks differ.
 */
const CONTEXT = 1800e6;

/** One side's marks as requests, and as records. */
interface Side<T> {
  requests: readonly T[];
  records: readonly StampedRecord[];
  /** The marks of each request. */
  marks: readonly (readonly PlacedStamp[])[];
  orphans: readonly { mark: PlacedStamp; reason: string }[];
}

export class Stamps {
  private kept: PlacedStamp[] = [];
  private joined = 0;
  /** Requests that began before it stay as they are, µs. */
  private settled = Number.NEGATIVE_INFINITY;

  constructor(private readonly store: Store) {}

  add(stamp: PlacedStamp): void {
    this.kept.push(stamp);
  }

  /** Whether marks have come since the last join. */
  get waiting(): boolean {
    return this.kept.length > this.joined;
  }

  /** Marks that are held for later ones. */
  get held(): number {
    return this.kept.length;
  }

  /** A browser's log is joined by itself, the server's logs all together. */
  join(): void {
    if (!this.waiting) return;
    const browsers = [...grouped(this.of("client"), ({ file }) => file).values()].map((own) =>
      this.side("client", own, joinClientStamps, (records, request) => records.client(request)),
    );
    const clients: Side<StampedClient> = {
      requests: browsers.flatMap(({ requests }) => requests),
      records: browsers.flatMap(({ records }) => records),
      marks: browsers.flatMap(({ marks }) => marks),
      orphans: browsers.flatMap(({ orphans }) => orphans),
    };
    const servers = this.side("server", this.of("server"), joinServerStamps, (records, request) =>
      records.server(request),
    );
    this.pair(clients, servers);
    this.forget(clients, servers);
    this.joined = this.kept.length;
  }

  private of(role: Role): PlacedStamp[] {
    return this.kept.filter(({ stamp }) => stamp.role === role);
  }

  /** The time before which marks are forgotten, once their requests are written. */
  private openFrom(): number {
    if (this.kept.length <= FEWEST_OPEN) return Number.NEGATIVE_INFINITY;
    const times = Float64Array.from(this.kept, ({ stamp }) => stamp.time).sort();
    const open = Math.min(times[times.length - FEWEST_OPEN]!, times.at(-1)! - OPEN);
    return open > times[0]! ? open : Number.NEGATIVE_INFINITY;
  }

  private side<T extends StampedClient | StampedServer>(
    side: Role,
    placed: readonly PlacedStamp[],
    joinMarks: (stamps: readonly StampRecord[]) => Joined<T>,
    write: (records: StampRecords, request: T) => StampedRecord,
  ): Side<T> {
    const { requests, orphans } = joinMarks(placed.map(({ stamp }) => stamp));
    const writer = new StampRecords(this.store, side, placed, this.settled);
    const records = requests.map((request) => write(writer, request));
    for (const record of writer.unclaimed()) this.retire(side, record);
    for (const { record, state } of records)
      if (state === "new") this.store.rows.add(side, record);
      else if (state === "changed") this.heardOf(side, record);
    return {
      requests,
      records,
      marks: requests.map(({ stamps }) => stamps.map((stamp) => placed[stamp]!)),
      orphans: orphans.map(({ stamp, reason }) => ({ mark: placed[stamp]!, reason })),
    };
  }

  private retire(side: Role, record: number): void {
    this.part(side, record);
    this.store.unpaired[side].delete(record);
    this.store.rows.remove(side, record);
  }

  private heardOf(side: Role, record: number): void {
    const { rows, clocks } = this.store;
    rows.touch(rows.row(side, record));
    if (rows.isPaired(side, record)) clocks.invalidate();
  }

  private part(side: Role, record: number): void {
    const { rows, clocks } = this.store;
    if (!rows.isPaired(side, record)) return;
    rows.part(rows.row(side, record));
    clocks.invalidate();
  }

  /** Marks before a time are forgotten: of a pair all, by when the client's request ended. */
  private forget(clients: Side<StampedClient>, servers: Side<StampedServer>): void {
    const { rows, problems } = this.store;
    const open = this.openFrom();
    const until = new Map<PlacedStamp, number>();
    const ended = new Map<number, number>();
    for (const [at, { record, last }] of clients.records.entries()) {
      ended.set(record, last);
      for (const mark of clients.marks[at]!) until.set(mark, last);
    }
    for (const [at, { record, last }] of servers.records.entries()) {
      const peer = rows.client(rows.row("server", record));
      const end = Number.isNaN(peer) ? last : (ended.get(peer) ?? Number.NEGATIVE_INFINITY);
      for (const mark of servers.marks[at]!) until.set(mark, end);
    }
    const isOpen = (mark: PlacedStamp): boolean => (until.get(mark) ?? mark.stamp.time) >= open;
    const left: Problem[] = [];
    for (const { mark, reason } of [...clients.orphans, ...servers.orphans]) {
      const problem = { file: mark.file.name, line: mark.line, reason };
      if (isOpen(mark)) left.push(problem);
      else problems.add(problem);
    }
    problems.leaveOpen(left);
    this.kept = this.kept.filter(isOpen);
    if (open > Number.NEGATIVE_INFINITY) this.settled = open + CONTEXT;
  }

  private pair(clients: Side<StampedClient>, servers: Side<StampedServer>): void {
    const { rows, clocks, unpaired } = this.store;
    const { peers, clientReasons, serverReasons } = pairByOrder(clients.requests, servers.requests);
    const mayChange = (records: readonly StampedRecord[]): Set<number> =>
      new Set(records.flatMap(({ record, state }) => (state === "settled" ? [] : [record])));
    const own = { client: mayChange(clients.records), server: mayChange(servers.records) };
    // Whose peer is settled is so with it.
    const free = {
      client: (record: number) =>
        own.client.has(record) && isNoneOr(rows.server(rows.row("client", record)), own.server),
      server: (record: number) =>
        own.server.has(record) && isNoneOr(rows.client(rows.row("server", record)), own.client),
    };
    const joined = new Map<number, number>();
    for (const [at, { record }] of clients.records.entries()) {
      const server = servers.records[peers[at]!]?.record;
      if (server !== undefined && free.client(record) && free.server(server)) joined.set(record, server);
    }
    for (const client of [...own.client].filter(free.client)) {
      const peer = rows.server(rows.row("client", client));
      if (!Number.isNaN(peer) && peer !== joined.get(client)) this.part("client", client);
    }
    for (const [client, server] of joined)
      if (!rows.isPaired("client", client)) {
        rows.join(client, server, "order");
        clocks.paired(client, server);
      }
    // Where there is no other side there is nothing to explain.
    if (servers.records.length) explain(unpaired.client, clients.records, clientReasons);
    if (clients.records.length) explain(unpaired.server, servers.records, serverReasons);
  }
}

const isNoneOr = (record: number, records: ReadonlySet<number>): boolean => Number.isNaN(record) || records.has(record);

function explain(
  unpaired: Map<number, string>,
  records: readonly StampedRecord[],
  reasons: ReadonlyMap<number, string>,
): void {
  for (const [at, { record, state }] of records.entries()) {
    if (state === "settled") continue;
    const reason = reasons.get(at);
    if (reason === undefined) unpaired.delete(record);
    else unpaired.set(record, reason);
  }
}
