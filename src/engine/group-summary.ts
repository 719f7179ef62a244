/** What a group's header shows of its rows: their extent, their medians, and a sentence. */
import type { DurationKey } from "../model/request";
import { median } from "../model/statistics/select";
import type { Axis } from "./axis";
import type { Group } from "./grouping";
import { RowColumns } from "./row-columns";
import type { Store } from "./store";
import { groupVerdict } from "./verdict/verdict";

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
  const columns = new RowColumns(store, group.rows);
  const spans = columns.spans(axis);
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < group.rows.length; at++) {
    if (spans.from[at]! < from) from = spans.from[at]!;
    if (spans.to[at]! > to) to = spans.to[at]!;
  }
  const failed = columns.failures().reduce((sum, one) => sum + one, 0);
  const slow = groupVerdict(store, group.rows);
  const requests = `${group.rows.length} ${group.rows.length === 1 ? "request" : "requests"}`;
  const medianOf = (key: DurationKey): number => median(known(columns.duration(key)));
  return {
    from,
    to,
    bytes: known(columns.shared("bytes")).reduce((sum, one) => sum + one, 0),
    clientResponse: medianOf("clientResponse"),
    serverResponse: medianOf("serverResponse"),
    network: medianOf("network"),
    queue: medianOf("queue"),
    text: `${requests}${failed > 0 ? `, ${failed} failed` : ""}${slow ? ` · slow by ${slow.part}` : ""}`,
  };
}

/** In place. */
function known(values: Float64Array): Float64Array {
  let count = 0;
  for (let at = 0; at < values.length; at++) if (!Number.isNaN(values[at]!)) values[count++] = values[at]!;
  return values.subarray(0, count);
}
