/** The child spans of an exchange: no more and no longer than a record line bears. */
import type { ChildSpan } from "../../model/record";
import type { Exchange } from "../exchange";

const MOST_CHILDREN = 100;
const LONGEST_NAME = 200;

/** `duration` in µs. A child of an exchange that has ended is dropped: its record is written. */
export function addChild(exchange: Exchange, child: ChildSpan): void {
  if (exchange.ended) return;
  exchange.children ??= [];
  if (exchange.children.length >= MOST_CHILDREN) return;
  exchange.children.push({
    ...child,
    name: child.name.slice(0, LONGEST_NAME),
    duration: Math.max(0, Math.round(child.duration)),
  });
}
