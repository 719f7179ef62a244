/** Durations of many rows at once: the rows' records are looked up once, and a column at a time. */
import { isSpan, SPANS } from "../model/metrics";
import type { Role } from "../model/record";
import type { DurationKey } from "../model/request";
import { Corrections } from "./clock-columns";
import type { ClientTime, ServerTime } from "./fields";
import { isAnyUnknown, isUnknown, known } from "./known";
import { RecordStamps } from "./record-stamps";
import { isServerStamp } from "./row-facts";
import type { Store } from "./store";

/** Whichever of these came first ended the wait for a connection. */
const BLOCKED_UNTIL = ["domainLookupStart", "connectStart", "secureConnectionStart", "requestStart"] as const;

/** Those of them that some record has. */
export const blockedUntil = ({ client }: Store): ClientTime[] => BLOCKED_UNTIL.filter((until) => client.hasTime(until));

/** a − b, in place of a. */
function less(a: Float64Array, b: Float64Array): Float64Array {
  for (let at = 0; at < a.length; at++) a[at]! -= b[at]!;
  return a;
}

/** What is unknown of a is b's. */
function completed(a: Float64Array, b: Float64Array): Float64Array {
  for (let at = 0; at < a.length; at++) if (Number.isNaN(a[at]!)) a[at] = b[at]!;
  return a;
}

export class RowDurations {
  private readonly rows: Uint32Array;
  private readonly records: Readonly<Record<Role, Uint32Array>>;
  private readonly client: RecordStamps<ClientTime>;
  private readonly server: RecordStamps<ServerTime>;
  private clocks: Corrections | null = null;
  private arrivals: Float64Array | null = null;

  constructor(
    private readonly store: Store,
    rows: ArrayLike<number>,
  ) {
    this.rows = rows instanceof Uint32Array ? rows : Uint32Array.from(rows);
    const of = (side: Role): Uint32Array => store.rows.recordsOf(side, this.rows);
    this.records = { client: of("client"), server: of("server") };
    this.client = new RecordStamps(store.client, this.records.client);
    this.server = new RecordStamps(store.server, this.records.server);
  }

  /** Whether some record of the session may have what a duration takes. */
  mayBeKnown(key: DurationKey): boolean {
    if (key === "queue" || key === "networkUp") return this.isArrivalKnown;
    if (!isSpan(key)) return true;
    const [from, to] = SPANS[key];
    return isServerStamp(from)
      ? this.server.isKnown(from as ServerTime) && this.server.isKnown(to as ServerTime)
      : this.client.isKnown(from as ClientTime) && this.client.isKnown(to as ClientTime);
  }

  /** Known values, in the order of the rows. */
  known(key: DurationKey): Float64Array {
    return known(this.all(key));
  }

  /** In the order of the rows, NaN where unknown. */
  all(key: DurationKey): Float64Array {
    if (!this.mayBeKnown(key)) return new Float64Array(this.rows.length).fill(Number.NaN);
    switch (key) {
      case "network":
        return less(this.all("clientResponse"), this.all("serverResponse"));
      case "queue":
        return less(this.serverTime("parseStart"), this.arrival());
      case "networkUp":
        return less(less(this.arrival().slice(), this.corrections().up), this.clientTime("requestStart"));
      case "networkDown": {
        const late = less(this.clientTime("responseEnd"), this.serverTime("sendEnd"));
        const { down } = this.corrections();
        for (let at = 0; at < late.length; at++) late[at]! += down[at]!;
        return late;
      }
      case "blocked":
        return this.blocked();
    }
    const [from, to] = SPANS[key];
    return isServerStamp(from)
      ? this.server.spans(from as ServerTime, to as ServerTime)
      : this.client.spans(from as ClientTime, to as ClientTime);
  }

  private get isArrivalKnown(): boolean {
    return this.server.isKnown("arrivalEarliest");
  }

  private blocked(): Float64Array {
    const [first, ...later] = blockedUntil(this.store);
    let waits = this.client.spans("fetchStart", first ?? "requestStart");
    for (const until of later)
      if (isAnyUnknown(waits)) waits = completed(waits, this.client.spans("fetchStart", until));
    return waits;
  }

  /** Half of the interval in which each is known to have arrived, and what its clocks add to that, µs. */
  uncertainties(): { arrival: Float64Array; clocks: Float64Array } {
    const [earliest, latest] = this.arrivalBounds();
    const arrival = less(latest.slice(), earliest);
    for (let at = 0; at < arrival.length; at++) arrival[at]! /= 2;
    return { arrival, clocks: this.corrections().uncertainty };
  }

  /** A stamp, µs since the epoch on its own clock. */
  clientTime(name: ClientTime): Float64Array {
    return this.client.times(name);
  }

  serverTime(name: ServerTime): Float64Array {
    return this.server.times(name);
  }

  /** From one stamp of the client to another, µs. */
  clientSpan(from: ClientTime, to: ClientTime): Float64Array {
    return this.client.spans(from, to);
  }

  private corrections(): Corrections {
    this.clocks ??= new Corrections(this.store, this.rows, this.records, {
      sent: () => this.clientTime("requestStart"),
      seen: () => this.clientTime("responseStart"),
      received: () => this.serverTime("parseStart"),
      answered: () => this.serverTime("processEnd"),
    });
    return this.clocks;
  }

  /** When it counts as arrived, on the server's clock: as `duration` has it. */
  private arrival(): Float64Array {
    if (this.arrivals) return this.arrivals;
    const [earliest, latest] = this.arrivalBounds();
    this.arrivals = latest;
    if (isUnknown(latest)) return latest;
    const { up } = this.corrections();
    const blockedBy = this.store.server.column("blockedBy").gather(this.records.server);
    for (let at = 0; at < latest.length; at++)
      if (!Number.isNaN(up[at]!) || !Number.isNaN(blockedBy[at]!)) latest[at] = (earliest[at]! + latest[at]!) / 2;
    return latest;
  }

  /** As `arrivalOf` narrows it where the clocks are aligned. */
  private arrivalBounds(): [earliest: Float64Array, latest: Float64Array] {
    const earliest = this.serverTime("arrivalEarliest");
    if (isUnknown(earliest)) return [earliest, earliest];
    const latest = this.serverTime("arrivalLatest");
    const { up, uncertainty, exact } = this.corrections();
    const [sent, written] = [this.clientTime("requestStart"), this.clientTime("requestEnd")];
    for (let at = 0; at < earliest.length; at++) {
      if (Number.isNaN(up[at]!)) continue;
      const first = sent[at]! + up[at]! - uncertainty[at]!;
      if (first > earliest[at]!) earliest[at] = Math.min(first, latest[at]!);
      const last = written[at]! + up[at]! + uncertainty[at]!;
      if (exact[at] && last < latest[at]!) latest[at] = Math.max(last, earliest[at]!);
    }
    return [earliest, latest];
  }
}
