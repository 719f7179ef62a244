/** What a group's header shows of its rows: their extent, their medians, and a sentence. */
import type { DurationKey } from "../model/request";
import { median } from "../model/statistics/select";
import type { Axis } from "./axis";
import type { Group } from "./grouping";
import { known } from "./known";
import { RowColumns } from "./row-columns";
import { inSteps, ROWS_A_STEP, type Steps } from "./steps";
import type { Store } from "./store";
import { groupVerdict } from "./verdict/verdict";

const DURATIONS = ["clientResponse", "serverResponse", "network", "queue"] as const satisfies readonly DurationKey[];

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

export function* groupSummary(store: Store, axis: Axis, { rows }: Group): Steps<GroupSummary> {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  let failed = 0;
  let bytes = 0;
  const durations = DURATIONS.map(() => new Float64Array(rows.length));
  yield* inSteps(rows.length, ROWS_A_STEP, (first, end) => {
    const columns = new RowColumns(store, rows.subarray(first, end));
    const spans = columns.spans(axis);
    const failures = columns.failures();
    const sizes = columns.shared("bytes");
    for (let at = 0; at < sizes.length; at++) {
      if (spans.from[at]! < from) from = spans.from[at]!;
      if (spans.to[at]! > to) to = spans.to[at]!;
      failed += failures[at]!;
      bytes += sizes[at]! || 0;
    }
    DURATIONS.forEach((key, at) => void durations[at]!.set(columns.duration(key), first));
  });
  const slow = groupVerdict(store, rows);
  const medians: number[] = [];
  for (const values of durations) {
    medians.push(median(known(values)));
    yield;
  }
  const [clientResponse, serverResponse, network, queue] = medians as [number, number, number, number];
  const requests = `${rows.length} ${rows.length === 1 ? "request" : "requests"}`;
  const text = `${requests}${failed > 0 ? `, ${failed} failed` : ""}${slow ? ` · slow by ${slow.part}` : ""}`;
  return { from, to, bytes, clientResponse, serverResponse, network, queue, text };
}
