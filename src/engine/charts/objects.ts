/** A page's objects in order of size, with their response times: do the large ones take longest? */
import { median } from "../../model/statistics/select";
import type { ObjectItem, ObjectsData } from "../../protocol/charts";
import { pageOf } from "../grouping";
import { PairKeys } from "../groups";
import type { Chosen } from "./chosen";

/** More rows than this are a list, not a picture; the largest are shown. */
const MOST_ITEMS = 24;
const MOST_PAGES = 100;

export function objectsOf(chosen: Chosen, wanted: string | null): ObjectsData {
  const { store, measured } = chosen;
  const { pages, pageOfRow } = pagesOf(chosen);
  const page = pages.some(({ key }) => key === wanted) ? wanted : null;
  const objects = new Map<number, number[]>();
  for (let at = 0; at < measured.length; at++) {
    if (page !== null && pageOfRow[at] !== page) continue;
    const target = pathOf(chosen, measured[at]!);
    const rows = objects.get(target);
    if (rows) rows.push(measured[at]!);
    else objects.set(target, [measured[at]!]);
  }
  const items = [...objects].map(([target, rows]) => itemOf(chosen, store.strings.text(target) ?? "", rows));
  const sized = items.filter(({ bytes }) => bytes > 0).sort((a, b) => a.bytes - b.bytes);
  return {
    chart: "objects",
    pages: pages.slice(0, MOST_PAGES),
    page,
    items: sized.slice(-MOST_ITEMS),
    of: sized.length,
    unsized: items.length - sized.length,
  };
}

/** `?` */
const QUERY = 63;

/** Number of a row's path: the same object with another query is one object. */
function pathOf({ facts, store }: Chosen, row: number): number {
  const target = facts.shared(row, "target");
  return Number.isNaN(target) ? target : store.strings.texts.before(target, QUERY);
}

/** Pages by their document's target, for each measured row the page that it was fetched for. */
function pagesOf(chosen: Chosen) {
  const { facts, store, measured } = chosen;
  const loads = new PairKeys();
  const documents = new Map<number, string>();
  const loadOf = Float64Array.from(measured, (row) => {
    const page = pageOf(facts, row);
    if (Number.isNaN(page)) return page;
    const load = loads.key(facts.ofClient(row, "log"), page);
    if (Number.isNaN(facts.ofClient(row, "page")))
      documents.set(load, store.strings.text(facts.shared(row, "target")) ?? "");
    return load;
  });
  const pageOfRow = Array.from(loadOf, (load) => documents.get(load));
  const found = new Map<string, { objects: Set<number>; loads: Set<number> }>();
  for (let at = 0; at < measured.length; at++) {
    const key = pageOfRow[at];
    if (key === undefined) continue;
    let page = found.get(key);
    if (!page) {
      page = { objects: new Set(), loads: new Set() };
      found.set(key, page);
    }
    page.objects.add(pathOf(chosen, measured[at]!));
    page.loads.add(loadOf[at]!);
  }
  const pages = [...found]
    .map(([key, { objects, loads: own }]) => ({ key, objects: objects.size, loads: own.size }))
    .filter(({ objects }) => objects > 1)
    .sort((a, b) => b.loads - a.loads);
  return { pages, pageOfRow };
}

function itemOf({ facts }: Chosen, path: string, rows: readonly number[]): ObjectItem {
  return {
    path,
    count: rows.length,
    bytes: median(known(rows, (row) => facts.bytes(row))),
    clientResponse: meanOf(known(rows, (row) => facts.duration(row, "clientResponse"))),
    serverResponse: meanOf(known(rows, (row) => facts.duration(row, "serverResponse"))),
  };
}

const known = (rows: readonly number[], of: (row: number) => number): Float64Array =>
  Float64Array.from(rows, of).filter((value) => !Number.isNaN(value));

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
