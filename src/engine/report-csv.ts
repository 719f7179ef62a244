/** The requests as a table for spreadsheets: RFC 4180, times in µs. */
import { MARKS } from "../model/marks";
import { DURATION_KEYS, type TimelineRequest } from "../model/request";
import { assemble } from "./request";
import { sourceLabel } from "./sources";
import type { Store } from "./store";

const STAMPS = MARKS.map((mark) => mark.key).filter((key) => key !== "arrival");

const HEAD = [
  ...["id", "method", "url", "route", "status", "bytes", "kind", "pairing", "state", "flags", "connection", "worker"],
  ...["arrivalEarliest", "arrivalLatest"],
  ...STAMPS,
  ...DURATION_KEYS,
  "handler",
  "responder",
];

const ROWS_A_PART = 512;

export function* reportCsv(store: Store): Generator<string> {
  let part = `${HEAD.join(",")}\r\n`;
  for (let row = 0; row < store.rows.length; row++) {
    if (store.rows.isEmpty(row)) continue;
    part += `${fields(assemble(store, row)).map(quoted).join(",")}\r\n`;
    if (row % ROWS_A_PART !== 0) continue;
    yield part;
    part = "";
  }
  yield part;
}

function fields(request: TimelineRequest): (string | number | null)[] {
  const { marks, durations, handler, responder } = request;
  return [
    request.id,
    request.method,
    request.url,
    request.route,
    request.status,
    request.bytes,
    request.kind,
    request.pairing,
    request.state,
    request.flags.join(" "),
    request.connection,
    request.worker,
    marks.arrival?.[0] ?? null,
    marks.arrival?.[1] ?? null,
    ...STAMPS.map((key) => marks[key]),
    ...DURATION_KEYS.map((key) => durations[key]),
    handler && sourceLabel(handler),
    responder && sourceLabel(responder),
  ];
}

/** A text that a spreadsheet would take for a formula gets an apostrophe before it: URLs are hostile input. */
function quoted(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return `${value}`;
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
