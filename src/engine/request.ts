/** A row as `report --json` and the panel's detail show it (DESIGN 5.2). */
import { CLIENT_PHASE_KEYS } from "../model/marks";
import { durations, uncertainties } from "../model/metrics";
import type { LogPosition, RequestMarks, TimelineRequest } from "../model/request";
import { blockerOf } from "./blocking";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";
import { unpairedReason } from "./unpaired";

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

export function assemble(store: Store, row: number): TimelineRequest {
  const facts = new RowFacts(store);
  const stamp = facts.stamps(row);
  const offset = facts.offset(row);
  const all = durations(stamp, offset, facts.blocked(row));
  const unpaired = unpairedReason(store, row);
  const blockedBy = blockerOf(store, row);
  const error = store.strings.text(facts.shared(row, "error"));
  return {
    id: store.strings.id(facts.shared(row, "id")),
    method: facts.method(row),
    url: facts.url(row),
    route: facts.route(row),
    status: known(facts.status(row)),
    bytes: known(facts.bytes(row)),
    kind: facts.kind(row),
    pairing: store.rows.pairing(row),
    ...(unpaired === null ? {} : { unpaired }),
    state: facts.state(row),
    ...(error === null ? {} : { error }),
    flags: facts.flags(row),
    connection: store.strings.text(facts.shared(row, "conn")),
    worker: known(facts.ofServer(row, "worker")),
    marks: marksOf(facts, row),
    durations: all,
    uncertainty: uncertainties(all, stamp, offset, facts.blocked(row)),
    handler: store.sources.location(facts.ofServer(row, "handler")),
    responder: store.sources.location(facts.ofServer(row, "responder")),
    ...(blockedBy === null ? {} : { blockedBy }),
    children: childrenOf(store, facts, row),
    log: { client: position(store, row, "client"), server: position(store, row, "server") },
  };
}

/** Where a side's record stands; null where the side has none. */
export function position(store: Store, row: number, side: "client" | "server"): LogPosition | null {
  const record = store.rows[side](row);
  if (Number.isNaN(record)) return null;
  return { file: store.partOf(side, record).file.path, line: store[side].value(record, "line") };
}

function marksOf(facts: RowFacts, row: number): RequestMarks {
  const earliest = facts.stamp(row, "arrivalEarliest");
  const marks: RequestMarks = {
    requestStart: known(facts.stamp(row, "requestStart")),
    arrival: Number.isNaN(earliest) ? null : [earliest, facts.stamp(row, "arrivalLatest")],
    parseStart: known(facts.stamp(row, "parseStart")),
    parseEnd: known(facts.stamp(row, "parseEnd")),
    processEnd: known(facts.stamp(row, "processEnd")),
    sendEnd: known(facts.stamp(row, "sendEnd")),
    responseStart: known(facts.stamp(row, "responseStart")),
    responseEnd: known(facts.stamp(row, "responseEnd")),
  };
  for (const key of CLIENT_PHASE_KEYS) {
    const value = facts.stamp(row, key);
    if (!Number.isNaN(value)) marks[key] = value;
  }
  return marks;
}

function childrenOf(store: Store, facts: RowFacts, row: number) {
  const first = facts.ofServer(row, "firstChild");
  const count = Number.isNaN(first) ? 0 : facts.ofServer(row, "childCount");
  return Array.from({ length: count }, (_, index) => store.children.child(first + index));
}
