/** A filter as a test of rows (null: it lets everything through), its errors, and what could come next where the caret stands. */
import { FILTER_KEYS, type RowsTest } from "./filter-keys";
import { type FilterError, parseFilter, type Term } from "./filter-syntax";
import { RowColumns } from "./row-columns";
import { searchTest } from "./search";
import type { Store } from "./store";

/** Those of some rows that pass, in their order. */
export type RowFilter = (rows: Uint32Array) => Uint32Array;

export type CompiledFilter = { test: RowFilter | null; error: null } | { test: null; error: FilterError };

/** Terms are tried in the order in which they are written; a row must pass all. */
export function compileFilter(text: string, store: Store): CompiledFilter {
  const parsed = parseFilter(text);
  if ("error" in parsed) return { test: null, error: parsed.error };
  const filters: RowFilter[] = [];
  for (const term of parsed.terms) {
    const test = compileTerm(term, store);
    if (typeof test === "string") return { test: null, error: { message: test, from: term.from, to: term.to } };
    const wanted = term.negated ? 0 : 1;
    filters.push((rows) => {
      const passed = test(new RowColumns(store, rows));
      const left = new Uint32Array(rows.length);
      let count = 0;
      for (let at = 0; at < rows.length; at++) if (passed[at] === wanted) left[count++] = rows[at]!;
      return left.subarray(0, count);
    });
  }
  if (filters.length === 0) return { test: null, error: null };
  return { test: (rows) => filters.reduce((left, filter) => filter(left), rows), error: null };
}

/** The test, or why there is none. */
function compileTerm(term: Term, store: Store): RowsTest | string {
  if (term.key === null) return searchTest(term.value, store);
  const meaning = FILTER_KEYS.get(term.key);
  if (!meaning) return `there is no key ${term.key}: keys are ${[...FILTER_KEYS.keys()].join(", ")}`;
  return meaning.test(term.value, store) ?? `${term.key}: cannot read ${term.value}; write ${meaning.example}`;
}

const OFFERED = 50;

/** What could stand instead of the word before the caret: keys, or a key's values. */
export function completeFilter(store: Store, text: string, caret: number): { from: number; options: string[] } {
  const before = text.slice(0, caret);
  const word = /\S*$/.exec(before)![0].replace(/^-/, "");
  const colon = word.indexOf(":");
  if (colon < 0) {
    const options = [...FILTER_KEYS.keys()].filter((key) => key.startsWith(word.toLowerCase())).map((key) => `${key}:`);
    return { from: caret - word.length, options };
  }
  const typed = word
    .slice(colon + 1)
    .replace(/^"/, "")
    .toLowerCase();
  const options = (FILTER_KEYS.get(word.slice(0, colon).toLowerCase())?.options(store) ?? [])
    .filter((option) => option.toLowerCase().includes(typed))
    .sort((a, b) => Number(b.toLowerCase().startsWith(typed)) - Number(a.toLowerCase().startsWith(typed)))
    .slice(0, OFFERED)
    .map((option) => (/\s/.test(option) ? `"${option}"` : option));
  return { from: caret - (word.length - colon - 1), options };
}
