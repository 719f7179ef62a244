/**
 * Which exchange the running code belongs to. While the server's listener is being called, nothing else can run: that is
 * told by the identity of the parser's callback. Behind that Node carries it through promises, timers and callbacks. On
 * Node 24 and later that costs next to nothing; before, it makes every asynchronous step of the program dearer (4 µs a
 * request of node:http, bench/overhead), so that there it rests while no request makes use of it.
 */
import { AsyncLocalStorage, executionAsyncId } from "node:async_hooks";
import type { Exchange } from "../exchange";

const FREE = Number.parseInt(process.versions.node, 10) >= 24;
/** So many requests that made no use of it, and the context rests until the next one. */
const PATIENCE = 500;

export class Context {
  private resting = false;
  /** The last exchange, and what ran when its listener was about to be called: its connection's parser; 0 is unknown. */
  private latest: Exchange | null = null;
  private callback = 0;
  /** `req` of the last exchange before a use of what Node carries. */
  private used = 0;

  private readonly storage = new AsyncLocalStorage<Exchange>();

  /** What runs from here on, and all that it starts, belongs to the exchange. */
  enter(exchange: Exchange): void {
    this.latest = exchange;
    // A session of HTTP/2 has callbacks of its own between those of its streams.
    this.callback = exchange.protocol === "" ? executionAsyncId() : 0;
    if (this.resting) return;
    if (!FREE && exchange.req - this.used > PATIENCE) {
      this.resting = true;
      this.storage.disable();
    } else this.storage.enterWith(exchange);
  }

  /**
   * The exchange of the running code, while it lasts; to be asked at a call or a measure only. `later`: it will be asked
   * again by what this code starts.
   */
  current(later = false): Exchange | undefined {
    const called = this.called();
    if (called && !later) return called;
    if (this.latest) this.used = this.latest.req;
    if (called && this.resting) this.storage.enterWith(called);
    this.resting = false;
    const exchange = called ?? this.storage.getStore();
    return exchange?.ended ? undefined : exchange;
  }

  /** The exchange whose listener is being called. */
  private called(): Exchange | null {
    const { latest } = this;
    return latest && !latest.ended && this.callback !== 0 && this.callback === executionAsyncId() ? latest : null;
  }

  stop(): void {
    this.storage.disable();
  }
}
