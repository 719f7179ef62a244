/** Full-text search: a bare word of a filter, looked for in everything that a row shows or that belongs to it. */
import { pooledTest, type RowTest } from "./filter-keys";
import { RowColumns } from "./row-columns";
import type { Store } from "./store";
import { TextPattern } from "./text-pattern";

/** Case does not count. Each distinct text is looked at once, and only where nothing before it has the word. */
export function searchTest(word: string, store: Store): RowTest {
  let found: Uint8Array | null = null;
  return (row) => {
    found ??= search(word, store);
    return found[row] === 1;
  };
}

/** 1 where a row has the word, by its number. */
function search(word: string, store: Store): Uint8Array {
  const pattern = TextPattern.containing(word);
  const names = pooledTest(store, "names", pattern);
  const texts = pooledTest(store, "texts", pattern);
  const ids = pooledTest(store, "ids", pattern);
  const places = Array.from({ length: store.sources.length }, (_, number) => {
    const place = store.sources.location(number)!;
    return pattern.matchesText(place.name ?? "") || pattern.matchesText(`${place.file}:${place.line}`);
  });
  const columns = new RowColumns(
    store,
    Uint32Array.from({ length: store.rows.length }, (_, row) => row),
  );
  const found = new Uint8Array(store.rows.length);
  const look = (numbers: Float64Array, has: (number: number) => boolean): void => {
    for (let row = 0; row < found.length; row++) if (found[row] === 0 && has(numbers[row]!)) found[row] = 1;
  };
  look(columns.shared("target"), texts);
  look(columns.shared("method"), names);
  look(columns.server("route"), names);
  look(columns.client("origin"), names);
  look(columns.server("host"), names);
  look(columns.server("handler"), (number) => places[number] ?? false);
  look(columns.shared("error"), texts);
  look(columns.shared("id"), ids);
  // Nothing but a number's own spelling is a status.
  const status = String(Number(word)) === word ? Number(word) : Number.NaN;
  look(columns.shared("status"), (code) => code === status);
  return found;
}
