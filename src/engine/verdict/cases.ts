/** The slow requests of a judgement and the middle ones beside them. */
import { RowColumns } from "../row-columns";
import { RowFacts } from "../row-facts";
import type { Store } from "../store";
import { thinned } from "./thinned";

/** So many of each, evenly taken, tell why. */
const MOST = 400;

export class Cases {
  readonly facts: RowFacts;
  readonly slow: RowColumns;
  readonly middle: RowColumns;

  constructor(
    readonly store: Store,
    slow: readonly number[],
    middle: readonly number[],
  ) {
    this.facts = new RowFacts(store);
    this.slow = new RowColumns(store, thinned(slow, MOST));
    this.middle = new RowColumns(store, thinned(middle, MOST));
  }

  /** The one in the middle of the slow ones stands for them. */
  get typical(): number {
    const { rows } = this.slow;
    const times = this.slow.responseTime();
    const order = Array.from(rows.keys()).sort((a, b) => times[a]! - times[b]!);
    return rows[order[order.length >>> 1]!]!;
  }
}

/** What is unknown counts as 0. */
export function average(values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) if (!Number.isNaN(values[at]!)) sum += values[at]!;
  return values.length ? sum / values.length : 0;
}
