/** A filter as a test of rows (null: it lets everything through), its errors, and what could come next where the caret stands. */
import { FILTER_KEYS, type RowTest } from "./filter-keys";
import { type FilterError, parseFilter, type Term } from "./filter-syntax";
import { RowFacts } from "./row-facts";
import { searchTest } from "./search";
import type { Store } from "./store";

export type CompiledFilter = { test: RowTest | null; error: null } | { test: null; error: FilterError };

/** Terms are tried in the order in which they are written; a row must pass all. */
export function compileFilter(text: string, store: Store): CompiledFilter {
  const parsed = parseFilter(text);
  if ("error" in parsed) return { test: null, error: parsed.error };
  const facts = new RowFacts(store);
  const tests: RowTest[] = [];
  for (const term of parsed.terms) {
    const test = compileTerm(term, store, facts);
    if (typeof test === "string") return { test: null, error: { message: test, from: term.from, to: term.to } };
    tests.push(term.negated ? (row) => !test(row) : test);
  }
  return { test: allOf(tests), error: null };
}

function allOf(tests: readonly RowTest[]): RowTest | null {
  if (tests.length <= 1) return tests[0] ?? null;
  return (row) => {
    for (const test of tests) if (!test(row)) return false;
    return true;
  };
}

/** The test, or why there is none. */
function compileTerm(term: Term, store: Store, facts: RowFacts): RowTest | string {
  if (term.key === null) return searchTest(term.value, store);
  const meaning = FILTER_KEYS.get(term.key);
  if (!meaning) return `there is no key ${term.key}: keys are ${[...FILTER_KEYS.keys()].join(", ")}`;
  return meaning.test(term.value, store, facts) ?? `${term.key}: cannot read ${term.value}; write ${meaning.example}`;
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
  const options = (FILTER_KEYS.get(word.slice(0, colon).toLowerCase())?.options(store, new RowFacts(store)) ?? [])
    .filter((option) => option.toLowerCase().includes(typed))
    .sort((a, b) => Number(b.toLowerCase().startsWith(typed)) - Number(a.toLowerCase().startsWith(typed)))
    .slice(0, OFFERED)
    .map((option) => (/\s/.test(option) ? `"${option}"` : option));
  return { from: caret - (word.length - colon - 1), options };
}
