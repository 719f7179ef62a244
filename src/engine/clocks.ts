/** What is known of each server log's clock against each client log's: exact within one boot, else bounds from pairs. */
import type { ClockEpoch, ClockRelation } from "../model/clock";
import type { LogPart } from "./log-part";
import { offsetOfBoot } from "./same-boot";
import type { Store } from "./store";

/** Stamps and anchors are rounded to 1 µs on either side. */
const ROUNDING = 2;

export interface Offset {
  /** Server clock − client clock, µs. */
  value: number;
  /** Half the width of its bounds, µs. */
  uncertainty: number;
}

/** The pairs of one server log and one client log. */
class Relation {
  samples = 0;
  private first = Number.POSITIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;
  private minRtt = Number.POSITIVE_INFINITY;
  /** Bounds on the offset (reference/clock alignment: θ ≤ T2 − T1, θ ≥ T3 − T4). */
  private lower = Number.NEGATIVE_INFINITY;
  private upper = Number.POSITIVE_INFINITY;
  private contradictions = 0;
  private readonly exact: number | null;

  constructor(
    readonly server: LogPart,
    readonly client: LogPart,
  ) {
    this.exact = offsetOfBoot(server, client);
  }

  add(sent: number, received: number, replied: number, seen: number): void {
    const upper = received - sent;
    const lower = replied - seen;
    if (upper < this.upper) this.upper = upper;
    if (lower > this.lower) this.lower = lower;
    if (upper - lower < this.minRtt) this.minRtt = upper - lower;
    if (sent < this.first) this.first = sent;
    if (seen > this.last) this.last = seen;
    else if (sent > this.last) this.last = sent;
    if (this.exact !== null && (upper < this.exact - ROUNDING || lower > this.exact + ROUNDING)) this.contradictions++;
  }

  /** Null where nothing is known. */
  get offset(): Offset | null {
    if (this.isExact) return { value: Math.round(this.exact!), uncertainty: 1 };
    const width = this.upper - this.lower;
    if (!Number.isFinite(width)) return null;
    return { value: Math.round((this.upper + this.lower) / 2), uncertainty: Math.ceil(Math.abs(width) / 2) };
  }

  get epoch(): ClockEpoch {
    const offset = this.offset;
    const known = Number.isFinite(this.first);
    return {
      from: known ? this.first : 0,
      to: known ? this.last : 0,
      at: known ? Math.round((this.first + this.last) / 2) : 0,
      offset: offset?.value ?? 0,
      uncertainty: offset?.uncertainty ?? 0,
      drift: 0,
      samples: this.samples,
      minRtt: Number.isFinite(this.minRtt) ? this.minRtt : null,
      quality: this.isExact ? "exact" : offset === null ? "none" : this.lower <= this.upper ? "bounded" : "approximate",
    };
  }

  get method(): string {
    const pairs = `${this.samples} ${this.samples === 1 ? "pair" : "pairs"}`;
    if (this.isExact) return `same boot: one monotonic clock, verified by ${pairs}`;
    const bounds = `bounds from ${pairs}`;
    if (this.exact === null) return bounds;
    return `${bounds}; the logs name one boot, but ${this.contradictions} of ${pairs} contradict it`;
  }

  private get isExact(): boolean {
    return this.exact !== null && this.contradictions === 0;
  }
}

export class Clocks {
  private relations = new Map<string, Relation>();
  private stale = false;

  constructor(private readonly store: Store) {}

  /** A new pair of records. */
  paired(client: number, server: number): void {
    if (this.stale) return;
    const relation = this.relation(client, server);
    relation.samples++;
    this.sample(relation, client, server);
  }

  /** A pair that was counted knows more stamps now. */
  refined(client: number, server: number): void {
    if (!this.stale) this.sample(this.relation(client, server), client, server);
  }

  /** A pair was taken apart: what was learnt from it is learnt again from all. */
  invalidate(): void {
    this.stale = true;
  }

  /** In order of first pair. */
  list(): ClockRelation[] {
    return this.current().map((relation) => ({
      server: relation.server.label,
      client: relation.client.label,
      epochs: [relation.epoch],
      method: relation.method,
    }));
  }

  /** The offset between two parts' clocks at a time of the client's; null where nothing is known. */
  offset(server: LogPart, client: LogPart): Offset | null {
    this.refresh();
    return this.relations.get(key(server, client))?.offset ?? null;
  }

  /** The client's part that a server's part has most pairs with. */
  mainClient(server: LogPart): LogPart | null {
    let best: Relation | null = null;
    for (const relation of this.current())
      if (relation.server === server && relation.samples > (best?.samples ?? 0)) best = relation;
    return best?.client ?? null;
  }

  private current(): Relation[] {
    this.refresh();
    return [...this.relations.values()];
  }

  private refresh(): void {
    if (!this.stale) return;
    this.stale = false;
    this.relations = new Map();
    const { rows } = this.store;
    for (let row = 0; row < rows.length; row++)
      if (rows.pairing(row) !== "none") this.paired(rows.client(row), rows.server(row));
  }

  private relation(client: number, server: number): Relation {
    const serverPart = this.store.partOf("server", server);
    const clientPart = this.store.partOf("client", client);
    const name = key(serverPart, clientPart);
    let relation = this.relations.get(name);
    if (!relation) {
      relation = new Relation(serverPart, clientPart);
      this.relations.set(name, relation);
    }
    return relation;
  }

  private sample(relation: Relation, client: number, server: number): void {
    const { client: clients, server: servers } = this.store;
    relation.add(
      clients.time(client, "requestStart"),
      servers.time(server, "parseStart"),
      servers.time(server, "processEnd"),
      clients.time(client, "responseStart"),
    );
  }
}

const key = (server: LogPart, client: LogPart): string => `${server.number}/${client.number}`;
