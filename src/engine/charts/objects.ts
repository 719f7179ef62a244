/** A page's objects in order of size, with their response times: do the large ones take longest? */
import { median } from "../../model/statistics/select";
import type { ObjectItem, ObjectsData } from "../../protocol/charts";
import type { Chosen } from "./chosen";

/** More rows than this are a list, not a picture; the largest are shown. */
const MOST_ITEMS = 24;
const MOST_PAGES = 100;
/** `?` */
const QUERY = 63;

export function objectsOf(chosen: Chosen, wanted: string | null): ObjectsData {
  const { store, measured } = chosen;
  const path = pathsOf(chosen);
  const { pages, pageOfRow } = pagesOf(chosen, path);
  const page = pages.some(({ key }) => key === wanted) ? wanted : null;
  const objects = new Map<number, number[]>();
  for (let at = 0; at < measured.length; at++) {
    if (page !== null && pageOfRow?.[at] !== page) continue;
    const row = measured[at]!;
    const number = path(row);
    const rows = objects.get(number);
    if (rows) rows.push(row);
    else objects.set(number, [row]);
  }
  const sized = [...objects]
    .map(([number, rows]) => ({ number, rows, bytes: median(known(rows, (row) => chosen.facts.bytes(row))) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => a.bytes - b.bytes);
  return {
    chart: "objects",
    pages: pages.slice(0, MOST_PAGES),
    page,
    items: sized.slice(-MOST_ITEMS).map(({ number, rows, bytes }) => ({
      ...{ path: store.strings.text(number) ?? "", count: rows.length, bytes },
      ...means(chosen, rows),
    })),
    of: sized.length,
    unsized: objects.size - sized.length,
  };
}

/** Number of a row's path: the same object with another query is one object. Each target is cut once. */
function pathsOf({ facts, store }: Chosen): (row: number) => number {
  const cut = new Map<number, number>();
  return (row) => {
    const target = facts.shared(row, "target");
    let path = cut.get(target);
    if (path === undefined) {
      path = Number.isNaN(target) ? target : store.strings.texts.before(target, QUERY);
      cut.set(target, path);
    }
    return path;
  };
}

/**
 * Pages by their document's path, and for each measured row the page that it was fetched for: null where no row was
 * fetched for a page. A document is the row whose own number the others name.
 */
function pagesOf({ facts, store, measured }: Chosen, path: (row: number) => number) {
  const documents = new Map<number, string | null>();
  const load = (row: number, number: number): number => facts.ofClient(row, "log") * 2 ** 32 + number;
  for (const row of measured) {
    const page = facts.ofClient(row, "page");
    if (!Number.isNaN(page)) documents.set(load(row, page), null);
  }
  if (documents.size === 0) return { pages: [], pageOfRow: null };
  for (const row of measured) {
    const own = load(row, facts.ofClient(row, "req"));
    if (documents.has(own)) documents.set(own, store.strings.text(path(row)));
  }
  const found = new Map<string, { objects: Set<number>; loads: Set<number> }>();
  const pageOfRow = Array.from(measured, (row): string | null => {
    const page = facts.ofClient(row, "page");
    const own = load(row, Number.isNaN(page) ? facts.ofClient(row, "req") : page);
    const key = documents.get(own) ?? null;
    if (key === null) return null;
    let counted = found.get(key);
    if (!counted) {
      counted = { objects: new Set(), loads: new Set() };
      found.set(key, counted);
    }
    counted.objects.add(path(row));
    counted.loads.add(own);
    return key;
  });
  const pages = [...found]
    .map(([key, { objects, loads }]) => ({ key, objects: objects.size, loads: loads.size }))
    .filter(({ objects }) => objects > 1)
    .sort((a, b) => b.loads - a.loads);
  return { pages, pageOfRow };
}

function means({ facts }: Chosen, rows: readonly number[]): Pick<ObjectItem, "clientResponse" | "serverResponse"> {
  return {
    clientResponse: meanOf(known(rows, (row) => facts.duration(row, "clientResponse"))),
    serverResponse: meanOf(known(rows, (row) => facts.duration(row, "serverResponse"))),
  };
}

const known = (rows: readonly number[], of: (row: number) => number): Float64Array =>
  Float64Array.from(rows, of).filter((value) => !Number.isNaN(value));

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
