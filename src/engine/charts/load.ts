/** How many requests there were at once, at the client and at the server, and how long they queued. */
import type { Role } from "../../model/record";
import type { InFlight, LoadData } from "../../protocol/charts";
import { RowDurations } from "../row-durations";
import { columnOf, slicesOf } from "../row-slices";
import { lastStamp } from "../row-span";
import { sortNumbers } from "../sort";
import { interlude } from "../steps";
import type { Chosen } from "./chosen";
import { Columns } from "./columns";

/** Interference is load, too: all rows count. */
export function loadOf(chosen: Chosen, wanted: number): LoadData {
  const starts = startsOf(chosen);
  const columns = Columns.over(starts, wanted);
  const started = new Uint32Array(columns.length);
  for (const start of starts) if (columns.at(start) >= 0) started[columns.at(start)]!++;
  return {
    chart: "load",
    from: columns.from,
    to: columns.to,
    columns: columns.length,
    client: inFlight(spansOf(chosen, "client"), columns),
    server: inFlight(spansOf(chosen, "server"), columns),
    queue: queueOf(chosen, starts, columns),
    started,
  };
}

/** The most requests that the server had at once, 0 where none was measured. */
export function atOnceOf(chosen: Chosen): number {
  const spans = spansOf(chosen, "server");
  return Math.max(0, ...(inFlight(spans, Columns.over(spans.starts, 1))?.max ?? []));
}

/** Beginnings and ends, µs relative to base, not in pairs: only how many there are between them matters. */
interface Spans {
  starts: Float64Array;
  ends: Float64Array;
}

function startsOf({ store, axis, rows }: Chosen): Float64Array {
  const starts = columnOf(store, rows, (columns) => columns.starts(axis));
  for (let at = 0; at < starts.length; at++) starts[at]! -= store.base;
  return starts;
}

function spansOf({ store, axis, rows }: Chosen, side: Role): Spans {
  const starts = new Float64Array(rows.length);
  const ends = new Float64Array(rows.length);
  let count = 0;
  for (const slice of slicesOf(store, rows)) {
    const isClient = side === "client";
    const from = isClient ? slice.clientTime("requestStart") : slice.serverTime("parseStart");
    const to = isClient ? slice.clientTime("responseEnd") : slice.serverTime("sendEnd");
    const logs = isClient ? slice.client("log") : slice.server("log");
    for (let at = 0; at < from.length; at++) {
      if (Number.isNaN(from[at]!)) continue;
      const row = slice.rows[at]!;
      const end = Number.isNaN(to[at]!) ? lastStamp(store, side, row) : to[at]!;
      if (!(end >= from[at]!)) continue;
      const own = isClient ? axis.ofClient(logs[at]!) : axis.ofServer(logs[at]!);
      const shift = (Number.isNaN(own) ? axis.serverStart(store.rows.server(row)) : own) + store.base;
      starts[count] = from[at]! - shift;
      ends[count++] = end - shift;
    }
  }
  return { starts: sortNumbers(starts.subarray(0, count)), ends: sortNumbers(ends.subarray(0, count)) };
}

function inFlight({ starts, ends }: Spans, columns: Columns): InFlight | null {
  if (starts.length === 0) return null;
  const mean = new Float64Array(columns.length);
  const max = new Uint32Array(columns.length);
  let begun = 0;
  let ended = 0;
  // Requests before the first column are under way when it begins.
  while (begun < starts.length && starts[begun]! < columns.from) begun++;
  while (ended < ends.length && ends[ended]! < columns.from) ended++;
  for (let column = 0; column < columns.length; column++) {
    interlude();
    const from = columns.from + column * columns.width;
    const to = from + columns.width;
    let at = from;
    let area = 0;
    let most = begun - ended;
    for (;;) {
      const start = starts[begun] ?? Number.POSITIVE_INFINITY;
      const end = ends[ended] ?? Number.POSITIVE_INFINITY;
      const next = Math.min(start, end);
      if (next >= to) break;
      area += (begun - ended) * (next - at);
      at = next;
      // Where one ends as another begins there is one at a time; one that takes no time was there all the same.
      if (end <= start && ended < begun) ended++;
      else begun++;
      if (begun - ended > most) most = begun - ended;
    }
    mean[column] = (area + (begun - ended) * (to - at)) / columns.width;
    max[column] = most;
  }
  return { mean, max };
}

function queueOf({ store, rows }: Chosen, starts: Float64Array, columns: Columns): LoadData["queue"] {
  const queued = new RowDurations(store, rows).all("queue");
  if (queued.every(Number.isNaN)) return null;
  const counts = new Uint32Array(columns.length);
  const mean = new Float64Array(columns.length);
  const max = new Float64Array(columns.length).fill(Number.NaN);
  for (let at = 0; at < queued.length; at++) {
    const column = columns.at(starts[at]!);
    const value = queued[at]!;
    if (column < 0 || Number.isNaN(value)) continue;
    counts[column]!++;
    mean[column]! += value;
    if (!(max[column]! >= value)) max[column] = value;
  }
  return { mean: mean.map((sum, column) => (counts[column] ? sum / counts[column]! : Number.NaN)), max };
}
