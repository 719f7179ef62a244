/** The offset between two steps of a clock: rigorous bounds at every moment, and a line through them. */
import type { ClockEpoch } from "../clock";
import { type Offset, offsetBetween } from "./alignment";
import { Envelope } from "./envelope";
import { type Exchanges, LOWER, type Side, UPPER } from "./events";
import { Hull } from "./hull";
import { type Line, widestLine } from "./line";

export class Epoch {
  private first = Number.POSITIVE_INFINITY;
  private last = Number.NEGATIVE_INFINITY;
  samples = 0;
  minRtt: number | null = null;
  private readonly envelopes = [new Envelope(), new Envelope()] as const;
  private readonly hulls = [new Hull(), new Hull()] as const;
  /** Undefined: not computed since the last bound. */
  private fitted: Line | null | undefined;

  /**
   * `base`: times are kept relative to it, so that slopes lose no digits. The clock has certainly stepped at `settled`,
   * and not yet at `until`; infinite where no step is known.
   */
  constructor(
    private readonly base: number,
    readonly settled: number,
    readonly until: number,
  ) {}

  /** Whether it has any bound: outliers alone make no epoch. */
  get isKnown(): boolean {
    return this.first <= this.last;
  }

  get from(): number {
    return Math.max(this.settled, this.first);
  }

  get to(): number {
    return Math.min(this.until, this.last);
  }

  /** Adds a bound that is certainly of this epoch. */
  insert(side: Side, time: number, value: number): void {
    this.first = Math.min(this.first, time);
    this.last = Math.max(this.last, time);
    this.envelopes[side].insert(time - this.base, value);
    this.steer(side, time, value);
  }

  /** Lets a bound guide the line but not the bounds: it may be of this epoch or of the next. */
  steer(side: Side, time: number, value: number): void {
    this.hulls[side].insert(time - this.base, value);
    this.fitted = undefined;
  }

  /** Counts a pair of this epoch. */
  count(of: Exchanges, pair: number): void {
    this.samples++;
    const rtt = of.seen[pair]! - of.sent[pair]! - (of.answered[pair]! - of.received[pair]!);
    if (!Number.isNaN(rtt) && (this.minRtt === null || rtt < this.minRtt)) this.minRtt = rtt;
  }

  low(time: number): number {
    return this.envelopes[LOWER].at(time - this.base);
  }

  high(time: number): number {
    return -this.envelopes[UPPER].at(time - this.base);
  }

  /** Whether a bound agrees with all that are in: a lower one is under the upper ones, and the other way round. */
  admits(side: Side, time: number, value: number): boolean {
    return value + this.envelopes[side === LOWER ? UPPER : LOWER].at(time - this.base) <= 0;
  }

  /** Null where no straight line respects all bounds (the clock was slewed), or one side has none. */
  get line(): Line | null {
    if (this.fitted === undefined) this.fitted = widestLine(this.hulls[LOWER], this.hulls[UPPER]);
    return this.fitted;
  }

  offsetAt(time: number): Offset {
    const { line } = this;
    const on = line ? line.intercept + line.slope * (time - this.base) : Number.NaN;
    return offsetBetween(this.low(time), this.high(time), on);
  }

  summary(): ClockEpoch {
    const at = Math.round((this.from + this.to) / 2);
    const { offset, uncertainty } = this.offsetAt(at);
    const known = Number.isFinite(uncertainty);
    const { line } = this;
    return {
      from: this.from,
      to: this.to,
      at,
      offset,
      uncertainty,
      drift: (line?.slope ?? 0) * 1e6,
      ...(line && { driftRange: [line.slopes[0] * 1e6, line.slopes[1] * 1e6] as const }),
      samples: this.samples,
      minRtt: this.minRtt,
      quality: known ? "bounded" : "none",
    };
  }
}
