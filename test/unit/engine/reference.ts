/** The engine's queries written down again the slow and plain way, over whole requests: what the columns must equal. */
import type { Axis } from "../../../src/engine/axis";
import { lastStamp, rowStart } from "../../../src/engine/row-span";
import type { Store } from "../../../src/engine/store";
import type { TimelineRequest } from "../../../src/model/request";
import type { SortKey, View } from "../../../src/protocol/messages";

export interface ReferenceRow {
  row: number;
  request: TimelineRequest;
  /** First stamp on the axis, µs since the epoch. */
  start: number;
}

const pathOf = (request: TimelineRequest): string => request.url.replace(/^[a-z]+:\/\/[^/?#]*/i, "");

/** One term of a filter as the tests write them. */
export function holds(term: string, { request }: ReferenceRow): boolean {
  if (term.startsWith("-")) return !holds(term.slice(1), { request } as ReferenceRow);
  const colon = term.indexOf(":");
  const [key, value] = [term.slice(0, colon), term.slice(colon + 1)];
  const glob = (text: string | null): boolean =>
    text !== null &&
    new RegExp(
      `^${value
        .split("*")
        .map((part) => part.replace(/[^a-z0-9]/gi, "\\$&"))
        .join("[\\s\\S]*")}$`,
      "i",
    ).test(text);
  const amount = (number: number | null, unit: number): boolean => {
    const [, sign, digits] = /^(>=|<=|>|<)?(\d+)/.exec(value)!;
    const limit = Number(digits) * unit;
    if (number === null) return false;
    if (sign === ">") return number > limit;
    if (sign === "<") return number < limit;
    if (sign === ">=") return number >= limit;
    return sign === "<=" ? number <= limit : number === limit;
  };
  switch (key) {
    case "method":
      return glob(request.method);
    case "path":
      return glob(pathOf(request).split("?", 1)[0]!);
    case "route":
      return glob(request.route);
    case "state":
      return glob(request.state);
    case "kind":
      return glob(request.kind);
    case "url":
      return glob(request.url);
    case "host":
      return glob(/^[a-z]+:\/\/([^/?#]*)/i.exec(request.url)?.[1] ?? "");
    case "id":
      return request.id !== null && glob(request.id);
    case "handler":
      return (
        request.handler !== null &&
        [request.handler.name, request.handler.file, `${request.handler.file}:${request.handler.line}`].some(glob)
      );
    case "status":
      return amount(request.status, 1);
    case "rc":
      return amount(request.durations.clientResponse, value.endsWith("us") ? 1 : 1000);
    case "rs":
      return amount(request.durations.serverResponse, value.endsWith("us") ? 1 : 1000);
    case "pairing":
      return request.pairing === value;
    case "flag":
      return request.flags.some(glob);
    default:
      if (String(request.status) === term) return true;
      return [request.url, request.method, request.route, request.error, request.id].some((text) =>
        text?.toLowerCase().includes(term.toLowerCase()),
      );
  }
}

function sortValue(key: SortKey, { request, start }: ReferenceRow): number | string | null {
  switch (key) {
    case "start":
      return start;
    case "method":
      return request.method;
    case "path":
      return pathOf(request);
    case "handler":
      return request.handler && (request.handler.name ?? `${request.handler.file}:${request.handler.line}`);
    case "status":
    case "bytes":
      return request[key];
    default:
      return request.durations[key];
  }
}

/** The rows of a view without groups. */
export function referenceView(rows: readonly ReferenceRow[], view: View): number[] {
  const terms = view.filter.split(" ").filter(Boolean);
  const direction = view.descending ? -1 : 1;
  return rows
    .filter((row) => terms.every((term) => holds(term, row)))
    .sort((a, b) => a.start - b.start || a.row - b.row)
    .map((row) => ({ row, value: sortValue(view.sort, row) }))
    .sort((a, b) => {
      if (a.value === b.value) return 0;
      if (a.value === null) return 1;
      if (b.value === null) return -1;
      return a.value < b.value ? -direction : direction;
    })
    .map(({ row }) => row.row);
}

/** First and last stamp of a row on the axis, µs since the epoch; NaN and −∞ where it has none. */
export function rowSpan(store: Store, axis: Axis, row: number): [from: number, to: number] {
  const [client, server] = [store.rows.client(row), store.rows.server(row)];
  const { up, down } = axis.server(server);
  const starts = [rowStart(store, axis, row), store.server.start(server) - up];
  const ends = [lastStamp(store, "client", row) - axis.client(client), lastStamp(store, "server", row) - down];
  const [from = Number.NaN] = starts.filter((start) => !Number.isNaN(start)).sort((a, b) => a - b);
  return [from, Math.max(...ends.filter((end) => !Number.isNaN(end)))];
}
