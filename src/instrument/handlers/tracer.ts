/**
 * Follows the first requests of a kind through a framework that we know nothing of. Where a handler returns a value and
 * the framework sends it, no stack at the response has the handler on it; but one that is asynchronous makes a promise, a
 * timer or some other resource on its way, and then it is on the stack. An async hook is dear for the whole program, so
 * it is enabled only while a request is being followed. A function that returns a value at once makes nothing, and
 * stays out of reach.
 */
import { type AsyncHook, AsyncLocalStorage, createHook } from "node:async_hooks";
import { now } from "../../log/clock";
import type { Exchange } from "../exchange";
import { shapeOf } from "../shape";
import { stackFrames } from "./frames";
import { Trace } from "./trace";

/** Of a kind. */
const FIRST = 2;
/** Of all kinds, which are told apart by what a client sends. */
const MOST = 500;
const MOST_AT_ONCE = 8;
/** A request that has neither been answered nor closed is followed no longer than this. */
const LONGEST_MICROS = 2_000_000;

export class Tracer {
  private readonly followed = new Map<string, number>();
  private readonly storage = new AsyncLocalStorage<Trace | undefined>();
  private readonly open = new Set<Trace>();
  private readonly hook: AsyncHook = createHook({ init: () => this.step() });
  private until = 0;
  private total = 0;

  /** There will be no further request to follow, and none is being followed. */
  get spent(): boolean {
    return this.total >= MOST && this.open.size === 0;
  }

  /** The exchange's listener, a framework's, is about to be called. */
  follow(exchange: Exchange): void {
    const key = `${exchange.method} ${shapeOf(exchange.target)}`;
    const known = this.followed.get(key) ?? 0;
    if (known >= FIRST || this.total >= MOST || this.open.size >= MOST_AT_ONCE) {
      this.leave();
      return;
    }
    this.total++;
    this.followed.set(key, known + 1);
    const trace = new Trace();
    exchange.trace = trace;
    this.open.add(trace);
    this.until = now() + LONGEST_MICROS;
    this.storage.enterWith(trace);
    this.hook.enable();
  }

  /** A request that is not followed begins, perhaps on the connection of one that is. */
  leave(): void {
    if (this.open.size > 0) this.storage.enterWith(undefined);
  }

  /** Its response is being sent, or it was closed. */
  ended(trace: Trace): void {
    if (!this.open.delete(trace) || this.open.size > 0) return;
    this.hook.disable();
    this.storage.disable();
  }

  stop(): void {
    for (const trace of this.open) this.ended(trace);
  }

  /** Something asynchronous is being made. */
  private step(): void {
    try {
      const trace = this.storage.getStore();
      if (now() > this.until) this.stop();
      else if (trace && this.open.has(trace) && !trace.step(stackFrames())) this.ended(trace);
    } catch {
      // Lost: a step.
    }
  }
}
