/** The child spans of an exchange: no more and no longer than a record line bears. */
import type { ChildSpan } from "../../model/record";
import type { Exchange } from "../exchange";

const MOST_CHILDREN = 100;
const LONGEST_NAME = 200;

/** Takes the child over; `duration` in µs. A child of an exchange that has ended is dropped: its record is written. */
export function addChild(exchange: Exchange, child: ChildSpan): void {
  if (exchange.ended) return;
  const { name, start = 0 } = child;
  const duration = Math.max(0, Math.round(child.duration));
  // A header or a measure may tell any number.
  if (!Number.isSafeInteger(duration) || !Number.isSafeInteger(start) || start < 0) return;
  exchange.children ??= [];
  if (exchange.children.length >= MOST_CHILDREN) return;
  child.name = name.slice(0, LONGEST_NAME);
  child.duration = duration;
  exchange.children.push(child);
}
