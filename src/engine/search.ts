/** Full-text search: a bare word of a filter, looked for in everything that a row shows or that belongs to it. */
import type { RowTest } from "./filter-keys";
import type { RowFacts } from "./row-facts";
import type { Store } from "./store";

/** Case does not count. Each distinct text is looked at once. */
export function searchTest(word: string, store: Store, facts: RowFacts): RowTest {
  const wanted = word.toLowerCase();
  const holds = (text: string | null): boolean => text?.toLowerCase().includes(wanted) ?? false;
  const pooled = (pool: "names" | "texts" | "ids", known: boolean[], number: number): boolean => {
    if (Number.isNaN(number)) return false;
    known[number] ??= holds(store.strings[pool].text(number));
    return known[number];
  };
  const names: boolean[] = [];
  const texts: boolean[] = [];
  const ids: boolean[] = [];
  const places = Array.from({ length: store.sources.length }, (_, number) => {
    const place = store.sources.location(number)!;
    return holds(place.name) || holds(`${place.file}:${place.line}`);
  });
  return (row) =>
    pooled("texts", texts, facts.shared(row, "target")) ||
    pooled("names", names, facts.shared(row, "method")) ||
    pooled("names", names, facts.ofServer(row, "route")) ||
    pooled("names", names, facts.ofClient(row, "origin")) ||
    pooled("names", names, facts.ofServer(row, "host")) ||
    (places[facts.ofServer(row, "handler")] ?? false) ||
    pooled("texts", texts, facts.shared(row, "error")) ||
    pooled("ids", ids, facts.shared(row, "id")) ||
    String(facts.status(row)) === wanted;
}
