/** Full-text search: a bare word of a filter, looked for in everything that a row shows or that belongs to it. */
import type { RowsTest } from "./filter-keys";
import type { Store } from "./store";
import { TextPattern } from "./text-pattern";
import { IdTest, PooledTest } from "./text-tests";

/** Case does not count. Each distinct text is looked at once, and only where nothing before it has the word. */
export function searchTest(word: string, { strings, sources }: Store): RowsTest {
  const pattern = TextPattern.containing(word);
  const names = new PooledTest(strings.names, pattern);
  const texts = new PooledTest(strings.texts, pattern);
  const ids = new IdTest(strings.ids, pattern);
  const places = Array.from({ length: sources.length }, (_, number) => {
    const place = sources.location(number)!;
    return pattern.matchesText(place.name ?? "") || pattern.matchesText(`${place.file}:${place.line}`);
  });
  // Nothing but a number's own spelling is a status.
  const status = String(Number(word)) === word ? Number(word) : Number.NaN;
  return (columns) => {
    const found = new Uint8Array(columns.rows.length);
    texts.mark(() => columns.shared("target"), found);
    names.mark(() => columns.shared("method"), found);
    names.mark(() => columns.server("route"), found);
    names.mark(() => columns.client("origin"), found);
    names.mark(() => columns.server("host"), found);
    if (places.includes(true)) {
      const handlers = columns.server("handler");
      for (let at = 0; at < found.length; at++) if (places[handlers[at]!]) found[at] = 1;
    }
    texts.mark(() => columns.shared("error"), found);
    ids.mark(() => columns.shared("id"), found);
    if (!Number.isNaN(status)) {
      const codes = columns.shared("status");
      for (let at = 0; at < found.length; at++) if (codes[at] === status) found[at] = 1;
    }
    return found;
  };
}
