/** Clocks of one boot: the offset is known without any request, and every request has to agree. */
import { type Alignment, offsetBetween } from "./alignment";
import { type Exchanges, lowerBound, negatedUpperBound } from "./events";

/** µs: what reading an anchor (the monotonic clock between two readings of the other) can be wrong by. */
const ANCHOR_ERROR = 2;
/** So many contradicting pairs in a row are no accidents of pairing: the clocks are two. */
const RUN = 3;
/** And so large a part of all pairs. */
const SHARE = 0.01;

/** What requests have said of a clock that none of them denied; µs. */
export interface Verified {
  from: number;
  to: number;
  samples: number;
  minRtt: number | null;
}

export class ExactAlignment implements Alignment {
  readonly quality = "exact";
  readonly method = "same boot: one clock, verified by every request";
  readonly violations: number[] = [];
  private from = Number.POSITIVE_INFINITY;
  private to = Number.NEGATIVE_INFINITY;
  private samples = 0;
  private minRtt: number | null = null;
  private run = 0;

  constructor(readonly offset: number) {}

  /** Null where nothing was said, or something against it. */
  get verified(): Verified | null {
    const { from, to, samples, minRtt } = this;
    return samples > 0 && this.violations.length === 0 ? { from, to, samples, minRtt } : null;
  }

  /** Goes on where another has ended. */
  resume({ from, to, samples, minRtt }: Verified): void {
    this.from = from;
    this.to = to;
    this.samples = samples;
    this.minRtt = minRtt;
  }

  /** False where the pairs say that it is not one clock after all. */
  extend(of: Exchanges, pair: number, grain: number): boolean {
    const slack = grain + ANCHOR_ERROR;
    const low = lowerBound(of, pair, slack);
    const negatedHigh = negatedUpperBound(of, pair, slack);
    const both = low + negatedHigh;
    if (Number.isNaN(low) && Number.isNaN(negatedHigh)) return true;
    this.samples++;
    for (const time of [of.sent[pair]!, of.seen[pair]!])
      if (!Number.isNaN(time)) {
        this.from = Math.min(this.from, time);
        this.to = Math.max(this.to, time);
      }
    if (!Number.isNaN(both)) this.minRtt = Math.min(this.minRtt ?? Number.POSITIVE_INFINITY, -both - 2 * slack);
    if (low > this.offset || negatedHigh > -this.offset) {
      this.violations.push(pair);
      this.run++;
    } else this.run = 0;
    return this.run < RUN && this.violations.length <= Math.max(1, SHARE * this.samples);
  }

  get epochs() {
    if (!this.samples) return [];
    const { from, to, offset, samples, minRtt, quality } = this;
    const at = Math.round((from + to) / 2);
    return [{ from, to, at, offset, uncertainty: ANCHOR_ERROR / 2, drift: 0, samples, minRtt, quality } as const];
  }

  offsetAt() {
    return offsetBetween(this.offset - ANCHOR_ERROR / 2, this.offset + ANCHOR_ERROR / 2, this.offset);
  }
}
