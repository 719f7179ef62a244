/** Full-text search: a bare word of a filter, looked for in everything that a row shows or that belongs to it. */
import { pooledTest, type RowTest } from "./filter-keys";
import type { RowFacts } from "./row-facts";
import type { Store } from "./store";
import { TextPattern } from "./text-pattern";

/** Case does not count. Each distinct text is looked at once. */
export function searchTest(word: string, store: Store, facts: RowFacts): RowTest {
  const pattern = TextPattern.containing(word);
  const names = pooledTest(store, "names", pattern);
  const texts = pooledTest(store, "texts", pattern);
  const ids = pooledTest(store, "ids", pattern);
  const places = Array.from({ length: store.sources.length }, (_, number) => {
    const place = store.sources.location(number)!;
    return pattern.matchesText(place.name ?? "") || pattern.matchesText(`${place.file}:${place.line}`);
  });
  return (row) =>
    texts(facts.shared(row, "target")) ||
    names(facts.shared(row, "method")) ||
    names(facts.ofServer(row, "route")) ||
    names(facts.ofClient(row, "origin")) ||
    names(facts.ofServer(row, "host")) ||
    (places[facts.ofServer(row, "handler")] ?? false) ||
    texts(facts.shared(row, "error")) ||
    ids(facts.shared(row, "id")) ||
    String(facts.status(row)) === word;
}
