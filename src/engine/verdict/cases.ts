/** The slow requests of a judgement and the middle ones beside them, as rows. */
import type { DurationKey } from "../../model/request";
import { RowFacts } from "../row-facts";
import type { Store } from "../store";

/** So many of each, evenly taken, tell why. */
const MOST = 400;

export class Cases {
  readonly facts: RowFacts;
  readonly slow: readonly number[];
  readonly middle: readonly number[];
  /** The one in the middle of the slow ones stands for them. */
  readonly typical: number;

  constructor(
    readonly store: Store,
    slow: readonly number[],
    middle: readonly number[],
  ) {
    this.facts = new RowFacts(store);
    this.slow = thinned(slow);
    this.middle = thinned(middle);
    const order = this.slow.toSorted((a, b) => this.facts.responseTime(a) - this.facts.responseTime(b));
    this.typical = order[Math.floor(order.length / 2)]!;
  }

  /** Mean of a duration, µs; what is unknown counts as 0. */
  average(rows: readonly number[], key: DurationKey): number {
    return this.averageOf(rows, (row) => this.facts.duration(row, key));
  }

  averageOf(rows: readonly number[], of: (row: number) => number): number {
    let sum = 0;
    for (const row of rows) sum += of(row) || 0;
    return rows.length ? sum / rows.length : 0;
  }
}

function thinned(rows: readonly number[]): readonly number[] {
  const step = rows.length / MOST;
  return step <= 1 ? rows : Array.from({ length: MOST }, (_, i) => rows[Math.floor(i * step)]!);
}
