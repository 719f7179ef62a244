/** A schedule's slots: what was measured in each, and which were missed. */
import type { SlotSummary } from "../model/report";
import { MISSED_EVENT, SLOT_EVENT } from "../model/schedule";
import { summarise } from "../model/statistics/summary";
import { RowDurations } from "./row-durations";
import { RowFacts } from "./row-facts";
import type { Store } from "./store";

/**
 * In order of time; empty where there was no schedule. A request belongs to the slot that had begun last when it was
 * wanted: both are stamps of the client. Warm-up requests are left out.
 */
export function summariseSlots(store: Store): SlotSummary[] {
  const events = store.events
    .filter(({ name }) => name === SLOT_EVENT || name === MISSED_EVENT)
    .sort((a, b) => a.time - b.time);
  if (!events.length) return [];
  const rows = rowsBySlot(
    store,
    events.map(({ time, name }) => (name === SLOT_EVENT ? time : Number.POSITIVE_INFINITY)),
  );
  return events.map(({ name, time, detail = "" }, index) => {
    const own = rows[index]!;
    const clientResponse = new RowDurations(store, own).known("clientResponse");
    return {
      slot: detail,
      time,
      missed: name === MISSED_EVENT,
      count: own.length,
      ...(clientResponse.length > 0 && { clientResponse: summarise(clientResponse) }),
    };
  });
}

/** Rows of each slot, given when each began (infinite: never). */
function rowsBySlot(store: Store, begun: readonly number[]): number[][] {
  const facts = new RowFacts(store);
  const slots = begun.map((): number[] => []);
  for (let row = 0; row < store.rows.length; row++) {
    if (store.rows.isEmpty(row) || facts.isWarmup(row)) continue;
    const fetched = facts.stamp(row, "fetchStart");
    const wanted = Number.isNaN(fetched) ? facts.stamp(row, "requestStart") : fetched;
    const last = begun.findLastIndex((time) => time <= wanted);
    if (last >= 0) slots[last]!.push(row);
  }
  return slots;
}
