/** Durations of groups of rows: of all groups in one pass, a slice of the rows after the other. */
import type { DurationKey } from "../model/request";
import { isUnknown, known } from "./known";
import type { RowGroup } from "./row-groups";
import { SLICE, slicesOf } from "./row-slices";
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
  // In order of time, as their records mostly stand: a column is read from its beginning to its end.
  for (const slice of slicesOf(store, grouped(store.spine.rows(), numbers, count))) {
    const { rows } = slice;
    for (let at = 0; at < rows.length; at++) places[at] = next[numbers[rows[at]!]! - 1]!++;
    for (const one of all) {
      const own = slice.duration(one.key);
      if (one.values === null) {
        // What is never known costs nothing.
        if (isUnknown(own)) continue;
        one.values = new Float64Array(count).fill(Number.NaN);
      }
      const { values } = one;
      for (let at = 0; at < own.length; at++) values[places[at]!] = own[at]!;
    }
  }
  return new Map(
    all.map(({ key, values }) => [
      key,
      groups.map((_, group) => known(values?.subarray(offsets[group], offsets[group + 1]) ?? new Float64Array())),
    ]),
  );
}

function grouped(rows: Uint32Array, numbers: Uint32Array, count: number): Uint32Array {
  const found = new Uint32Array(count);
  let at = 0;
  for (const row of rows) if (numbers[row]! > 0) found[at++] = row;
  return found;
}
