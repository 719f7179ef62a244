/** A page's objects in order of size, with their response times: do the large ones take longest? */
import { meanOf } from "../../model/statistics/mean";
import { median } from "../../model/statistics/select";
import type { ObjectItem, ObjectsData } from "../../protocol/charts";
import { codesOf, offsetsOf } from "../codes";
import { known } from "../known";
import { columnOf } from "../row-slices";
import { interlude, paced, ROWS_A_STEP } from "../steps";
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
  const targets = columnOf(store, measured, (columns) => columns.shared("target"));
  const sizes = columnOf(store, measured, (columns) => columns.shared("bytes"));
  /** The places of the rows that count, and each one's object. */
  const counted = new Uint32Array(measured.length);
  const numbers = new Float64Array(measured.length);
  let count = 0;
  for (let at = 0; at < measured.length; at++) {
    if (at % ROWS_A_STEP === ROWS_A_STEP - 1) interlude();
    if (page !== null && pageOfRow?.[at] !== page) continue;
    counted[count] = at;
    numbers[count++] = path(targets[at]!);
  }
  const objects = placesByCode(numbers.subarray(0, count), counted);
  const sized = objects
    .map(({ number, places }) => {
      interlude();
      return { number, places, bytes: median(known(valuesOf(places, (at) => sizes[at]!))) };
    })
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => a.bytes - b.bytes);
  return {
    chart: "objects",
    pages: pages.slice(0, MOST_PAGES),
    page,
    items: sized.slice(-MOST_ITEMS).map(({ number, places, bytes }) => ({
      ...{ path: store.strings.text(number) ?? "", count: places.length, bytes },
      ...means(
        chosen,
        places.map((at) => measured[at]!),
      ),
    })),
    of: sized.length,
    unsized: objects.length - sized.length,
  };
}

/** Of each object its number and the places of its rows, in order of first sight. */
function placesByCode(numbers: Float64Array, counted: Uint32Array): { number: number; places: Uint32Array }[] {
  const { codeOf, firsts } = codesOf(numbers);
  const offsets = offsetsOf(codeOf, firsts.length);
  const next = offsets.slice();
  const places = new Uint32Array(codeOf.length);
  for (let at = 0; at < codeOf.length; at++) places[next[codeOf[at]!]!++] = counted[at]!;
  return firsts.map((first, code) => ({
    number: numbers[first]!,
    places: places.subarray(offsets[code], offsets[code + 1]),
  }));
}

/** Number of a target's path: the same object with another query is one object. Each target is cut once. */
function pathsOf({ store }: Chosen): (target: number) => number {
  const cut = new Map<number, number>();
  return (target) => {
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
function pagesOf({ facts, store, measured }: Chosen, path: (target: number) => number) {
  // Where nobody fetched for a page, as in nearly all large sessions, no row need be asked.
  if (store.client.column("page").isEmpty) return { pages: [], pageOfRow: null };
  const pathOf = (row: number): number => path(facts.shared(row, "target"));
  const documents = new Map<number, string | null>();
  const load = (row: number, number: number): number => facts.ofClient(row, "log") * 2 ** 32 + number;
  for (const row of paced(measured)) {
    const page = facts.ofClient(row, "page");
    if (!Number.isNaN(page)) documents.set(load(row, page), null);
  }
  if (documents.size === 0) return { pages: [], pageOfRow: null };
  for (const row of paced(measured)) {
    const own = load(row, facts.ofClient(row, "req"));
    if (documents.has(own)) documents.set(own, store.strings.text(pathOf(row)));
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
    counted.objects.add(pathOf(row));
    counted.loads.add(own);
    return key;
  });
  const pages = [...found]
    .map(([key, { objects, loads }]) => ({ key, objects: objects.size, loads: loads.size }))
    .filter(({ objects }) => objects > 1)
    .sort((a, b) => b.loads - a.loads);
  return { pages, pageOfRow };
}

function means({ facts }: Chosen, rows: Uint32Array): Pick<ObjectItem, "clientResponse" | "serverResponse"> {
  interlude();
  return {
    clientResponse: meanOf(known(valuesOf(rows, (row) => facts.duration(row, "clientResponse")))),
    serverResponse: meanOf(known(valuesOf(rows, (row) => facts.duration(row, "serverResponse")))),
  };
}

function valuesOf(rows: Uint32Array, of: (row: number) => number): Float64Array {
  const values = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) values[at] = of(rows[at]!);
  return values;
}
