/**
 * One HTTP/1.1 connection, one exchange at a time. Stamps are taken before the send call and after the receive event,
 * so that waiting for the processor can only widen what is measured, never turn it round.
 */
import type { Socket } from "node:net";
import { now } from "../../log/clock";
import { connectionName } from "../../model/connection";
import type { Line } from "../dial";
import type { Exchange, ProbeRequest } from "../exchange";
import type { HeaderFields } from "../headers";
import type { HttpProxy } from "../proxy";
import { ResponseCut, type ResponseHead } from "./head";
import { RequestHead } from "./request-head";
import { ResponseParser, type ResponseSink } from "./response-parser";

export interface ConnectionOwner {
  /** The exchange has its whole answer. */
  answered(connection: Connection, exchange: Exchange): void;
  /** The exchange failed, and the connection with it. */
  broken(connection: Connection, exchange: Exchange, error: unknown): void;
  /** The connection is closed; nothing was under way. */
  gone(connection: Connection): void;
}

export class Connection implements ResponseSink {
  current: Exchange | null = null;
  /** Another exchange may be sent. */
  open = true;
  private readonly socket: Socket;
  private readonly proxy: HttpProxy | null;
  private readonly name: string;
  private ordinal = 0;
  private readonly parser = new ResponseParser(this);
  /** Under load the same request goes out again and again. */
  private lastRequest: ProbeRequest | null = null;
  private lastHead: RequestHead | null = null;

  constructor(
    { socket, proxy, reader }: Line,
    private readonly owner: ConnectionOwner,
  ) {
    this.socket = socket;
    this.proxy = proxy;
    this.name = connectionName(socket.localAddress, socket.localPort, socket.remoteAddress, socket.remotePort);
    if (reader) reader.receive = (bytes) => this.receive(bytes);
    else socket.on("data", (bytes: Buffer) => this.receive(bytes));
    socket.on("end", () => this.ended());
    socket.on("error", (error) => this.fail(error));
    socket.on("close", () => this.fail(new ResponseCut("without an answer")));
  }

  /** `own`: headers of a request that brings none. */
  send(exchange: Exchange, own: HeaderFields): void {
    const { method, body } = exchange.request;
    this.current = exchange;
    exchange.conn = this.name;
    exchange.ord = ++this.ordinal;
    this.parser.expect(method);
    const head = this.headOf(exchange, own);
    const { socket } = this;
    exchange.requestStart = now();
    if (body) {
      socket.cork();
      socket.write(head);
      socket.write(body);
      socket.uncork();
    } else socket.write(head);
    // What the system took whole is told by an empty queue at once, by a callback only later.
    if (socket.writableLength === 0) exchange.requestEnd = now();
    else {
      // The head's bytes are the socket's for now: the next request has to have its own.
      this.lastRequest = null;
      socket.write("", () => {
        exchange.requestEnd = now();
      });
    }
  }

  /** Valid until the next call. */
  private headOf({ request, id }: Exchange, own: HeaderFields): Buffer {
    if (request !== this.lastRequest || !this.lastHead) {
      this.lastRequest = request;
      this.lastHead = new RequestHead(this.fixedHeadOf(request, own), id);
    }
    return this.lastHead.with(id);
  }

  /** The request's head up to what differs between its exchanges. */
  private fixedHeadOf({ method, target, origin, headers, body }: ProbeRequest, own: HeaderFields): string {
    const { proxy } = this;
    const { lines, authority = origin.authority, sized } = headers ?? own;
    const to = proxy ? origin.key + target : target;
    const authorization = proxy?.authorization ? `Proxy-Authorization: ${proxy.authorization}\r\n` : "";
    const length = body && !sized ? `Content-Length: ${body.length}\r\n` : "";
    return `${method} ${to} HTTP/1.1\r\nHost: ${authority}\r\n${lines}${authorization}${length}`;
  }

  /** Closes the connection; an exchange under way fails with `reason`. */
  close(reason: unknown): void {
    this.fail(reason);
  }

  head(head: ResponseHead, first: number, last: number): void {
    const exchange = this.current!;
    exchange.head = head;
    exchange.responseStart = first;
    exchange.responseHeadersEnd = last;
  }

  body(bytes: Buffer): void {
    this.current!.receive(bytes);
  }

  complete(time: number, reusable: boolean): void {
    const exchange = this.current!;
    this.current = null;
    exchange.responseEnd = time;
    if (!reusable || !this.socket.writable) this.shut();
    this.owner.answered(this, exchange);
  }

  private receive(bytes: Buffer): void {
    const time = now();
    try {
      this.parser.push(bytes, time);
    } catch (error) {
      this.fail(error);
    }
  }

  private ended(): void {
    try {
      this.parser.end(now());
      this.fail(null);
    } catch (error) {
      this.fail(error);
    }
  }

  private shut(): void {
    this.open = false;
    this.socket.destroy();
  }

  private fail(error: unknown): void {
    const exchange = this.current;
    const wasOpen = this.open;
    this.current = null;
    this.shut();
    if (exchange) {
      exchange.stale = this.ordinal > 1 && exchange.responseStart === 0 && isClosed(error);
      this.owner.broken(this, exchange, error);
    } else if (wasOpen) this.owner.gone(this);
  }
}

/** The signs of a server that closed an idle connection just before the request came. */
function isClosed(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  return error instanceof ResponseCut || code === "ECONNRESET" || code === "EPIPE";
}
