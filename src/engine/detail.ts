/** Everything of one request, for the detail pane and the hover. */
import type { TimelineRequest } from "../model/request";
import type { RequestDetail } from "../protocol/messages";
import { blockedSentence } from "./note";
import { assemble } from "./request";
import { RowColumns } from "./row-columns";
import { RowFacts } from "./row-facts";
import { inSteps, ROWS_A_STEP, type Steps } from "./steps";
import type { Store } from "./store";
import { verdictOfOne } from "./verdict/verdict";

const BINS = 24;
/** A histogram of fewer is no histogram. */
const FEWEST = 5;

/** Answers at once, whatever the session's size. */
export function detailOf(store: Store, row: number): RequestDetail {
  const request = assemble(store, row);
  const offset = new RowFacts(store).offset(row);
  return {
    index: row,
    request,
    offset: offset && { value: offset.up, uncertainty: offset.uncertainty },
    notes: notes(store, row, request),
    among: null,
  };
}

/** With what its route's other requests tell of it. */
export function* detailAmong(store: Store, row: number): Steps<RequestDetail> {
  const beside = yield* ofRoute(store, store.spine.routeOf(row));
  const times = yield* responseTimes(store, beside);
  const detail = detailOf(store, row);
  return { ...detail, notes: [...verdictNotes(store, row, beside), ...detail.notes], among: among(store, row, times) };
}

/** In order of time. */
function* ofRoute({ spine }: Store, route: number): Steps<Uint32Array> {
  const all = yield* spine.rowSteps();
  const found = new Uint32Array(all.length);
  let count = 0;
  yield* inSteps(all.length, ROWS_A_STEP, (from, to) => {
    for (let at = from; at < to; at++) if (spine.routeOf(all[at]!) === route) found[count++] = all[at]!;
  });
  return found.slice(0, count);
}

/** Known ones, µs. */
function* responseTimes(store: Store, rows: Uint32Array): Steps<Float64Array> {
  const times = new Float64Array(rows.length);
  let count = 0;
  yield* inSteps(rows.length, ROWS_A_STEP, (from, to) => {
    for (const time of new RowColumns(store, rows.subarray(from, to)).responseTime())
      if (!Number.isNaN(time)) times[count++] = time;
  });
  return times.subarray(0, count);
}

/** Requests of the route, evenly taken, that one of them is held against. */
const BESIDE = 1000;

/** Why it is slower than those of its route, where it is and that can be told. */
function verdictNotes(store: Store, row: number, beside: Uint32Array): string[] {
  const said = verdictOfOne(store, row, beside, BESIDE);
  return said === null ? [] : [said];
}

function notes(store: Store, row: number, request: TimelineRequest): string[] {
  const said: string[] = [];
  const facts = new RowFacts(store);
  if (request.error !== undefined) said.push(`What went wrong: ${request.error}.`);
  if (request.unpaired !== undefined) said.push(`No peer: ${request.unpaired}.`);
  if (facts.isInterference(row)) said.push("Not the probe's request: it may have disturbed the measurement.");
  if (facts.isInterrupted(row)) said.push("The server's log ends while this request was pending: it was interrupted.");
  if (request.pairing === "order") said.push("Paired by order and time, not by an id or a connection.");
  if (request.durations.network !== null && request.durations.network < 0)
    said.push("R C is below R S: the response reached the client before the server knew that it was sent.");
  const blocked = blockedSentence(store, facts, row);
  if (blocked !== null) said.push(blocked);
  return said;
}

/** The response times of the request's route, as a histogram on a linear scale. */
function among(store: Store, row: number, values: Float64Array): RequestDetail["among"] {
  const own = new RowFacts(store).responseTime(row);
  if (Number.isNaN(own) || values.length < FEWEST) return null;
  let least = own;
  let most = own;
  let rank = 1;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
    if (value > own) rank++;
  }
  const width = (most - least) / BINS || 1;
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((value - least) / width))]!++;
  const edges = Array.from({ length: BINS + 1 }, (_, edge) => least + edge * width);
  return { route: store.routes.text(store.spine.routeOf(row)), count: values.length, rank, edges, counts, own };
}
