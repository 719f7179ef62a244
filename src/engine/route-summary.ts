/** Statistics by route, from columns: what reports and the panel's tables show. */
import { type ClockOffset, duration, SPANS } from "../model/metrics";
import type { RouteSummary } from "../model/report";
import { DURATION_KEYS, type DurationKey } from "../model/request";
import { type PeakRule, peakLimit } from "../model/statistics/peaks";
import { summarise } from "../model/statistics/summary";
import type { ClientTime, ServerTime } from "./fields";
import { isServerStamp, RowFacts } from "./row-facts";
import type { Store } from "./store";

/**
 * Routes by count, the most frequent first. Warm-up requests and interference are left out, and peaks of R C (of R S
 * where no client was measured) by the rule.
 */
export function summariseRoutes(store: Store, rule: PeakRule = "none"): RouteSummary[] {
  const facts = new RowFacts(store);
  return rowsByRoute(store, facts).map(([key, rows]) => {
    if (rule === "none") return summariseRows(store, key, rows);
    const kept = withoutPeaks(facts, rows, rule);
    return { ...summariseRows(store, key, kept), count: rows.length, peaks: { rule, kept: kept.length } };
  });
}

/** Rows in order of time, the most frequent route first; without warm-up requests and interference. */
export function rowsByRoute(store: Store, facts: RowFacts): [key: string, rows: number[]][] {
  const routes = new Map<number, number[]>();
  for (const row of store.spine.rows()) {
    if (store.rows.isEmpty(row) || facts.isWarmup(row) || facts.isInterference(row)) continue;
    const key = store.spine.routeOf(row);
    const rows = routes.get(key);
    if (rows) rows.push(row);
    else routes.set(key, [row]);
  }
  return [...routes]
    .map(([key, rows]): [string, number[]] => [store.routes.text(key), rows])
    .sort(([a, rowsOfA], [b, rowsOfB]) => rowsOfB.length - rowsOfA.length || (a < b ? -1 : 1));
}

function withoutPeaks(facts: RowFacts, rows: readonly number[], rule: PeakRule): number[] {
  const whole = (row: number): number => {
    const client = facts.duration(row, "clientResponse");
    return Number.isNaN(client) ? facts.duration(row, "serverResponse") : client;
  };
  const limit = peakLimit(Float64Array.from(rows, whole), rule);
  return rows.filter((row) => !(whole(row) > limit));
}

/** Whichever of these came first ended the wait for a connection. */
const BLOCKED_UNTIL = ["domainLookupStart", "connectStart", "secureConnectionStart", "requestStart"] as const;

const combined = (a: Float64Array, b: Float64Array, of: (a: number, b: number) => number): Float64Array =>
  a.map((value, i) => of(value, b[i]!));

/** Durations of many rows at once: the rows' records are looked up once, and a column at a time. */
export class RowDurations {
  private readonly client: Float64Array;
  private readonly server: Float64Array;
  private readonly facts: RowFacts;
  /** Looked up when a duration first needs them. */
  private corrections: (ClockOffset | null)[] | null = null;

  constructor(
    private readonly store: Store,
    private readonly rows: ArrayLike<number>,
  ) {
    this.facts = new RowFacts(store);
    this.client = Float64Array.from(rows, (row) => store.rows.client(row));
    this.server = Float64Array.from(rows, (row) => store.rows.server(row));
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
      case "networkUp":
      case "networkDown":
        // Request by request: each has its own correction of the clocks.
        return Float64Array.from(this.rows, (row, i) =>
          duration(key, this.facts.stamps(row), this.offsets()[i] ?? null),
        );
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
}

function summariseRows(store: Store, key: string, rows: readonly number[]): RouteSummary {
  const summary: RouteSummary = { key, count: rows.length };
  const durations = new RowDurations(store, rows);
  for (const duration of DURATION_KEYS) {
    const values = durations.known(duration);
    if (values.length > 0) summary[duration] = summarise(values);
  }
  return summary;
}
