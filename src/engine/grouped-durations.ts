/** Durations of groups of rows: of all groups in one pass over the columns, a duration after the other. */
import { isSpan, SPANS } from "../model/metrics";
import type { Role } from "../model/record";
import type { DurationKey } from "../model/request";
import type { ClientTime, ServerTime } from "./fields";
import { isUnknown, known } from "./known";
import { blockedUntil, RowDurations } from "./row-durations";
import { isServerStamp } from "./row-facts";
import type { RowGroup } from "./row-groups";
import { SLICE } from "./row-slices";
import { type Spanned, spannedBy } from "./row-spans";
import { interlude, STEP } from "./steps";
import type { Store } from "./store";

/** Known values, µs, of each group's rows in order of time. */
export type OfGroups = readonly Float64Array[];

/** `isReused`: what is given of a duration holds until the next one is asked for, which is laid out in the same room. */
export function* groupedDurations<K extends DurationKey>(
  store: Store,
  groups: readonly RowGroup[],
  keys: readonly K[],
  isReused = false,
): Generator<readonly [K, OfGroups]> {
  const rows = new Dealt(store, groups);
  // In a column each that is in memory it is found fastest alone; others have much in common.
  const alone = new Map<K, Spans>();
  for (const key of keys) {
    const spans = spansOf(store, key);
    if (spans) alone.set(key, spans);
  }
  const together = rows.together(keys.filter((key) => !alone.has(key)));
  let room: Float64Array | null = null;
  for (const key of keys) {
    const spans = alone.get(key);
    let values = together.get(key) ?? null;
    if (spans) {
      if (!isReused) room = null;
      room ??= new Float64Array(rows.count);
      values = rows.deal(spans, room) ? room : null;
    }
    interlude();
    yield [key, rows.groups.map((_, group) => known(rows.of(group, values)))];
  }
}

/** A duration as the distances of stamps of one side or, less those of another, of both. */
type Spans = readonly { side: Role; columns: Spanned }[];

/** Null where it is more than that, or where a column is not in memory. */
function spansOf(store: Store, key: DurationKey): Spans | null {
  if (key === "network") {
    const [client, server] = [spansOf(store, "clientResponse"), spansOf(store, "serverResponse")];
    return client && server && [...client, ...server];
  }
  const until = key === "blocked" ? blockedUntil(store) : [];
  if (!isSpan(key) && until.length !== 1) return null;
  const [from, to] = isSpan(key) ? SPANS[key] : (["fetchStart", until[0]!] as const);
  const { client, server } = store;
  const isServers = isServerStamp(from);
  const columns = isServers
    ? spannedBy(server.distances(from as ServerTime), server.distances(to as ServerTime))
    : spannedBy(client.distances(from as ClientTime), client.distances(to as ClientTime));
  return columns && [{ side: isServers ? "server" : "client", columns }];
}

/** The rows of all groups in order of time, as their records mostly stand: a column is read from its beginning to its end. */
class Dealt {
  private readonly rows: Uint32Array;
  /** Where each row's value goes: those of a group stand together. */
  private readonly places: Uint32Array;
  private readonly offsets: Uint32Array;
  private readonly records: Partial<Record<Role, Uint32Array>> = {};

  constructor(
    private readonly store: Store,
    readonly groups: readonly RowGroup[],
  ) {
    const offsets = new Uint32Array(groups.length + 1);
    // 0: in none.
    const numbers = new Uint32Array(store.rows.length);
    groups.forEach(({ rows }, group) => {
      offsets[group + 1] = offsets[group]! + rows.length;
      for (let at = 0; at < rows.length; at++) numbers[rows[at]!] = group + 1;
    });
    const count = offsets.at(-1)!;
    const next = offsets.slice();
    this.rows = new Uint32Array(count);
    this.places = new Uint32Array(count);
    const all = store.spine.rows();
    for (let from = 0, found = 0; from < all.length; from += STEP) {
      interlude();
      for (let at = from; at < Math.min(all.length, from + STEP); at++) {
        const group = numbers[all[at]!]!;
        if (group === 0) continue;
        this.rows[found] = all[at]!;
        this.places[found++] = next[group - 1]!++;
      }
    }
    this.offsets = offsets;
  }

  get count(): number {
    return this.rows.length;
  }

  of(group: number, values: Float64Array | null): Float64Array {
    return values?.subarray(this.offsets[group], this.offsets[group + 1]) ?? new Float64Array();
  }

  /** Whether any is known. */
  deal(spans: Spans, into: Float64Array): boolean {
    return spans.every(({ side, columns }, at) => {
      const dealing = { records: this.recordsOf(side), places: this.places, into, isSubtracted: at > 0 };
      let isAnyKnown = false;
      for (let from = 0; from < this.count; from += STEP) {
        interlude();
        if (columns.deal(dealing, from, Math.min(this.count, from + STEP))) isAnyKnown = true;
      }
      return isAnyKnown;
    });
  }

  /** Those of the durations that are known of any row. */
  together<K extends DurationKey>(keys: readonly K[]): Map<K, Float64Array> {
    const all = new Map<K, Float64Array>();
    if (keys.length === 0) return all;
    for (let from = 0; from < this.count; from += SLICE) {
      interlude();
      const durations = new RowDurations(this.store, this.rows.subarray(from, from + SLICE));
      const places = this.places.subarray(from, from + SLICE);
      for (const key of keys) {
        // What is never known costs nothing.
        if (!durations.mayBeKnown(key)) continue;
        const own = durations.all(key);
        let values = all.get(key);
        if (!values) {
          if (isUnknown(own)) continue;
          // Each place is dealt to, but those of the slices before.
          values = new Float64Array(this.count);
          if (from > 0) values.fill(Number.NaN);
          all.set(key, values);
          interlude();
        }
        for (let at = 0; at < own.length; at++) values[places[at]!] = own[at]!;
      }
    }
    return all;
  }

  private recordsOf(side: Role): Uint32Array {
    this.records[side] ??= this.store.rows.recordsOf(side, this.rows);
    return this.records[side];
  }
}
