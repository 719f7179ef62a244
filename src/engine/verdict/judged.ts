/** The requests that a verdict is on, and where the time of each of them went. */
import { PARTS, type Part, type Sample } from "../../model/verdict/judge";
import { offsetsOf } from "../codes";
import { sortPaced } from "../paced-sort";
import { completed, RowColumns } from "../row-columns";
import { countedOf } from "../row-groups";
import { finish, inSteps, interlude, ROWS_A_STEP, type Steps } from "../steps";
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
  const sample = sampleOf(() => new Float64Array(rows.length));
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
  const count = taken.reduce((sum, own) => sum + own.length, 0);
  // Rows are numbered in order of first sight, which is nearly that of time; with each stands its group.
  const numbers = new Float64Array(count);
  let end = 0;
  for (const [group, own] of taken.entries())
    for (let at = 0; at < own.length; at++) numbers[end++] = own[at]! * groups.length + group;
  interlude();
  sortPaced(numbers);
  const all = new Uint32Array(count);
  for (let at = 0; at < count; at++) all[at] = Math.floor(numbers[at]! / groups.length);
  const rows = finish(knownOf(store, all));
  const judged = finish(judgedOf(store, rows));
  const codeOf = new Uint32Array(rows.length);
  interlude();
  for (let place = 0, at = 0; place < rows.length; place++, at++) {
    while (all[at] !== rows[place]) at++;
    codeOf[place] = numbers[at]! - rows[place]! * groups.length;
  }
  const offsets = offsetsOf(codeOf, groups.length);
  const next = offsets.slice();
  const places = new Uint32Array(rows.length);
  for (let place = 0; place < places.length; place++) places[next[codeOf[place]!]!++] = place;
  const dealt = sampleOf((part) => at(judged.sample[part], places));
  const [own, starts] = [places.map((place) => rows[place]!), at(judged.starts, places)];
  return groups.map((_, group) => {
    const [from, to] = [offsets[group]!, offsets[group + 1]!];
    return {
      rows: own.subarray(from, to),
      sample: sampleOf((part) => dealt[part].subarray(from, to)),
      starts: starts.subarray(from, to),
    };
  });
}

function sampleOf(valuesOf: (part: Part) => Float64Array): Sample {
  const sample = {} as Record<Part, Float64Array>;
  for (const part of PARTS) sample[part] = valuesOf(part);
  return sample;
}

function at(values: Float64Array, places: Uint32Array): Float64Array {
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
