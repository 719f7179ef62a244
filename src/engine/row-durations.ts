/** Durations of many rows at once: the rows' records are looked up once, and a column at a time. */
import { type ClockOffset, duration, SPANS } from "../model/metrics";
import type { DurationKey } from "../model/request";
import type { ClientTime, ServerTime } from "./fields";
import { isServerStamp, RowFacts } from "./row-facts";
import type { Store } from "./store";

/** Whichever of these came first ended the wait for a connection. */
const BLOCKED_UNTIL = ["domainLookupStart", "connectStart", "secureConnectionStart", "requestStart"] as const;

const combined = (a: Float64Array, b: Float64Array, of: (a: number, b: number) => number): Float64Array =>
  a.map((value, i) => of(value, b[i]!));

export class RowDurations {
  private readonly client: Uint32Array;
  private readonly server: Uint32Array;
  private readonly facts: RowFacts;
  /** Looked up when a duration first needs them. */
  private corrections: (ClockOffset | null)[] | null = null;

  constructor(
    private readonly store: Store,
    private readonly rows: ArrayLike<number>,
  ) {
    this.facts = new RowFacts(store);
    const wanted = Uint32Array.from(rows);
    this.client = store.rows.recordsOf("client", wanted);
    this.server = store.rows.recordsOf("server", wanted);
  }

  private offsets(): (ClockOffset | null)[] {
    this.corrections ??= Array.from(this.rows, (row) => this.facts.offset(row));
    return this.corrections;
  }

  /** Known values, in the order of the rows. */
  known(key: DurationKey): Float64Array {
    return this.all(key).filter((value) => !Number.isNaN(value));
  }

  /** In the order of the rows, NaN where unknown. */
  all(key: DurationKey): Float64Array {
    const { store } = this;
    switch (key) {
      case "network":
        return combined(this.all("clientResponse"), this.all("serverResponse"), (client, server) => client - server);
      case "queue":
        return this.queue();
      case "networkUp":
      case "networkDown":
        return Float64Array.from(this.rows, (row, at) => this.one(key, row, at));
      case "blocked":
        return BLOCKED_UNTIL.map((until) => store.client.differences(this.client, "fetchStart", until)).reduce(
          (first, next) => combined(first, next, (known, other) => (Number.isNaN(known) ? other : known)),
        );
    }
    const [from, to] = SPANS[key];
    return isServerStamp(from)
      ? store.server.differences(this.server, from as ServerTime, to as ServerTime)
      : store.client.differences(this.client, from as ClientTime, to as ClientTime);
  }

  /** Only where the arrival is known is there anything to work out. */
  private queue(): Float64Array {
    const found = this.store.server.differences(this.server, "arrivalEarliest", "parseStart");
    for (let at = 0; at < found.length; at++)
      if (!Number.isNaN(found[at]!)) found[at] = this.one("queue", this.rows[at]!, at);
    return found;
  }

  /** Request by request: each has its own correction of the clocks. */
  private one(key: DurationKey, row: number, at: number): number {
    return duration(key, this.facts.stamps(row), this.offsets()[at] ?? null);
  }
}
