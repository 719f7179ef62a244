/** What went wrong with requests that failed, in the client's words, however many there are. */
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

export interface Failure {
  sentence: string;
  count: number;
}

/** The most frequent first. */
export function failuresOf(store: Store): Failure[] {
  const facts = new RowFacts(store);
  const counts = new Map<number, number>();
  for (const row of store.spine.rows()) {
    const text = facts.shared(row, "error");
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts]
    .map(([text, count]) => ({ sentence: store.strings.text(text) ?? "", count }))
    .filter(({ sentence }) => sentence !== "")
    .sort((a, b) => b.count - a.count);
}
