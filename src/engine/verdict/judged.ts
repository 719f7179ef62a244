/** The requests that a verdict is on, and where the time of each of them went. */
import type { Part, Sample } from "../../model/verdict/judge";
import { RowDurations } from "../row-durations";
import { RowFacts } from "../row-facts";
import type { Store } from "../store";

/** So many requests, evenly taken, tell as much as all. */
const MOST = 50_000;

/**
 * Requests that say something of the server: complete, of the probe, known from one end to the other. In the order of
 * `rows`, which is that of time.
 */
export function judgedRows(store: Store, rows: ArrayLike<number>, most = MOST): number[] {
  const facts = new RowFacts(store);
  const judged: number[] = [];
  const step = Math.max(1, rows.length / most);
  for (let at = 0; at < rows.length; at += step) {
    const row = rows[Math.floor(at)]!;
    if (store.rows.isEmpty(row) || facts.isWarmup(row) || facts.isInterference(row)) continue;
    if (facts.state(row) === "complete" && !Number.isNaN(facts.duration(row, "serverResponse"))) judged.push(row);
  }
  return judged;
}

/** Time by part, µs, in the order of the rows. */
export function sampleOf(store: Store, rows: readonly number[]): Sample {
  const facts = new RowFacts(store);
  const durations = new RowDurations(store, rows);
  const queue = known(durations.all("queue"));
  const wanted = Float64Array.from(rows, (row) => facts.stamp(row, "fetchStart"));
  const parts: Record<Part, Float64Array> = {
    client: Float64Array.from(rows, (row, i) => wanted[i]! - facts.stamp(row, "intendedStart")),
    connection: Float64Array.from(rows, (row, i) => facts.stamp(row, "requestStart") - wanted[i]!),
    network: durations.all("network").map((value, i) => value - queue[i]!),
    queue,
    parse: durations.all("parse"),
    process: durations.all("process"),
    send: durations.all("send"),
  };
  for (const part in parts) known(parts[part as Part]);
  return parts;
}

/** When each was wanted, µs since the epoch on its own clock. */
export function startsOf(store: Store, rows: readonly number[]): Float64Array {
  const facts = new RowFacts(store);
  return Float64Array.from(rows, (row) => {
    const client = store.rows.client(row);
    if (Number.isNaN(client)) return facts.stamp(row, "parseStart");
    const wanted = facts.stamp(row, "fetchStart");
    return Number.isNaN(wanted) ? facts.stamp(row, "requestStart") : wanted;
  });
}

/** What is unknown, and what is below 0 because a process lost the processor between a step and its stamp, is 0. */
function known(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) if (!(values[i]! > 0)) values[i] = 0;
  return values;
}
