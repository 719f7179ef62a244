/**
 * The connections to one origin: as many as allowed, kept alive; what finds none free waits its turn (`blocked`).
 * A connection that is opened belongs to the exchange that it is opened for.
 */
import type { Socket } from "node:net";
import { now } from "../log/clock";
import type { Dialler, HttpVersion, Line } from "./dial";
import type { Exchange } from "./exchange";
import { GivenUp } from "./failure";
import type { HeaderFields } from "./headers";
import { Connection, type ConnectionOwner } from "./http1/connection";
import { Http2Connection } from "./http2/connection";
import { Queue } from "./queue";

export interface PoolOptions {
  http: HttpVersion;
  /** For a request that brings none. */
  headers: HeaderFields;
  /** Connections at one time. */
  connections: number;
  /** µs from the start of a connection's opening, or of the request where it is open, to the answer's last byte. */
  timeout: number;
  /** µs that a request waits for a connection; without a limit where absent. */
  patience?: number;
}

export class Pool implements ConnectionOwner {
  /** Those with an exchange, and those in `idle`. */
  private readonly connections = new Set<Connection>();
  private readonly idle: Connection[] = [];
  private readonly opening = new Map<Exchange, Socket | null>();
  private http2: Http2Connection | null = null;
  /** What the server speaks; null until a first connection has told. */
  private speaksHttp2: boolean | null;
  private readonly waiting = new Queue<Exchange>();

  constructor(
    private readonly dialler: Dialler,
    private readonly options: PoolOptions,
    private readonly settle: (exchange: Exchange, error: unknown) => void,
  ) {
    this.speaksHttp2 = options.http === "auto" ? null : options.http === "2";
  }

  submit(exchange: Exchange): void {
    this.waiting.push(exchange);
    this.advance();
  }

  /** What is under way or waits now. */
  *active(): Generator<Exchange> {
    for (const { current } of this.connections) if (current) yield current;
    if (this.http2) yield* this.http2.exchanges();
    yield* this.opening.keys();
    yield* this.waiting;
  }

  /** Gives up what has taken longer than the time-out. */
  expire(time: number): void {
    const { timeout, patience } = this.options;
    const error = new GivenUp(`there was no complete answer within ${timeout / 1e6} s`, "failed");
    for (const connection of [...this.connections])
      if (connection.current && time - connection.current.begun > timeout) connection.close(error);
    for (const exchange of [...(this.http2?.exchanges() ?? [])])
      if (time - exchange.begun > timeout) this.http2?.cancel(exchange, error);
    const closed = new GivenUp(`the connection was not open within ${timeout / 1e6} s`, "failed");
    for (const [exchange, socket] of [...this.opening])
      if (time - exchange.begun > timeout) this.cancel(exchange, socket, closed);
    if (patience === undefined) return;
    const none = new GivenUp(`no connection was free within ${patience / 1e6} s`, "failed");
    for (let next = this.waiting.first; next && time - next.fetchStart > patience; next = this.waiting.first) {
      this.waiting.shift();
      this.settle(next, none);
    }
  }

  /** Closes all connections; what is under way or waits fails with `reason`. */
  close(reason: unknown): void {
    for (let exchange = this.waiting.shift(); exchange; exchange = this.waiting.shift()) this.settle(exchange, reason);
    for (const [exchange, socket] of [...this.opening]) this.cancel(exchange, socket, reason);
    for (const connection of [...this.connections]) connection.close(reason);
    this.http2?.close(reason);
  }

  answered(connection: Connection, exchange: Exchange): void {
    if (connection.open) this.idle.push(connection);
    else this.connections.delete(connection);
    this.settle(exchange, null);
    this.advance();
  }

  broken(connection: Connection, exchange: Exchange, error: unknown): void {
    this.connections.delete(connection);
    this.settle(exchange, error);
    this.advance();
  }

  gone(connection: Connection): void {
    this.connections.delete(connection);
    const at = this.idle.indexOf(connection);
    if (at >= 0) this.idle.splice(at, 1);
  }

  private advance(): void {
    while (this.waiting.size) {
      const connection = this.idle.pop();
      if (this.http2?.open) this.multiplex(this.http2, this.waiting.shift()!);
      else if (connection) this.send(connection, this.waiting.shift()!);
      else if (this.connections.size + this.opening.size < this.most()) this.open(this.waiting.shift()!);
      else return;
    }
  }

  /** One connection is enough for HTTP/2, and to learn whether the server speaks it. */
  private most(): number {
    const { origin } = this.waiting.first!.request;
    const mayMultiplex = this.speaksHttp2 ?? origin.secure;
    return mayMultiplex ? 1 : this.options.connections;
  }

  private send(connection: Connection, exchange: Exchange): void {
    exchange.begun ||= now();
    connection.send(exchange, this.options.headers);
  }

  private multiplex(connection: Http2Connection, exchange: Exchange): void {
    exchange.begun ||= now();
    connection.send(exchange, this.options.headers);
  }

  private open(exchange: Exchange): void {
    exchange.begun = now();
    this.opening.set(exchange, null);
    const socket = this.dialler.dial(exchange, (error, line) => {
      if (!this.opening.delete(exchange)) line?.socket.destroy();
      else if (!line) this.settle(exchange, error);
      else {
        this.speaksHttp2 = line.http2;
        if (line.http2) this.multiplex(this.multiplexed(line.socket, exchange), exchange);
        else this.send(this.connected(line), exchange);
      }
      this.advance();
    });
    if (this.opening.has(exchange)) this.opening.set(exchange, socket);
  }

  private connected(line: Line): Connection {
    const connection = new Connection(line, this);
    this.connections.add(connection);
    return connection;
  }

  private multiplexed(socket: Socket, { request }: Exchange): Http2Connection {
    const connection: Http2Connection = new Http2Connection(socket, request.origin.key, {
      ended: (exchange, error) => {
        this.settle(exchange, error);
        this.advance();
      },
      closed: () => {
        if (this.http2 === connection) this.http2 = null;
      },
    });
    this.http2 = connection;
    return connection;
  }

  private cancel(exchange: Exchange, socket: Socket | null, reason: unknown): void {
    this.opening.delete(exchange);
    socket?.destroy();
    this.settle(exchange, reason);
    this.advance();
  }
}
