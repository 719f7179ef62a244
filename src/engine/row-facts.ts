/** Single facts of a row, read from the columns of its two records: what filters, sorting, windows and reports share. */
import { kindOf } from "../model/kind";
import type { StampKey, StampOf } from "../model/metrics";
import { type ClockOffset, duration, isSpan, SPANS } from "../model/metrics";
import type { RequestState, ResourceKind } from "../model/record";
import type { DurationKey } from "../model/request";
import { KINDS, STATES } from "./draft";
import type { ClientTime, ServerTime } from "./fields";
import type { Store } from "./store";

const SERVER_STAMPS: ReadonlySet<string> = new Set<StampKey>([
  "arrivalEarliest",
  "arrivalLatest",
  "parseStart",
  "parseEnd",
  "processEnd",
  "sendEnd",
]);

export const isServerStamp = (key: StampKey): boolean => SERVER_STAMPS.has(key);

export class RowFacts {
  constructor(private readonly store: Store) {}

  /** A stamp on its own clock, µs since the epoch; NaN where unknown. */
  stamp(row: number, key: StampKey): number {
    const { store } = this;
    if (SERVER_STAMPS.has(key)) {
      const server = store.rows.server(row);
      return Number.isNaN(server) ? server : store.server.time(server, key as ServerTime);
    }
    const client = store.rows.client(row);
    return Number.isNaN(client) ? client : store.client.time(client, key as ClientTime);
  }

  stamps(row: number): StampOf {
    return (key) => this.stamp(row, key);
  }

  /** The offset between the clocks of a pair; null where there is no pair or nothing is known. */
  offset(row: number): ClockOffset | null {
    const { rows, clocks } = this.store;
    const client = rows.client(row);
    const server = rows.server(row);
    return Number.isNaN(client) || Number.isNaN(server) ? null : clocks.offset(client, server);
  }

  /** A duration, µs; NaN where unknown. Distances of two stamps take no detour: they are sorted by. */
  duration(row: number, key: DurationKey): number {
    if (key === "network") return this.duration(row, "clientResponse") - this.duration(row, "serverResponse");
    if (!isSpan(key)) return duration(key, this.stamps(row), this.offset(row), this.blocked(row));
    const [from, to] = SPANS[key];
    const { client, server, rows } = this.store;
    if (SERVER_STAMPS.has(from)) {
      const record = rows.server(row);
      return Number.isNaN(record) ? record : server.difference(record, from as ServerTime, to as ServerTime);
    }
    const record = rows.client(row);
    return Number.isNaN(record) ? record : client.difference(record, from as ClientTime, to as ClientTime);
  }

  /** The log names a request that kept the server's loop busy while this one waited. */
  blocked(row: number): boolean {
    return !Number.isNaN(this.ofServer(row, "blockedBy"));
  }

  /** R C, else R S, µs; NaN where neither is known. */
  responseTime(row: number): number {
    const client = this.duration(row, "clientResponse");
    return Number.isNaN(client) ? this.duration(row, "serverResponse") : client;
  }

  /** The number of a text that either side knows, the client's first: method and target are the same texts in both. */
  shared(row: number, name: "method" | "target" | "id" | "conn" | "protocol" | "error"): number {
    const { store } = this;
    const client = store.rows.client(row);
    const value = Number.isNaN(client) ? Number.NaN : store.client.value(client, name);
    if (!Number.isNaN(value)) return value;
    const server = store.rows.server(row);
    return Number.isNaN(server) ? Number.NaN : store.server.value(server, name);
  }

  ofServer(row: number, name: Parameters<Store["server"]["value"]>[1]): number {
    const server = this.store.rows.server(row);
    return Number.isNaN(server) ? Number.NaN : this.store.server.value(server, name);
  }

  ofClient(row: number, name: Parameters<Store["client"]["value"]>[1]): number {
    const client = this.store.rows.client(row);
    return Number.isNaN(client) ? Number.NaN : this.store.client.value(client, name);
  }

  /** As the client saw it, else as the server sent it. */
  status(row: number): number {
    const status = this.ofClient(row, "status");
    return Number.isNaN(status) ? this.ofServer(row, "status") : status;
  }

  bytes(row: number): number {
    const bytes = this.ofClient(row, "bytes");
    return Number.isNaN(bytes) ? this.ofServer(row, "bytes") : bytes;
  }

  method(row: number): string {
    return this.store.strings.name(this.shared(row, "method")) ?? "";
  }

  /** Path and query. */
  target(row: number): string {
    return this.store.strings.text(this.shared(row, "target")) ?? "";
  }

  /** Scheme and authority where the client told, else the server's Host with `http://`, else nothing. */
  origin(row: number): string {
    const { names } = this.store.strings;
    const origin = this.ofClient(row, "origin");
    if (!Number.isNaN(origin)) return names.text(origin);
    const host = this.ofServer(row, "host");
    return Number.isNaN(host) ? "" : `http://${names.text(host)}`;
  }

  url(row: number): string {
    return this.origin(row) + this.target(row);
  }

  /** The host alone; empty where unknown. */
  host(row: number): string {
    return this.origin(row).replace(/^[^:]*:\/\//, "");
  }

  route(row: number): string | null {
    return this.store.strings.name(this.ofServer(row, "route"));
  }

  kind(row: number): ResourceKind {
    const kind = this.ofClient(row, "kind");
    return Number.isNaN(kind) ? kindOf(this.target(row), this.route(row) !== null) : KINDS[kind]!;
  }

  /** Index into KINDS. */
  kindNumber(row: number): number {
    const kind = this.ofClient(row, "kind");
    return Number.isNaN(kind) ? KINDS.indexOf(this.kind(row)) : kind;
  }

  /** The client's state where it is not complete or there is no server's; else the server's. */
  state(row: number): RequestState {
    const client = this.ofClient(row, "state");
    const server = this.ofServer(row, "state");
    return STATES[client > 0 || Number.isNaN(server) ? client : server] ?? "complete";
  }

  isFailure(row: number): boolean {
    const state = this.state(row);
    return state === "failed" || state === "aborted" || this.status(row) >= 400;
  }

  isWarmup(row: number): boolean {
    return this.ofClient(row, "warmup") === 1;
  }

  /** A server's record that is not the probe's, in a session whose client has pairs with that server. */
  isInterference(row: number): boolean {
    const { store } = this;
    if (!Number.isNaN(store.rows.client(row))) return false;
    const part = store.parts[this.ofServer(row, "log")];
    return part !== undefined && store.clocks.hasClient(part);
  }

  /** Still pending though its log has come to its end without saying so: the process was killed. */
  isInterrupted(row: number): boolean {
    return STATES[this.ofServer(row, "state")] === "pending" && !this.store.recording;
  }

  /** In words, as `report --json` lists them. */
  flags(row: number): string[] {
    const flags: string[] = [];
    if (this.isInterference(row)) flags.push("interference");
    if (this.isInterrupted(row)) flags.push("interrupted");
    if (this.isWarmup(row)) flags.push("warmup");
    if (!Number.isNaN(this.ofClient(row, "hop"))) flags.push("redirect");
    if (!Number.isNaN(this.ofClient(row, "cache"))) flags.push("cached");
    return flags;
  }
}
