/**
 * Marks 3 to 6 of node:http2. A request begins, and is parsed, when its headers have come; its response begins at the
 * look-up of `respond`, and its last frame is sent when the stream is destroyed without an error.
 *
 * Where Node has no diagnostics channel for streams (20) the server's `emit` is wrapped, so that one frame of ours is on
 * the stack of an HTTP/2 handler there, and only there.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Http2Session, ServerHttp2Stream } from "node:http2";
import type { Server, Socket } from "node:net";
import { now } from "../log/clock";
import { Connection, connectionOf, NEVER, setConnection } from "./connection";
import type { EventLoop } from "./event-loop";
import { exchangeOf, setExchange } from "./exchange";
import { quiet } from "./guard";
import { type Method, onLookup } from "./lookup";
import type { Recorder } from "./recorder";
import { isFlushed } from "./socket-queue";

const CREATED = "http2.server.stream.created";
/** Later versions of 22 have the channels too: there the first stream takes the wrapper away again. */
const CHANNELS_SINCE = 24;
const RESPONDS = ["respond", "respondWithFD", "respondWithFile"] as const;

type Headers = Record<string, unknown>;
type Events = { _events?: Record<string, unknown> };

const text = (value: unknown): string => (typeof value === "string" ? value : "");

export class Http2 {
  private readonly undo: (() => void)[] = [];
  private readonly unwrap: (() => void)[] = [];
  private prototype: object | null = null;

  constructor(
    private readonly recorder: Recorder,
    private readonly loop: EventLoop,
  ) {
    const created = quiet((message: unknown) => {
      for (const take of this.unwrap.splice(0)) take();
      const { stream, headers } = message as { stream: ServerHttp2Stream; headers: Headers };
      this.begin(stream, headers);
    });
    subscribe(CREATED, created);
    this.undo.push(() => unsubscribe(CREATED, created));
  }

  uninstall(): void {
    for (const take of [...this.undo.splice(0), ...this.unwrap.splice(0)]) take();
  }

  /** A server listens: the way in where there is no channel. */
  listening(server: Server): void {
    if (Number.parseInt(process.versions.node, 10) >= CHANNELS_SINCE) return;
    const begin = quiet((stream: ServerHttp2Stream, headers: Headers) => this.begin(stream, headers));
    this.unwrap.push(
      onLookup(server, "emit", (_, emit) => {
        return function (this: object, event: unknown, ...values: unknown[]) {
          if (event === "stream") begin(values[0] as ServerHttp2Stream, values[1] as Headers);
          return (emit as (...values: unknown[]) => boolean).call(this, event, ...values);
        } as Method;
      }),
    );
  }

  private begin(stream: ServerHttp2Stream, headers: Headers): void {
    const time = now();
    const { session, id } = stream;
    if (!session || id === undefined || exchangeOf(stream)) return;
    this.observe(stream);
    let connection = connectionOf(session);
    if (!connection) {
      connection = new Connection(session.socket as Socket);
      setConnection(session, connection);
    }
    const exchange = this.recorder.begin(connection, time, id);
    exchange.protocol = "h2";
    exchange.method = text(headers[":method"]) || "-";
    exchange.target = text(headers[":path"]) || "-";
    exchange.host = text(headers[":authority"]) || text(headers.host);
    exchange.traceparent = text(headers.traceparent);
    setExchange(stream, exchange);
    this.recorder.called(exchange, time);
  }

  /** The class of streams is not exported: the first stream leads to it. */
  private observe(stream: ServerHttp2Stream): void {
    if (this.prototype) return;
    const prototype: object = Object.getPrototypeOf(stream);
    this.prototype = prototype;
    for (const name of RESPONDS)
      this.undo.push(onLookup(prototype, name, (object) => this.responding(object as ServerHttp2Stream)));
    this.undo.push(onLookup(prototype, "_final", (object) => this.ending(object)));
    this.undo.push(onLookup(prototype, "_destroy", (object) => this.ended(object as ServerHttp2Stream)));
  }

  private responding(stream: ServerHttp2Stream): void {
    const exchange = exchangeOf(stream);
    if (!exchange || exchange.processEnd) return;
    this.recorder.answered(exchange, 0);
    const listener = stream.session && listenerOf(stream.session);
    if (listener) this.recorder.handlers?.sent(exchange, listener, 0);
  }

  private ending(stream: object): void {
    const exchange = exchangeOf(stream);
    if (exchange && !exchange.written && !exchange.ended) this.recorder.writes.frames(exchange);
  }

  private ended(stream: ServerHttp2Stream): void {
    const exchange = exchangeOf(stream);
    if (!exchange || exchange.ended) return;
    exchange.status = Number(stream.sentHeaders?.[":status"] ?? 0);
    if (exchange.processEnd && stream.rstCode === 0) this.recorder.sent(exchange);
    else this.recorder.aborted(exchange);
    this.quiet(exchange.connection);
  }

  /** Node does not read while it has something to write; when it has nothing, the connection is polled again. */
  private quiet(connection: Connection): void {
    const { socket, open } = connection;
    connection.quietSince = open.length === 0 && isFlushed(socket) ? this.loop.iteration : NEVER;
  }
}

/** The server's listener: for requests (the compatibility API), else for streams. */
function listenerOf(session: Http2Session): object | null {
  const key = Object.getOwnPropertySymbols(session).find((symbol) => symbol.description === "server");
  const events = key && (session as unknown as Record<symbol, Events | undefined>)[key]?._events;
  const listeners = events?.request ?? events?.stream;
  const listener: unknown = Array.isArray(listeners) ? listeners[0] : listeners;
  return typeof listener === "function" ? listener : null;
}
