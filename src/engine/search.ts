/** Full-text search: a bare word of a filter, looked for in everything that a row shows or that belongs to it. */
import { pooledTest, type RowTest } from "./filter-keys";
import { BLOCK_BITS, BLOCK_MASK, byBlock } from "./row-blocks";
import { RowColumns } from "./row-columns";
import type { Store } from "./store";
import { TextPattern } from "./text-pattern";

/** Case does not count. Each distinct text is looked at once, and only where nothing before it has the word. */
export function searchTest(word: string, store: Store): RowTest {
  const found = byBlock(store, searchOf(word, store));
  return (row) => found(row >>> BLOCK_BITS)[row & BLOCK_MASK] === 1;
}

/** Finds in rows: 1 where one has the word. */
function searchOf(word: string, store: Store): (rows: Uint32Array) => Uint8Array {
  const pattern = TextPattern.containing(word);
  const names = pooledTest(store, "names", pattern);
  const texts = pooledTest(store, "texts", pattern);
  const ids = pooledTest(store, "ids", pattern);
  const places = Array.from({ length: store.sources.length }, (_, number) => {
    const place = store.sources.location(number)!;
    return pattern.matchesText(place.name ?? "") || pattern.matchesText(`${place.file}:${place.line}`);
  });
  // Nothing but a number's own spelling is a status.
  const status = String(Number(word)) === word ? Number(word) : Number.NaN;
  return (rows) => {
    const columns = new RowColumns(store, rows);
    const found = new Uint8Array(rows.length);
    const look = (numbers: Float64Array, has: (number: number) => boolean): void => {
      for (let at = 0; at < found.length; at++) if (found[at] === 0 && has(numbers[at]!)) found[at] = 1;
    };
    look(columns.shared("target"), texts);
    look(columns.shared("method"), names);
    look(columns.server("route"), names);
    look(columns.client("origin"), names);
    look(columns.server("host"), names);
    look(columns.server("handler"), (number) => places[number] ?? false);
    look(columns.shared("error"), texts);
    look(columns.shared("id"), ids);
    look(columns.shared("status"), (code) => code === status);
    return found;
  };
}
