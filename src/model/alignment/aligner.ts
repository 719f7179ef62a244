/** Aligns while a recording runs: O(1) amortised for each pair, whatever the pairs say. */
import { type AlignOptions, estimatedAlignment, exactAlignment } from "./align";
import { type Alignment, UNALIGNED } from "./alignment";
import { BoundedAlignment } from "./bounded";
import type { Exchanges } from "./events";
import { ExactAlignment } from "./exact";
import { clockGrain } from "./grain";

/** Aligning anew may cost so many pairs' work for each pair that was added, and this much before that. */
const REBUILDS = 4;
const CREDIT = 4096;

export class Aligner {
  private columns: Exchanges = columns(256);
  private count = 0;
  /** Pairs that `result` takes in. */
  private aligned = 0;
  private spent = 0;
  /** Pairs at the last time that all were aligned anew. */
  private rebuilt = 1;
  private grain: number;
  private result: Alignment = UNALIGNED;
  private shared: number | null;

  constructor(private readonly options: AlignOptions) {
    this.shared = options.shared ?? null;
    this.grain = options.grain;
  }

  /** µs, NaN where unknown; in any order. See `Exchanges`. */
  add(sent: number, received: number, answered: number, seen: number): void {
    if (this.count === this.columns.sent.length) this.columns = columns(2 * this.count, this.columns);
    const { columns: to, count } = this;
    to.sent[count] = sent;
    to.received[count] = received;
    to.answered[count] = answered;
    to.seen[count] = seen;
    this.count++;
  }

  /** Takes in what was added. Where a pair contradicts and the work allowed is spent, it waits for more to come. */
  get alignment(): Alignment {
    // What the first pairs say of the clocks' steps is little: ever more are asked again.
    if (this.count >= 2 * this.rebuilt) this.rebuild();
    const { result } = this;
    const grows = result instanceof BoundedAlignment || result instanceof ExactAlignment;
    while (grows && this.aligned < this.count && result.extend(this.columns, this.aligned, this.grain)) this.aligned++;
    if (this.aligned < this.count && this.spent + this.count <= REBUILDS * this.count + CREDIT) this.rebuild();
    return this.result;
  }

  private rebuild(): void {
    const all = columns(this.count, this.columns);
    const grain = clockGrain(all, this.options.grain);
    this.grain = grain;
    this.rebuilt = this.count;
    const exact = this.shared === null ? null : exactAlignment(all, grain, this.shared);
    // What was denied once is not asked again.
    if (!exact) this.shared = null;
    this.result = exact ?? estimatedAlignment(all, grain);
    this.aligned = this.count;
    this.spent += this.count;
  }
}

/** Columns of a length, filled from others as far as both go. */
function columns(length: number, from?: Exchanges): Exchanges {
  const column = (values?: Float64Array): Float64Array => {
    const made = new Float64Array(length);
    if (values) made.set(values.length > length ? values.subarray(0, length) : values);
    return made;
  };
  return {
    sent: column(from?.sent),
    received: column(from?.received),
    answered: column(from?.answered),
    seen: column(from?.seen),
  };
}
