/** While a request is under way its bound holds at some moment: when that begins and ends, on the client's clock. */
import { type BoundEvents, type Exchanges, LOWER, UPPER } from "./events";

export interface Spans {
  begun: Float64Array;
  ended: Float64Array;
}

/**
 * For every bound. Where a request's other end is unknown it lasted, for all that is known, as long as the next request
 * that began after it (the last one that had ended before it).
 */
export function requestSpans(of: Exchanges, events: BoundEvents): Spans {
  const begun = new Float64Array(events.count);
  const ended = new Float64Array(events.count);
  let known = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < events.count; index++) {
    const sent = of.sent[events.pair[index]!]!;
    const unknown = events.side[index] === UPPER ? events.time[index]! : known;
    begun[index] = Number.isNaN(sent) ? unknown : Math.min(sent, events.time[index]!);
    if (events.side[index] === LOWER && !Number.isNaN(sent)) known = Math.max(known, sent);
  }
  known = Number.POSITIVE_INFINITY;
  for (let index = events.count - 1; index >= 0; index--) {
    const seen = of.seen[events.pair[index]!]!;
    const unknown = events.side[index] === LOWER ? events.time[index]! : known;
    ended[index] = Number.isNaN(seen) ? unknown : Math.max(seen, events.time[index]!);
    if (events.side[index] === UPPER && !Number.isNaN(seen)) known = Math.min(known, seen);
  }
  return { begun, ended };
}
