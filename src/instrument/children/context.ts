/**
 * Which exchange the running code belongs to. Node carries it through promises, timers and callbacks. On Node 24 and
 * later that costs next to nothing; before, it makes every asynchronous step of the program dearer (4 µs a request of
 * node:http, bench/overhead), so that there it rests while no request makes use of it.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Exchange } from "../exchange";

const FREE = Number.parseInt(process.versions.node, 10) >= 24;
/** So many requests without a call or a measure, and the context rests until the next one. */
const PATIENCE = 500;

export class Context {
  private resting = false;
  /** `req` of the last exchange, and of the last one before a call or a measure. */
  private latest = 0;
  private used = 0;

  private readonly storage = new AsyncLocalStorage<Exchange>();

  /** What runs from here on, and all that it starts, belongs to the exchange. */
  enter(exchange: Exchange): void {
    this.latest = exchange.req;
    if (this.resting) return;
    if (!FREE && exchange.req - this.used > PATIENCE) {
      this.resting = true;
      this.storage.disable();
    } else this.storage.enterWith(exchange);
  }

  /** The exchange of the running code, while it lasts; to be asked at a call or a measure only. */
  current(): Exchange | undefined {
    this.used = this.latest;
    this.resting = false;
    const exchange = this.storage.getStore();
    return exchange?.ended ? undefined : exchange;
  }

  stop(): void {
    this.storage.disable();
  }
}
