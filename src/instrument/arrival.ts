/**
 * Mark 2, where the server can know it: the interval in which a request's first byte reached the machine.
 *
 * A new connection may have waited in the listener's queue, because libuv accepts one in an iteration: it came after the
 * poll before the first of an unbroken run of accepting iterations, and its first request's bytes may have come with it.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { now } from "../log/clock";
import type { Connection } from "./connection";
import type { EventLoop } from "./event-loop";
import type { Exchange } from "./exchange";
import { quiet } from "./guard";
import { Slot } from "./slot";

interface Accept {
  iteration: number;
  /** No earlier than this was the connection made, µs; 0 where another process accepted it. */
  earliest: number;
}

class Accepted extends Slot {
  #accept: Accept;
  private constructor(socket: object, accept: Accept) {
    super(socket);
    this.#accept = accept;
  }
  static of(socket: object): Accept | undefined {
    return #accept in socket ? (socket as Accepted).#accept : undefined;
  }
  static put(socket: object, accept: Accept): void {
    if (!(#accept in socket)) new Accepted(socket, accept);
  }
}

/** How a socket was accepted; a TLS socket stands on the one that was. */
const acceptOf = (socket: Socket): Accept | undefined =>
  Accepted.of(socket) ?? Accepted.of((socket as Socket & { _parent?: Socket })._parent ?? socket);

/** Only a request without a body is known to have been read whole when its headers are parsed. */
const bodiless = (exchange: Exchange): boolean => exchange.method === "GET" || exchange.method === "HEAD";

export class Arrivals {
  private run: Accept = { iteration: -2, earliest: 0 };

  /** `passed`: connections are accepted by another process (a cluster's primary), which we know nothing of. */
  constructor(
    private readonly loop: EventLoop,
    private readonly passed: boolean,
  ) {}

  /** Observes accepted connections; the result ends it. */
  install(): () => void {
    const accepted = quiet((message: unknown) => this.accept((message as { socket: Socket }).socket));
    subscribe("net.server.socket", accepted);
    return () => {
      unsubscribe("net.server.socket", accepted);
      this.loop.stop();
    };
  }

  /**
   * Sets the arrival of an exchange that begins, behind `previous` on its connection. The result is since when its wait can
   * be due to this process, µs: the arrival's lower bound but for the system's own lateness; 0 where nothing is known.
   */
  set(exchange: Exchange, connection: Connection, previous: Exchange | null): number {
    if (connection.arrival) {
      [exchange.arrivalEarliest, exchange.arrivalLatest] = connection.arrival;
      connection.arrival = null;
      return exchange.arrivalEarliest;
    }
    const { loop } = this;
    if (loop.running) loop.look(exchange.parseStart);
    if (previous && !this.readBefore(previous, connection)) return this.setBehind(exchange, previous);
    if (!loop.running) return 0;
    let { earliest } = loop;
    if (!previous && !loop.idle) {
      const accept = acceptOf(connection.socket);
      if (!accept) return 0;
      if (loop.iteration <= accept.iteration + 1) earliest = accept.earliest;
    }
    if (earliest === 0) return 0;
    exchange.arrivalEarliest = Math.min(earliest, loop.latest) - loop.unseen;
    exchange.arrivalLatest = previous && !bodiless(previous) ? exchange.parseStart : loop.latest;
    return earliest;
  }

  /** The bytes came behind those of a request that is still under way: at some time up to now. */
  private setBehind(exchange: Exchange, previous: Exchange): number {
    // Whether HTTP/2 read its connection while it was answering other streams is not known.
    const unknown = previous.protocol === "h2" && previous.iteration < this.loop.iteration;
    if (unknown || !previous.arrivalEarliest) return 0;
    exchange.arrivalEarliest = previous.arrivalEarliest;
    exchange.arrivalLatest = exchange.parseStart;
    return Math.min(previous.arrivalEarliest + this.loop.unseen, previous.arrivalLatest);
  }

  /** Whether the request was read whole in an earlier iteration, and answered, so that the socket is being polled. */
  private readBefore(previous: Exchange, connection: Connection): boolean {
    const { iteration, idle } = this.loop;
    // HTTP/2 reads again only when it has nothing to write: a poll that did not wait bounds what comes by the poll before it,
    // which has looked at this connection only if that was an iteration earlier.
    if (previous.protocol === "h2") return connection.quietSince < (idle ? iteration : iteration - 1);
    return previous.ended && previous.iteration < iteration;
  }

  private accept(socket: Socket): void {
    const { loop } = this;
    if (!loop.running) return;
    loop.look(now());
    const unbroken = this.run.iteration >= loop.iteration - 1 && !loop.idle;
    const earliest = this.passed ? 0 : unbroken ? this.run.earliest : loop.earliest;
    this.run = { iteration: loop.iteration, earliest };
    Accepted.put(socket, this.run);
  }
}
