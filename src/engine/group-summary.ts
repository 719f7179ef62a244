/** What a group's header shows of its rows: their extent, their medians, and a sentence. */
import type { DurationKey } from "../model/request";
import { median } from "../model/statistics/select";
import type { Axis } from "./axis";
import type { Group } from "./grouping";
import { RowFacts } from "./row-facts";
import { rowSpan } from "./row-span";
import type { Store } from "./store";

export interface GroupSummary {
  /** µs since the epoch on the axis. */
  from: number;
  to: number;
  bytes: number;
  /** Medians, µs. */
  clientResponse: number;
  serverResponse: number;
  network: number;
  queue: number;
  text: string;
}

export function groupSummary(store: Store, axis: Axis, group: Group): GroupSummary {
  const facts = new RowFacts(store);
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let bytes = 0;
  let failed = 0;
  for (const row of group.rows) {
    const [start, end] = rowSpan(store, axis, row);
    if (start < from) from = start;
    if (end > to) to = end;
    const size = facts.bytes(row);
    if (!Number.isNaN(size)) bytes += size;
    if (facts.isFailure(row)) failed++;
  }
  const requests = `${group.rows.length} ${group.rows.length === 1 ? "request" : "requests"}`;
  return {
    from,
    to,
    bytes,
    clientResponse: medianOf(facts, group, "clientResponse"),
    serverResponse: medianOf(facts, group, "serverResponse"),
    network: medianOf(facts, group, "network"),
    queue: medianOf(facts, group, "queue"),
    text: failed > 0 ? `${requests}, ${failed} failed` : requests,
  };
}

function medianOf(facts: RowFacts, { rows }: Group, key: DurationKey): number {
  const values = new Float64Array(rows.length);
  let count = 0;
  for (let at = 0; at < rows.length; at++) {
    const value = facts.duration(rows[at]!, key);
    if (!Number.isNaN(value)) values[count++] = value;
  }
  return median(values.subarray(0, count));
}
