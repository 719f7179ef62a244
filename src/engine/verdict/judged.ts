/** The requests that a verdict is on, and where the time of each of them went. */
import type { Part, Sample } from "../../model/verdict/judge";
import { RowColumns } from "../row-columns";
import { completeOf, countedOf } from "../row-groups";
import { finish, inSteps, ROWS_A_STEP, type Steps } from "../steps";
import type { Store } from "../store";

/** So many requests, evenly taken, tell as much as all. */
const MOST = 50_000;

/** At most so many of the rows, from the first on. */
export function evenly(rows: ArrayLike<number>, most: number): Uint32Array {
  const step = Math.max(1, rows.length / most);
  const taken = new Uint32Array(Math.ceil(rows.length / step));
  for (let at = 0; at < taken.length; at++) taken[at] = rows[Math.floor(at * step)]!;
  return taken;
}

/**
 * Requests that say something of the server: complete, of the probe, known from one end to the other. In the order of
 * `rows`, which is that of time.
 */
export const judgedRows = (store: Store, rows: ArrayLike<number>, most = MOST): Uint32Array =>
  finish(judgedSteps(store, rows, most));

export function* judgedSteps(store: Store, rows: ArrayLike<number>, most = MOST): Steps<Uint32Array> {
  const taken = evenly(rows, most);
  let count = 0;
  yield* inSteps(taken.length, ROWS_A_STEP, (from, to) => {
    const complete = completeOf(store, countedOf(store, taken.slice(from, to)));
    const served = new RowColumns(store, complete).duration("serverResponse");
    for (let at = 0; at < complete.length; at++) if (!Number.isNaN(served[at]!)) taken[count++] = complete[at]!;
  });
  return taken.slice(0, count);
}

/** Time by part, µs, in the order of the rows. */
export const sampleOf = (store: Store, rows: Uint32Array): Sample => finish(sampleSteps(store, rows));

export function* sampleSteps(store: Store, rows: Uint32Array): Steps<Sample> {
  const empty = () => new Float64Array(rows.length);
  const parts: Record<Part, Float64Array> = {
    ...{ client: empty(), connection: empty(), network: empty(), queue: empty() },
    ...{ parse: empty(), process: empty(), send: empty() },
  };
  yield* inSteps(rows.length, ROWS_A_STEP, (from, to) => {
    const some = partsOf(new RowColumns(store, rows.subarray(from, to)));
    for (const part in parts) parts[part as Part].set(some[part as Part], from);
  });
  return parts;
}

function partsOf(columns: RowColumns): Record<Part, Float64Array> {
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
export const startsOf = (store: Store, rows: Uint32Array): Float64Array => finish(startSteps(store, rows));

export function* startSteps(store: Store, rows: Uint32Array): Steps<Float64Array> {
  const starts = new Float64Array(rows.length);
  yield* inSteps(rows.length, ROWS_A_STEP, (from, to) => {
    const columns = new RowColumns(store, rows.subarray(from, to));
    const sent = columns.clientTime("requestStart");
    const parsed = columns.serverTime("parseStart");
    const known = (time: number, at: number) =>
      [time, sent[at]!, parsed[at]!].find((one) => !Number.isNaN(one)) ?? Number.NaN;
    starts.set(columns.clientTime("fetchStart").map(known), from);
  });
  return starts;
}

/** What is unknown, and what is below 0 because a process lost the processor between a step and its stamp, is 0. */
function known(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) if (!(values[i]! > 0)) values[i] = 0;
  return values;
}
