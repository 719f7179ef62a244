/** What is unusual about a request, in a few words beside its bar. What is usual is silent. */
import { blockerOf } from "./blocking";
import { pathOf } from "./report-columns";
import type { RowFacts } from "./row-facts";
import { sourceLabel } from "./sources";
import type { Store } from "./store";
import { formatMicros } from "./units";
import { unpairedReason } from "./unpaired";

/** A shorter wait is not worth words, µs. */
const WORTH_WORDS = 5_000;
/** Nor is one that is less than this share of R S. */
const WORTH_SHARE = 0.1;

export function noteOf(store: Store, facts: RowFacts, row: number): string | null {
  // Of a session without a server's log it is said once, not beside each of its rows.
  const alone = store.server.length === 0 ? null : unpairedReason(store, row);
  const failure = store.strings.text(facts.shared(row, "error")) ?? alone;
  return [failure, queueNote(facts, row), ...childNotes(store, facts, row)].filter(Boolean).join(" · ") || null;
}

const isWorth = (facts: RowFacts, row: number, micros: number): boolean =>
  micros >= WORTH_WORDS && !(micros < WORTH_SHARE * facts.duration(row, "serverResponse"));

function queueNote(facts: RowFacts, row: number): string | null {
  const queue = facts.duration(row, "queue");
  if (!isWorth(facts, row, queue)) return null;
  return facts.blocked(row) ? `waited for the event loop ${formatMicros(queue)}` : `queued ${formatMicros(queue)}`;
}

/** Locks that were waited for, and calls to others. */
function* childNotes(store: Store, facts: RowFacts, row: number): Generator<string> {
  const first = facts.ofServer(row, "firstChild");
  const count = Number.isNaN(first) ? 0 : facts.ofServer(row, "childCount");
  for (let child = first; child < first + count; child++) {
    const duration = store.children.duration(child);
    if (!isWorth(facts, row, duration)) continue;
    const kind = store.children.kindOf(child);
    const name = store.children.nameOf(child);
    if (kind === "lock") yield `waited ${formatMicros(duration)} for ${name}`;
    else if (kind === "http") yield `${name} ${formatMicros(duration)}`;
  }
}

/** How long the request waited for the event loop, and who kept it busy; null where nobody is known. */
export function blockedSentence(store: Store, facts: RowFacts, row: number): string | null {
  const blocker = blockerOf(store, row);
  if (!blocker) return null;
  const queue = facts.duration(row, "queue");
  const waited = Number.isNaN(queue)
    ? "It waited for the event loop"
    : `It waited for the event loop ${formatMicros(queue)}`;
  const handler = blocker.handler ? ` (${sourceLabel(blocker.handler)})` : "";
  return `${waited}, which ${blocker.method} ${pathOf(blocker)} kept busy${handler}.`;
}
