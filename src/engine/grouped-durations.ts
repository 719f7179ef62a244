/** Durations of groups of rows: of all groups in one pass, a slice of the rows after the other. */
import type { DurationKey } from "../model/request";
import { isUnknown, known } from "./known";
import { RowDurations } from "./row-durations";
import type { RowGroup } from "./row-groups";
import { SLICE } from "./row-slices";
import { interlude, STEP } from "./steps";
import type { Store } from "./store";

/** Known values, µs, of each group's rows in order of time. */
export type GroupedDurations<K extends DurationKey> = ReadonlyMap<K, readonly Float64Array[]>;

export function groupedDurations<K extends DurationKey>(
  store: Store,
  groups: readonly RowGroup[],
  keys: readonly K[],
): GroupedDurations<K> {
  const offsets = new Uint32Array(groups.length + 1);
  // 0: in none.
  const numbers = new Uint32Array(store.rows.length);
  groups.forEach(({ rows }, group) => {
    offsets[group + 1] = offsets[group]! + rows.length;
    for (let at = 0; at < rows.length; at++) numbers[rows[at]!] = group + 1;
  });
  const count = offsets.at(-1)!;
  const next = offsets.slice();
  const places = new Uint32Array(SLICE);
  const all = keys.map((key) => ({ key, values: null as Float64Array | null }));
  const rows = grouped(store.spine.rows(), numbers, count);
  // In order of time, as their records mostly stand: a column is read from its beginning to its end.
  for (let from = 0; from < count; from += SLICE) {
    interlude();
    const slice = rows.subarray(from, from + SLICE);
    const durations = new RowDurations(store, slice);
    for (let at = 0; at < slice.length; at++) places[at] = next[numbers[slice[at]!]! - 1]!++;
    for (const one of all) {
      // What is never known costs nothing.
      if (!durations.mayBeKnown(one.key)) continue;
      const own = durations.all(one.key);
      if (one.values === null) {
        if (isUnknown(own)) continue;
        // Each place is dealt to, but those of the slices before.
        one.values = new Float64Array(count);
        if (from > 0) one.values.fill(Number.NaN);
        interlude();
      }
      dealOut(own, places, one.values);
    }
  }
  return new Map(
    all.map(({ key, values }) => [
      key,
      groups.map((_, group) => known(values?.subarray(offsets[group], offsets[group + 1]) ?? new Float64Array())),
    ]),
  );
}

function dealOut(values: Float64Array, places: Uint32Array, into: Float64Array): void {
  for (let at = 0; at < values.length; at++) into[places[at]!] = values[at]!;
}

function grouped(rows: Uint32Array, numbers: Uint32Array, count: number): Uint32Array {
  const found = new Uint32Array(count);
  let at = 0;
  for (let from = 0; from < rows.length; from += STEP) {
    for (const row of rows.subarray(from, from + STEP)) if (numbers[row]! > 0) found[at++] = row;
    interlude();
  }
  return found;
}
