/**
 * Which exchange the running code belongs to. Node carries it through promises, timers and callbacks; on Node 24 and
 * later that costs next to nothing, before it makes every promise of the program a little dearer.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { Exchange } from "../exchange";

export class Context {
  private readonly storage = new AsyncLocalStorage<Exchange>();

  /** What runs from here on, and all that it starts, belongs to the exchange. */
  enter(exchange: Exchange): void {
    this.storage.enterWith(exchange);
  }

  /** The exchange of the running code, while it lasts. */
  current(): Exchange | undefined {
    const exchange = this.storage.getStore();
    return exchange?.ended ? undefined : exchange;
  }

  stop(): void {
    this.storage.disable();
  }
}
