/**
 * Admission: a connection is let in while what has been let in keeps the workers busy for no more than a share of their
 * time. The workers' time is a budget in ms: it fills at `maxLoad` ms a ms for each connection that can be served at a
 * time, and every connection costs what connections have cost lately, set right when its true cost is known.
 */

/** ms of work for each place that may be admitted at once after a quiet time; this bounds the queue. */
const BURST = 250;
/** Weight of the newest cost in the running mean. */
const FRESH = 0.1;

export class Admission {
  private budget: number;
  private mean = 0;
  private last: number;

  /** `now` in ms. */
  constructor(
    private readonly maxLoad: number,
    now: number,
  ) {
    this.budget = BURST;
    this.last = now;
  }

  /** The cost that was charged for the connection, ms; null: refused. `places` is how many can be served at a time. */
  admit(places: number, now: number): number | null {
    this.budget = Math.min(places * BURST, this.budget + (now - this.last) * places * this.maxLoad);
    this.last = now;
    if (this.budget < 0) return null;
    this.budget -= this.mean;
    return this.mean;
  }

  /** The connection has held its place for `cost` ms. */
  settle(charged: number, cost: number): void {
    this.budget += charged - cost;
    this.mean = this.mean === 0 ? cost : this.mean + FRESH * (cost - this.mean);
  }

  /** Whole seconds until there is room again, for Retry-After. */
  retryAfter(places: number): number {
    return Math.max(1, Math.ceil(-this.budget / (places * this.maxLoad * 1000)));
  }
}
