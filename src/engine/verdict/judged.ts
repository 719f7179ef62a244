/** The requests that a verdict is on, and where the time of each of them went. */
import { PARTS, type Sample } from "../../model/verdict/judge";
import { completed, RowColumns } from "../row-columns";
import { countedOf } from "../row-groups";
import { sortByKeys } from "../sort";
import { finish, inSteps, ROWS_A_STEP, type Steps } from "../steps";
import type { Store } from "../store";
import { thinned } from "./thinned";

/** So many requests, evenly taken, tell as much as all. */
const MOST = 50_000;

/** Requests in order of time, with what is judged of them. */
export interface Judged {
  readonly rows: Uint32Array;
  /** Time by part, µs, in the order of the rows. */
  readonly sample: Sample;
  /** When each was wanted, µs since the epoch on its own clock. */
  readonly starts: Float64Array;
}

/**
 * Requests that say something of the server: complete, of the probe, known from one end to the other. In the order of
 * `rows`, which is that of time.
 */
export function judgedRows(store: Store, rows: ArrayLike<number>, most: number): Uint32Array {
  return finish(knownOf(store, thinned(rows, most)));
}

/** The same with what is judged of them. */
export function* judgedSteps(store: Store, rows: ArrayLike<number>, most = MOST): Steps<Judged> {
  return yield* judgedOf(store, yield* knownOf(store, thinned(rows, most)));
}

export function* judgedOf(store: Store, rows: Uint32Array): Steps<Judged> {
  const sample = Object.fromEntries(PARTS.map((part) => [part, new Float64Array(rows.length)])) as Sample;
  const starts = new Float64Array(rows.length);
  yield* inSteps(rows.length, ROWS_A_STEP, (from, to) => {
    const columns = new RowColumns(store, rows.subarray(from, to));
    const parts = partsOf(columns);
    for (const part of PARTS) sample[part].set(parts[part], from);
    starts.set(startsOf(columns), from);
  });
  return { rows, sample, starts };
}

/** The same of some groups of rows in any order: of all of them together, in the order in which their records stand. */
export function judgedGroups(store: Store, groups: readonly ArrayLike<number>[], most: number): Judged[] {
  const taken = groups.map((own) => thinned(own, most));
  const numbers = Float64Array.from(taken.flatMap((own) => [...own]));
  const groupOf = Uint32Array.from(taken.flatMap((own, group) => Array<number>(own.length).fill(group)));
  const order = sortByKeys(Uint32Array.from(numbers.keys()), numbers, false);
  // Rows are numbered in order of first sight, which is nearly that of time.
  const rows = finish(
    knownOf(
      store,
      Uint32Array.from(order, (at) => numbers[at]!),
    ),
  );
  const all = finish(judgedOf(store, rows));
  const places = groups.map((): number[] => []);
  for (let place = 0, at = 0; place < rows.length; place++, at++) {
    while (numbers[order[at]!] !== rows[place]) at++;
    places[groupOf[order[at]!]!]!.push(place);
  }
  return places.map((own) => ({
    rows: Uint32Array.from(own, (place) => rows[place]!),
    sample: Object.fromEntries(PARTS.map((part) => [part, at(all.sample[part], own)])) as Sample,
    starts: at(all.starts, own),
  }));
}

function at(values: Float64Array, places: readonly number[]): Float64Array {
  const found = new Float64Array(places.length);
  for (let i = 0; i < found.length; i++) found[i] = values[places[i]!]!;
  return found;
}

function* knownOf(store: Store, rows: Uint32Array): Steps<Uint32Array> {
  const found = new Uint32Array(rows.length);
  let count = 0;
  yield* inSteps(rows.length, ROWS_A_STEP, (from, to) => {
    const complete = countedOf(store, rows.subarray(from, to), { complete: true });
    const served = new RowColumns(store, complete).duration("serverResponse");
    for (let at = 0; at < served.length; at++) if (!Number.isNaN(served[at]!)) found[count++] = complete[at]!;
  });
  return found.slice(0, count);
}

function partsOf(columns: RowColumns): Sample {
  const queue = known(columns.duration("queue"));
  const network = columns.duration("network");
  for (let at = 0; at < network.length; at++) network[at]! -= queue[at]!;
  return {
    client: known(columns.clientSpan("intendedStart", "fetchStart")),
    connection: known(columns.clientSpan("fetchStart", "requestStart")),
    network: known(network),
    queue,
    parse: known(columns.duration("parse")),
    process: known(columns.duration("process")),
    send: known(columns.duration("send")),
  };
}

function startsOf(columns: RowColumns): Float64Array {
  const orSent = completed(columns.clientTime("fetchStart"), () => columns.clientTime("requestStart"));
  return completed(orSent, () => columns.serverTime("parseStart"));
}

/** What is unknown, and what is below 0 because a process lost the processor between a step and its stamp, is 0. */
function known(values: Float64Array): Float64Array {
  for (let i = 0; i < values.length; i++) if (!(values[i]! > 0)) values[i] = 0;
  return values;
}
