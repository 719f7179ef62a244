/** The request whose synchronous work kept the event loop busy while another one waited. */
import type { BlockedBy } from "../model/request";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

export function blockerOf(store: Store, row: number): BlockedBy | null {
  const blocker = blockerRow(store, row);
  if (blocker === null) return null;
  const facts = new RowFacts(store);
  return {
    method: facts.method(blocker),
    url: facts.url(blocker),
    handler: store.sources.location(facts.ofServer(blocker, "handler")),
  };
}

/** The blocker's row; null where the log does not tell. */
export function blockerRow(store: Store, row: number): number | null {
  const request = new RowFacts(store).ofServer(row, "blockedBy");
  const record = Number.isNaN(request) ? Number.NaN : recordOf(store, store.rows.server(row), request);
  return Number.isNaN(record) ? null : store.rows.row("server", record);
}

/** A blocker's record stands beside those of the requests that waited for it, unless it never ended. */
const FARTHEST = 20_000;

/** The record of a writer's request. */
function recordOf(store: Store, near: number, request: number): number {
  const { server } = store;
  const log = server.value(near, "log");
  const is = (record: number): boolean =>
    server.value(record, "req") === request && server.value(record, "log") === log;
  for (let distance = 1; distance <= FARTHEST; distance++) {
    if (distance <= near && is(near - distance)) return near - distance;
    if (near + distance < server.length && is(near + distance)) return near + distance;
  }
  return Number.NaN;
}
