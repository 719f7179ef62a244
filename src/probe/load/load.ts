/** Load: many requests by a schedule (open loop) or as fast as they are answered (closed loop), their times counted. */
import { now } from "../../log/clock";
import type { Client } from "../client";
import type { Exchange, ProbeRequest } from "../exchange";
import { originOf, targetOf } from "../origin";
import type { Common } from "../page/page";
import { type ArrivalKind, arrivals } from "./arrivals";
import { runClosedLoop } from "./closed-loop";
import { Histogram } from "./histogram";
import { isLoopback } from "./limits";
import type { MixEntry } from "./mix";
import { runOpenLoop } from "./open-loop";
import { seeded, weighted } from "./random";

export interface LoadPlan {
  mix: readonly MixEntry[];
  /** Requests per second; absent: a closed loop, one request after the other on each connection. */
  rate?: number;
  arrivals: ArrivalKind;
  /** Seconds, after the warm-up. */
  duration: number;
  /** Seconds, marked and left out of statistics. */
  warmup: number;
  seed: number;
  /** The user owns the hosts: no limits. */
  unlimited: boolean;
}

/** µs; of what was answered after the warm-up. */
export interface LoadResult {
  /** Answers per second. */
  throughput: number;
  /** Mark 1 to mark 8. */
  clientResponse: ReturnType<Histogram["summary"]>;
  /** From when the request was due to mark 8: what a user of an overloaded server waits. Open loop only. */
  sinceIntended: ReturnType<Histogram["summary"]> | null;
  /** From when it was due to mark 1 (waiting for a connection included). Open loop only. */
  scheduleError: ReturnType<Histogram["summary"]> | null;
}

export class Load {
  private readonly requests: ProbeRequest[];
  /** The same, for the warm-up. */
  private readonly warmups: ProbeRequest[];
  private readonly draw: () => number;
  private readonly clientResponse = new Histogram();
  private readonly sinceIntended = new Histogram();
  private readonly scheduleError = new Histogram();
  private inFlight = 0;
  private drained: (() => void) | null = null;
  private measuredFrom = 0;

  constructor(
    private readonly client: Client,
    private readonly plan: LoadPlan,
    common: Common,
  ) {
    this.requests = plan.mix.map(({ method, url }) => ({
      ...common,
      method,
      origin: originOf(url),
      target: targetOf(url),
    }));
    this.warmups = this.requests.map((request) => ({ ...request, warmup: true }));
    this.draw = weighted(
      plan.mix.map(({ weight }) => weight),
      seeded(plan.seed),
    );
  }

  /** Resolves when the last request has ended. `connections`: those of the closed loop. */
  async run(connections: number): Promise<LoadResult> {
    const { duration, warmup } = this.plan;
    const start = now();
    this.measuredFrom = start + warmup * 1e6;
    const total = (warmup + duration) * 1e6;
    if (this.plan.rate === undefined) await this.runClosed(connections, start + total);
    else await this.runOpen(this.plan.rate, start, total);
    const seconds = Math.max(1, now() - this.measuredFrom) / 1e6;
    const isOpen = this.plan.rate !== undefined;
    return {
      throughput: this.clientResponse.count / seconds,
      clientResponse: this.clientResponse.summary(),
      sinceIntended: isOpen ? this.sinceIntended.summary() : null,
      scheduleError: isOpen ? this.scheduleError.summary() : null,
    };
  }

  private async runOpen(rate: number, start: number, duration: number): Promise<void> {
    await runOpenLoop({
      arrivals: arrivals(this.plan.arrivals, rate, seeded(this.plan.seed + 1)),
      start,
      duration,
      due: (intended) => this.send(intended, intended, this.ended),
      inFlight: () => this.inFlight,
      hasStopped: () => this.client.hasStopped,
    });
    if (this.inFlight > 0)
      await new Promise<void>((resolve) => {
        this.drained = resolve;
      });
  }

  private runClosed(connections: number, end: number): Promise<void> {
    const isForeign = this.requests.some(({ origin }) => !isLoopback(origin.host));
    return runClosedLoop({
      connections,
      end,
      paced: isForeign && !this.plan.unlimited,
      send: (time, settled) =>
        this.send(undefined, time, (exchange) => {
          this.ended(exchange);
          settled(exchange);
        }),
      hasStopped: () => this.client.hasStopped,
    });
  }

  private send(intended: number | undefined, time: number, settled: (exchange: Exchange) => void): void {
    const requests = time < this.measuredFrom ? this.warmups : this.requests;
    this.inFlight++;
    this.client.submit(requests[this.draw()]!, settled, intended);
  }

  private readonly ended = (exchange: Exchange): void => {
    this.inFlight--;
    const { request, intendedStart, requestStart, responseEnd, outcome } = exchange;
    if (outcome === "complete" && !request.warmup) {
      this.clientResponse.add(responseEnd - requestStart);
      if (intendedStart !== 0) {
        this.sinceIntended.add(responseEnd - intendedStart);
        this.scheduleError.add(requestStart - intendedStart);
      }
    }
    if (this.inFlight === 0) this.drained?.();
  };
}
