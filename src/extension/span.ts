/** How long some records of a log last together. */
import { marksOf } from "../model/marks";
import type { LineLookup } from "../protocol/messages";

/**
 * From the first stamp to the last, µs. Stamps of both sides are put on the client's axis; null where the clocks are
 * not joined, or there are no stamps.
 */
export function spanOf(lookups: readonly LineLookup[]): number | null {
  const bothSides = new Set(lookups.map(({ side }) => side)).size > 1;
  const stamps: number[] = [];
  for (const { side, detail } of lookups) {
    const correction = bothSides && side === "server" ? detail.offset?.value : 0;
    if (correction === undefined) return null;
    for (const { key } of marksOf(side)) {
      const stamp = detail.request.marks[key];
      if (typeof stamp === "number") stamps.push(stamp - correction);
    }
  }
  return stamps.length ? Math.max(...stamps) - Math.min(...stamps) : null;
}
