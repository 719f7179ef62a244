/** Everything of one request, for the detail pane and the hover. */
import type { TimelineRequest } from "../model/request";
import type { RequestDetail } from "../protocol/messages";
import { blockedSentence } from "./note";
import { assemble } from "./request";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";
import { verdictOfOne } from "./verdict/verdict";

const BINS = 24;
/** A histogram of fewer is no histogram. */
const FEWEST = 5;

/** `among` passes over all requests of the route: what must answer at once, whatever the size, leaves it out. */
export function detailOf(store: Store, row: number, { among: wanted }: { among: boolean }): RequestDetail {
  const request = assemble(store, row);
  const offset = new RowFacts(store).offset(row);
  return {
    index: row,
    request,
    offset: offset && { value: offset.up, uncertainty: offset.uncertainty },
    notes: [...(wanted ? verdictNotes(store, row) : []), ...notes(store, row, request)],
    among: wanted ? among(store, row) : null,
  };
}

/** Requests of the route, evenly taken, that one of them is held against. */
const BESIDE = 1000;

/** Why it is slower than those of its route, where it is and that can be told. */
function verdictNotes(store: Store, row: number): string[] {
  const { spine } = store;
  const route = spine.routeOf(row);
  const said = verdictOfOne(
    store,
    row,
    spine.rows().filter((other) => spine.routeOf(other) === route),
    BESIDE,
  );
  return said === null ? [] : [said];
}

function notes(store: Store, row: number, request: TimelineRequest): string[] {
  const said: string[] = [];
  const facts = new RowFacts(store);
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
function among(store: Store, row: number): RequestDetail["among"] {
  const facts = new RowFacts(store);
  const own = facts.responseTime(row);
  if (Number.isNaN(own)) return null;
  const { routes, spine } = store;
  const route = spine.routeOf(row);
  const values: number[] = [];
  for (let other = 0; other < store.rows.length; other++) {
    if (store.rows.isEmpty(other) || spine.routeOf(other) !== route) continue;
    const value = facts.responseTime(other);
    if (!Number.isNaN(value)) values.push(value);
  }
  if (values.length < FEWEST) return null;
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
  return { route: routes.text(route), count: values.length, rank, edges, counts, own };
}
