/** Requests by what was asked for, and by when: all of them, whoever asked. */
import { DAY, dayLabel, HOUR, timeOfDay, wallMicros } from "../../model/wall-clock";
import type { TrafficData, TrafficKey } from "../../protocol/charts";
import { rowStart } from "../row-span";
import { paced } from "../steps";
import type { Chosen } from "./chosen";
import { codeLabel } from "./status-words";

type Item = TrafficData["items"][number];

const LISTED = 20;
/** A log of more days than this is shown from its last day back. */
const MOST_DAYS = 366;

export function trafficOf(chosen: Chosen, by: TrafficKey): TrafficData {
  const { rows } = chosen;
  const data = { chart: "traffic", by, requests: rows.length } as const;
  switch (by) {
    case "hour":
      return { ...data, items: byHour(chosen), others: { items: 0, count: 0 } };
    case "day": {
      const items = byDay(chosen);
      const left = items.slice(0, -MOST_DAYS);
      return { ...data, items: items.slice(-MOST_DAYS), others: { items: left.length, count: total(left) } };
    }
    case "path":
    case "folder": {
      const items = byArchive(chosen, by).sort((a, b) => b.count - a.count);
      const left = items.slice(LISTED);
      return { ...data, items: items.slice(0, LISTED), others: { items: left.length, count: total(left) } };
    }
    default:
      return by satisfies never;
  }
}

const total = (items: readonly Item[]): number => items.reduce((sum, { count }) => sum + count, 0);
const empty = (label: string, code = false): Item => ({ label, count: 0, failed: 0, bytes: 0, code });

function add(item: Item, { facts }: Chosen, row: number): void {
  item.count++;
  if (facts.isFailure(row)) item.failed++;
  const bytes = facts.bytes(row);
  if (bytes > 0) item.bytes += bytes;
}

function byArchive(chosen: Chosen, by: "path" | "folder"): Item[] {
  const { facts, store, rows } = chosen;
  const places = new Map<number, Item>();
  const codes = new Map<number, Item>();
  // Many requests have the same target: its place is looked up once.
  const placeOf = new Map<string, Item>();
  for (const row of paced(rows)) {
    const status = facts.status(row);
    // What an archive's page was asked for in vain is no request of that page.
    const isCode = status >= 300 && status !== 304;
    const key = isCode ? status : facts.shared(row, "target");
    const known = isCode ? codes : places;
    let item = known.get(key);
    if (!item) {
      const label = isCode ? codeLabel(status) : placeLabel(store.strings.text(key), by);
      item = isCode ? empty(label, true) : (placeOf.get(label) ?? empty(label));
      if (!isCode) placeOf.set(label, item);
      known.set(key, item);
    }
    add(item, chosen, row);
  }
  return [...placeOf.values(), ...codes.values()];
}

/** A target's path, or the folder at its top: `/home/`, of a file at the root `/`. */
function placeLabel(target: string | null, by: "path" | "folder"): string {
  if (target === null) return "path not known";
  const path = target.replace(/[?#].*$/s, "");
  return by === "path" ? path : (/^\/[^/]+\//.exec(path)?.[0] ?? "/");
}

/** Wall time of a row's start, µs; NaN where it has none. */
const wallOf = ({ store, axis, scope }: Chosen, row: number): number =>
  wallMicros(rowStart(store, axis, row), scope.zone);

function byHour(chosen: Chosen): Item[] {
  const hours = Array.from({ length: 24 }, (_, hour) => empty(String(hour).padStart(2, "0")));
  for (const row of paced(chosen.rows)) {
    const hour = hours[Math.floor(timeOfDay(wallOf(chosen, row)) / HOUR)];
    if (hour) add(hour, chosen, row);
  }
  return hours;
}

function byDay(chosen: Chosen): Item[] {
  const days = new Map<number, Item>();
  for (const row of paced(chosen.rows)) {
    const day = Math.floor(wallOf(chosen, row) / DAY);
    if (Number.isNaN(day)) continue;
    let item = days.get(day);
    if (!item) {
      item = empty(dayLabel(day));
      days.set(day, item);
    }
    add(item, chosen, row);
  }
  const known = [...days.keys()].sort((a, b) => a - b);
  const last = known.at(-1) ?? 0;
  const first = Math.max(known[0] ?? 0, last - 4 * MOST_DAYS);
  // A day without a request is a day.
  return known.length
    ? Array.from({ length: last - first + 1 }, (_, at) => days.get(first + at) ?? empty(dayLabel(first + at)))
    : [];
}
