/** The HTTP client of all probes but the browser's: pools by origin, one record per request in the log. */
import { now } from "../log/clock";
import { Dialler, type DialOptions } from "./dial";
import { Exchange, type ProbeRequest } from "./exchange";
import { GivenUp, sentence } from "./failure";
import { Pool, type PoolOptions } from "./pool";
import type { Recorder } from "./recorder";
import { newTraceId } from "./trace-id";

export interface ClientOptions extends PoolOptions, DialOptions {
  /** Send a `traceparent` of its own with every request. */
  trace: boolean;
}

/** How often time-outs and pending requests are looked at. */
const SWEEP_MS = 100;

export class Client {
  private readonly pools = new Map<string, Pool>();
  private readonly timer = setInterval(() => this.sweep(), SWEEP_MS);
  private stopped: GivenUp | null = null;
  private dialler: Dialler;

  constructor(
    private readonly recorder: Recorder,
    private readonly options: ClientOptions,
  ) {
    this.dialler = new Dialler(options);
  }

  /** Sends when a connection is free. `intended`: when a schedule wanted it, µs. `settled` is called once, just before the record is written. */
  submit(request: ProbeRequest, settled: (exchange: Exchange) => void, intended = 0): void {
    const exchange = new Exchange(request, settled);
    exchange.intendedStart = intended;
    exchange.req = this.recorder.number();
    if (this.options.trace && !request.headers?.traced) exchange.id = newTraceId();
    exchange.fetchStart = now();
    if (this.stopped) this.settle(exchange, this.stopped);
    else this.poolOf(request).submit(exchange);
  }

  /** As `submit`; a request that a stale kept-alive connection swallowed is sent once more. */
  async fetch(request: ProbeRequest, settled: (exchange: Exchange) => void = () => {}): Promise<Exchange> {
    const send = () =>
      new Promise<Exchange>((resolve) =>
        this.submit(request, (exchange) => {
          settled(exchange);
          resolve(exchange);
        }),
      );
    const first = await send();
    return first.stale && !this.stopped && isRepeatable(request.method) ? send() : first;
  }

  get hasStopped(): boolean {
    return this.stopped !== null;
  }

  /** Gives everything up that is under way; whatever is submitted afterwards fails at once. */
  stop(reason: string): void {
    this.stopped ??= new GivenUp(reason, "aborted");
    this.closeConnections();
  }

  /** Closes all connections and forgets looked-up names: the next request starts afresh. */
  closeConnections(): void {
    const pools = [...this.pools.values()];
    this.pools.clear();
    this.dialler = new Dialler(this.options);
    for (const pool of pools) pool.close(this.stopped ?? new GivenUp("the measurement has ended", "aborted"));
  }

  close(): void {
    clearInterval(this.timer);
    this.closeConnections();
  }

  private poolOf({ origin }: ProbeRequest): Pool {
    let pool = this.pools.get(origin.key);
    if (!pool) {
      pool = new Pool(this.dialler, this.options, (exchange, error) => this.settle(exchange, error));
      this.pools.set(origin.key, pool);
    }
    return pool;
  }

  private settle(exchange: Exchange, error: unknown): void {
    if (error === null) exchange.outcome = "complete";
    else {
      exchange.closed = now();
      exchange.outcome = error instanceof GivenUp ? error.outcome : "failed";
      exchange.error = exchange.stale
        ? "the server had closed the kept-alive connection just before"
        : sentence(error, exchange.request.origin);
    }
    exchange.settled(exchange);
    this.recorder.write(exchange);
  }

  private sweep(): void {
    const time = now();
    for (const pool of this.pools.values()) {
      pool.expire(time);
      for (const exchange of pool.active()) this.recorder.pend(exchange, time);
    }
  }
}

/** Sending it twice does no more than sending it once (RFC 9110, 9.2.2). */
const isRepeatable = (method: string): boolean => /^(?:GET|HEAD|OPTIONS|TRACE|PUT|DELETE)$/.test(method);
