/** Quantiles of any number of durations in a few kilobytes: buckets whose bounds are 1 % apart. */

const RATIO = Math.log(1.01);
/** Up to a day in µs. */
const BUCKETS = Math.ceil(Math.log(86_400e6) / RATIO) + 2;

export class Histogram {
  count = 0;
  max = 0;
  private readonly buckets = new Uint32Array(BUCKETS);

  /** µs; below 1 counts as 1. */
  add(value: number): void {
    this.count++;
    if (value > this.max) this.max = value;
    this.buckets[Math.min(BUCKETS - 1, value <= 1 ? 0 : Math.ceil(Math.log(value) / RATIO))]!++;
  }

  /** The nearest-rank quantile, at most 1 % above the true one; null where there is none. */
  quantile(q: number): number | null {
    if (this.count === 0) return null;
    let left = Math.max(1, Math.ceil(q * this.count));
    for (let i = 0; i < BUCKETS; i++) {
      left -= this.buckets[i]!;
      if (left <= 0) return Math.min(this.max, Math.round(Math.exp(i * RATIO)));
    }
    return this.max;
  }

  /** For a result: µs. */
  summary(): { p50: number | null; p95: number | null; p99: number | null; max: number | null } {
    const at = (q: number) => this.quantile(q);
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: this.count ? this.max : null };
  }
}
