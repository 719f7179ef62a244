/** The requests that a verdict is on, and where the time of each of them went. */
import type { Part, Sample } from "../../model/verdict/judge";
import { RowColumns } from "../row-columns";
import { completeOf, countedOf } from "../row-groups";
import type { Store } from "../store";

/** So many requests, evenly taken, tell as much as all. */
const MOST = 50_000;

/**
 * Requests that say something of the server: complete, of the probe, known from one end to the other. In the order of
 * `rows`, which is that of time.
 */
export function judgedRows(store: Store, rows: ArrayLike<number>, most = MOST): Uint32Array {
  const step = Math.max(1, rows.length / most);
  const taken = Uint32Array.from({ length: Math.ceil(rows.length / step) }, (_, at) => rows[Math.floor(at * step)]!);
  const complete = completeOf(store, countedOf(store, taken));
  const served = new RowColumns(store, complete).duration("serverResponse");
  return complete.filter((_, at) => !Number.isNaN(served[at]!));
}

/** Time by part, µs, in the order of the rows. */
export function sampleOf(store: Store, rows: Uint32Array): Sample {
  const columns = new RowColumns(store, rows);
  const queue = known(columns.duration("queue"));
  const wanted = columns.clientTime("fetchStart");
  const [intended, sent] = [columns.clientTime("intendedStart"), columns.clientTime("requestStart")];
  const parts: Record<Part, Float64Array> = {
    client: intended.map((time, at) => wanted[at]! - time),
    connection: sent.map((time, at) => time - wanted[at]!),
    network: columns.duration("network").map((value, at) => value - queue[at]!),
    queue,
    parse: columns.duration("parse"),
    process: columns.duration("process"),
    send: columns.duration("send"),
  };
  for (const part in parts) known(parts[part as Part]);
  return parts;
}

/** When each was wanted, µs since the epoch on its own clock. */
export function startsOf(store: Store, rows: Uint32Array): Float64Array {
  const columns = new RowColumns(store, rows);
  const [wanted, sent, parsed] = [
    columns.clientTime("fetchStart"),
    columns.clientTime("requestStart"),
    columns.serverTime("parseStart"),
  ];
  return wanted.map((time, at) => [time, sent[at]!, parsed[at]!].find((known) => !Number.isNaN(known)) ?? Number.NaN);
}

/** What is unknown, and what is below 0 because a process lost the processor between a step and its stamp, is 0. */
function known(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) if (!(values[i]! > 0)) values[i] = 0;
  return values;
}
