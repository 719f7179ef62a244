/**
 * Which code answered: the handler (a function) and the responder (the line that sent the response).
 *
 * The handler is the function that the framework has for the route, else the server's own 'request' listener where that
 * is user code, else the outermost user function on the stack when the response is sent (middleware that ended the
 * request; a framework that we know nothing of), else what was seen on the way of a function that returned what another
 * one sent (tracer.ts). A stack costs some 40 µs, so it is taken for the first few responses of
 * a kind and then for one in many; the others of the kind share what was seen, with less confidence.
 */
import type { ServerResponse } from "node:http";
import { type Answer, type Exchange, exchangeOf } from "../exchange";
import type { Recorder } from "../recorder";
import { shapeOf } from "../shape";
import { expressRoute } from "./express";
import { observeFastify } from "./fastify";
import { type Frame, userFrames } from "./frames";
import { observeKoa } from "./koa";
import type { Routed } from "./routed";
import { Sources } from "./sources";
import { Tracer } from "./tracer";

/** A function that requests lead to. */
interface Code {
  /** It is the user's own: a route's, or a listener that no framework wrote. */
  own: boolean;
  /** Whether its requests are worth following: it is a package's, and no framework that tells its routes. */
  unknown: boolean;
  kinds: Map<string | number, Answer>;
}

const FIRST = 3;
const THEN_ONE_IN = 1_024;
/** Kinds are told apart by what a client sends: they must not grow without limit. */
const MOST_KINDS = 2_000;
const SEEN = 1;
const OUTERMOST = 0.8;
const TRACED = 0.7;
const SHARED = 0.9;

export class Handlers {
  readonly sources: Sources;
  private readonly codes = new WeakMap<object, Code>();
  /** The listener of the last request, and what is known of it: most processes have one. */
  private lastListener: object | null = null;
  private lastCode: Code | null = null;
  private readonly tracer = new Tracer();
  private readonly undo: (() => void)[];
  private koa: (() => void) | null = null;

  constructor(recorder: Recorder) {
    this.sources = new Sources(recorder);
    this.undo = [observeFastify((response, routed) => routedBy(response, () => routed))];
  }

  /** A server is about to serve: what is dear is done before its first request. */
  prepare(): void {
    this.koa ??= observeKoa(routedBy);
    this.sources.prepare();
  }

  uninstall(): void {
    for (const take of this.undo) take();
    this.koa?.();
    this.tracer.stop();
  }

  /** Its listener is about to be called. */
  called(exchange: Exchange, server: object): void {
    const listener = listenerOf(server);
    exchange.listener = listener;
    if (this.tracer.spent) return;
    if (listener && this.listenerCode(listener).unknown) this.tracer.follow(exchange);
    else this.tracer.leave();
  }

  /** The response's first byte is about to be sent: on the stack is what sends it. */
  sending(exchange: Exchange, response: ServerResponse): void {
    if (exchange.trace) this.tracer.ended(exchange.trace);
    const routed = expressRoute(response) ?? exchange.routed?.() ?? null;
    const { listener } = exchange;
    if (routed) {
      exchange.route = routed.route;
      const framework = listener && this.codes.get(listener);
      if (framework) framework.unknown = false;
    }
    const code = routed?.handler ?? listener;
    if (code) this.sent(exchange, code, response.statusCode, routed !== null);
  }

  /** The code, that of the exchange's route or the server's listener, sends a response. */
  sent(exchange: Exchange, code: object, status: number, routed = false): void {
    exchange.code = code;
    const kind = this.kindOf(code, exchange, status, routed);
    exchange.kind = kind;
    if (kind.seen++ < FIRST || kind.seen % THEN_ONE_IN === 0) exchange.frames = userFrames();
  }

  /** The exchange has ended: gives it the ids of its sources. Not before, because locating code takes its time. */
  ended(exchange: Exchange): void {
    const { code, kind, frames, trace } = exchange;
    if (trace) this.tracer.ended(trace);
    if (!code || !kind || exchange.handler) return;
    if (frames) this.look(code, kind, frames, trace?.handler);
    exchange.handler = kind.handler;
    exchange.responder = kind.responder;
  }

  private look(code: object, kind: Answer, frames: Frame[], traced?: Frame | null): void {
    const { sources } = this;
    const [innermost] = frames;
    const outermost = frames.at(-1);
    const located = sources.ofFunction(code);
    this.codes.get(code)!.own = located.own;
    if (located.own) kind.handler = located.id;
    else if (outermost) kind.handler = sources.ofFrameFunction(outermost, OUTERMOST);
    else if (traced) kind.handler = sources.ofFrameFunction(traced, TRACED);
    if (innermost) kind.responder = sources.ofFrame(innermost, kind.seen <= FIRST ? SEEN : SHARED);
  }

  private kindOf(code: object, exchange: Exchange, status: number, routed: boolean): Answer {
    let known = code === this.lastListener ? this.lastCode! : this.codes.get(code);
    if (!known) {
      known = { own: routed, unknown: false, kinds: new Map() };
      this.codes.set(code, known);
    }
    const { own, kinds } = known;
    // A listener that is a framework's leads to many functions: those of one method and path are taken for the same.
    const key = own ? status : `${status} ${exchange.method} ${shapeOf(exchange.target)}`;
    let kind = kinds.get(key) ?? (kinds.size >= MOST_KINDS ? kinds.get(0) : undefined);
    if (!kind) {
      kind = { seen: 0, handler: 0, responder: 0 };
      kinds.set(kinds.size >= MOST_KINDS ? 0 : key, kind);
    }
    return kind;
  }

  /** Located at its first request, to tell whether it is a framework's. */
  private listenerCode(listener: object): Code {
    if (this.lastListener === listener) return this.lastCode!;
    let known = this.codes.get(listener);
    if (!known) {
      const { id, own } = this.sources.ofFunction(listener);
      known = { own, unknown: id !== 0 && !own, kinds: new Map() };
      this.codes.set(listener, known);
    }
    this.lastListener = listener;
    this.lastCode = known;
    return known;
  }
}

/** A framework's way to tell the route, once it is needed. */
function routedBy(response: ServerResponse, routed: () => Routed | null): void {
  const exchange = exchangeOf(response);
  if (exchange) exchange.routed = routed;
}

/** The server's listener for requests; the first of several. */
function listenerOf(server: { _events?: { request?: unknown } }): object | null {
  const listeners = server._events?.request;
  const listener: unknown = Array.isArray(listeners) ? listeners[0] : listeners;
  return typeof listener === "function" ? listener : null;
}
