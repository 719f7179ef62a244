/** How many requests there were at once, at the client and at the server, and how long they queued. */
import type { InFlight, LoadData } from "../../protocol/charts";
import { RowDurations } from "../row-durations";
import { lastStamp, rowStart } from "../row-span";
import type { Chosen } from "./chosen";
import { Columns } from "./columns";

/** Interference is load, too: all rows count. */
export function loadOf(chosen: Chosen, wanted: number): LoadData {
  const { store, axis, rows } = chosen;
  const starts = Float64Array.from(rows, (row) => rowStart(store, axis, row) - store.base);
  const columns = Columns.over(starts, wanted);
  const started = new Uint32Array(columns.length);
  for (const start of starts) if (columns.at(start) >= 0) started[columns.at(start)]!++;
  return {
    chart: "load",
    from: columns.from,
    to: columns.to,
    columns: columns.length,
    client: inFlight(clientSpans(chosen), columns),
    server: inFlight(serverSpans(chosen), columns),
    queue: queueOf(chosen, starts, columns),
    started,
  };
}

/** Beginnings and ends, µs relative to base, not in pairs: only how many there are between them matters. */
interface Spans {
  starts: Float64Array;
  ends: Float64Array;
}

function clientSpans({ store, axis, rows }: Chosen): Spans {
  return spansOf(rows, (row) => {
    const record = store.rows.client(row);
    if (Number.isNaN(record)) return null;
    const shift = axis.client(record) + store.base;
    return [store.client.time(record, "requestStart") - shift, lastStamp(store, "client", row) - shift];
  });
}

function serverSpans({ store, axis, rows }: Chosen): Spans {
  return spansOf(rows, (row) => {
    const record = store.rows.server(row);
    if (Number.isNaN(record)) return null;
    const shift = axis.serverStart(record) + store.base;
    return [store.server.time(record, "parseStart") - shift, lastStamp(store, "server", row) - shift];
  });
}

function spansOf(rows: Uint32Array, span: (row: number) => readonly [number, number] | null): Spans {
  const starts = new Float64Array(rows.length);
  const ends = new Float64Array(rows.length);
  let count = 0;
  for (const row of rows) {
    const known = span(row);
    if (!known || !(known[1] >= known[0])) continue;
    starts[count] = known[0];
    ends[count++] = known[1];
  }
  return { starts: starts.subarray(0, count).sort(), ends: ends.subarray(0, count).sort() };
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
