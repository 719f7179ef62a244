/** Durations of many rows at once: the rows' records are looked up once, and a column at a time. */
import { SPANS } from "../model/metrics";
import type { DurationKey } from "../model/request";
import { type Corrections, correctionsOf } from "./clock-columns";
import type { ClientTime, ServerTime } from "./fields";
import { isServerStamp } from "./row-facts";
import type { Store } from "./store";

/** Whichever of these came first ended the wait for a connection. */
const BLOCKED_UNTIL = ["domainLookupStart", "connectStart", "secureConnectionStart", "requestStart"] as const;

/** In place of the first. */
function combined(a: Float64Array, b: Float64Array, of: (a: number, b: number) => number): Float64Array {
  for (let at = 0; at < a.length; at++) a[at] = of(a[at]!, b[at]!);
  return a;
}

export class RowDurations {
  private readonly client: Uint32Array;
  private readonly server: Uint32Array;
  /** The whole times, of which others are made as well. */
  private readonly whole: { [key in "clientResponse" | "serverResponse"]?: Float64Array } = {};
  private clocks: Corrections | null = null;
  private arrivals: Float64Array | null = null;

  constructor(
    private readonly store: Store,
    private readonly rows: ArrayLike<number>,
  ) {
    const wanted = Uint32Array.from(rows);
    this.client = store.rows.recordsOf("client", wanted);
    this.server = store.rows.recordsOf("server", wanted);
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
        return combined(
          this.all("clientResponse"),
          this.wholeOf("serverResponse"),
          (client, server) => client - server,
        );
      case "clientResponse":
      case "serverResponse":
        return this.wholeOf(key).slice();
      case "queue":
        return combined(this.serverTime("parseStart"), this.arrival(), (parsed, arrived) => parsed - arrived);
      case "networkUp": {
        const arrived = combined(this.arrival().slice(), this.corrections().up, (time, up) => time - up);
        return combined(arrived, this.clientTime("requestStart"), (time, sent) => time - sent);
      }
      case "networkDown": {
        const late = combined(
          this.clientTime("responseEnd"),
          this.serverTime("sendEnd"),
          (ended, sent) => ended - sent,
        );
        return combined(late, this.corrections().down, (time, down) => time + down);
      }
      case "blocked":
        return BLOCKED_UNTIL.map((until) => store.client.differences(this.client, "fetchStart", until)).reduce(
          (first, next) => combined(first, next, (known, other) => (Number.isNaN(known) ? other : known)),
        );
    }
    return this.span(key);
  }

  private wholeOf(key: "clientResponse" | "serverResponse"): Float64Array {
    this.whole[key] ??= this.span(key);
    return this.whole[key];
  }

  private span(key: keyof typeof SPANS): Float64Array {
    const { store } = this;
    const [from, to] = SPANS[key];
    return isServerStamp(from)
      ? store.server.differences(this.server, from as ServerTime, to as ServerTime)
      : store.client.differences(this.client, from as ClientTime, to as ClientTime);
  }

  /** A stamp, µs since the epoch on its own clock. */
  clientTime(name: ClientTime): Float64Array {
    return this.store.client.timesOf(this.client, name);
  }

  serverTime(name: ServerTime): Float64Array {
    return this.store.server.timesOf(this.server, name);
  }

  private corrections(): Corrections {
    this.clocks ??= correctionsOf(this.store, this.rows, this.client, this.server);
    return this.clocks;
  }

  /** When it counts as arrived, on the server's clock: as `duration` has it. */
  private arrival(): Float64Array {
    if (this.arrivals) return this.arrivals;
    const [earliest, latest] = this.arrivalBounds();
    const { up } = this.corrections();
    for (let at = 0; at < latest.length; at++) {
      if (Number.isNaN(latest[at]!)) continue;
      const blocked = Number.isNaN(up[at]!) && !Number.isNaN(this.store.server.value(this.server[at]!, "blockedBy"));
      if (blocked || !Number.isNaN(up[at]!)) latest[at] = (earliest[at]! + latest[at]!) / 2;
    }
    this.arrivals = latest;
    return latest;
  }

  /** As `arrivalOf` narrows it where the clocks are aligned. */
  private arrivalBounds(): [earliest: Float64Array, latest: Float64Array] {
    const earliest = this.serverTime("arrivalEarliest");
    if (earliest.every(Number.isNaN)) return [earliest, earliest];
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
