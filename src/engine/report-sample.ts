/**
 * The requests that a report's timeline carries: all up to a number, else the slowest, the failed, those that the clocks
 * are known by, and of each route an even sample over the time. Linear, but for the sorting of the slowest.
 */
import type { Role } from "../model/record";
import { blockerRow } from "./blocking";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

/** A browser opens a file of some megabytes at once, and nobody reads more rows. */
const MOST = 20_000;
/** Part of them that may be slow ones, and as many that may be failed ones. */
const SHARE = 0.25;
/** Part of them that bounds the clocks at most. */
const BOUNDING = 0.1;
/** Fewer than these of a route show nothing of it. */
const FEWEST_A_ROUTE = 20;

export interface ReportSample {
  /** Rows in order of their number. */
  rows: Uint32Array;
  /** How many requests there are. */
  of: number;
  /** What was taken, where that is not all. */
  taken: { slowest: number; failed: number; allFailed: number } | null;
}

/** `wanted`: a row that must be among them. */
export function reportSample(store: Store, wanted: number | null, most = MOST): ReportSample {
  const all = store.spine.rows();
  if (all.length <= most) return { rows: Uint32Array.from(all).sort(), of: all.length, taken: null };
  const facts = new RowFacts(store);
  const chosen = new Set<number>();
  if (wanted !== null) chosen.add(wanted);
  const bounding = Math.floor(most * BOUNDING);
  for (const row of evenly(boundingRows(store, all, bounding), bounding)) chosen.add(row);
  const failed = all.filter((row) => facts.isFailure(row));
  const share = Math.floor(most * SHARE);
  const someFailed = evenly(failed, share);
  for (const row of someFailed) chosen.add(row);
  const slowest = slowestRows(facts, all, share);
  for (const row of slowest) chosen.add(row);
  for (const row of ofEachRoute(store, all, most - chosen.size)) chosen.add(row);
  // Whom one of them waited for is looked up among its neighbours.
  for (const row of [...chosen]) chosen.add(blockerRow(store, row) ?? row);
  const taken = { slowest: slowest.length, failed: someFailed.length, allFailed: failed.length };
  return { rows: Uint32Array.from(chosen).sort(), of: all.length, taken };
}

/** At most `most` of them, as far apart as they can be. */
function evenly(rows: Uint32Array | readonly number[], most: number): number[] {
  const count = Math.min(rows.length, most);
  return Array.from({ length: count }, (_, at) => rows[Math.floor(((at + 0.5) * rows.length) / count)]!);
}

/** The slowest by R C, else R S. */
function slowestRows(facts: RowFacts, all: Uint32Array, most: number): number[] {
  const times = Float64Array.from(all, (row) => facts.responseTime(row));
  const known = times.filter((time) => !Number.isNaN(time)).sort();
  const limit = known[Math.max(0, known.length - most)] ?? Number.POSITIVE_INFINITY;
  const above = all.filter((_, at) => times[at]! > limit);
  const level = all.filter((_, at) => times[at] === limit);
  return [...above, ...evenly(level, most - above.length)];
}

function ofEachRoute(store: Store, all: Uint32Array, most: number): number[] {
  const routes = new Map<number, number[]>();
  for (const row of all) {
    const route = store.spine.routeOf(row);
    const rows = routes.get(route);
    if (rows) rows.push(row);
    else routes.set(route, [row]);
  }
  const least = Math.min(FEWEST_A_ROUTE, Math.floor(most / routes.size));
  const rest = most - least * routes.size;
  return [...routes.values()].flatMap((rows) => evenly(rows, least + Math.floor((rest * rows.length) / all.length)));
}

/**
 * In each slice of the time and for each pair of logs: quickest from client to server, and quickest back. They bound the
 * offset of the clocks. About `most`.
 */
function boundingRows(store: Store, all: Uint32Array, most: number): number[] {
  const { client, server, rows } = store;
  const logs = (role: Role): number => store.parts.filter((part) => part.role === role).length;
  const slices = Math.max(1, Math.floor(most / (2 * Math.max(1, logs("client") * logs("server")))));
  const best = new Map<string, { time: number; row: number }>();
  const offer = (key: string, time: number, row: number): void => {
    if (!(time >= (best.get(key)?.time ?? Number.POSITIVE_INFINITY)) && !Number.isNaN(time))
      best.set(key, { time, row });
  };
  all.forEach((row, at) => {
    if (rows.pairing(row) === "none") return;
    const [c, s] = [rows.client(row), rows.server(row)];
    const key = `${client.value(c, "log")} ${server.value(s, "log")} ${Math.floor((at * slices) / all.length)}`;
    offer(`${key} up`, server.time(s, "parseStart") - client.time(c, "requestStart"), row);
    offer(`${key} down`, client.time(c, "responseStart") - server.time(s, "processEnd"), row);
  });
  return [...new Set([...best.values()].map(({ row }) => row))];
}
