/**
 * One HTTP/2 connection, many exchanges at a time. Frames are node:http2's: a mark is stamped when it hands a frame
 * over or takes one, so write and first byte are a little less exact than on a raw HTTP/1.1 socket.
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import type { Socket } from "node:net";
import { now } from "../../log/clock";
import { connectionName } from "../../model/connection";
import type { Exchange } from "../exchange";
import type { HeaderFields } from "../headers";
import { ResponseCut } from "../http1/head";
import { traceparent } from "../trace-id";

export interface Http2Owner {
  /** The exchange has ended; `error` is null where it has its whole answer. */
  ended(exchange: Exchange, error: unknown): void;
  /** No further exchange can be sent. */
  closed(): void;
}

/** Fields that HTTP/2 has no place for (RFC 9113, 8.2.2). */
const CONNECTION_FIELDS = /^(?:connection|keep-alive|proxy-connection|transfer-encoding|upgrade)$/i;

export class Http2Connection {
  open = true;
  private readonly name: string;
  private readonly session: ClientHttp2Session;
  private readonly streams = new Map<Exchange, ClientHttp2Stream>();

  constructor(
    socket: Socket,
    authority: string,
    private readonly owner: Http2Owner,
  ) {
    this.name = connectionName(socket.localAddress, socket.localPort, socket.remoteAddress, socket.remotePort);
    this.session = connect(authority, { createConnection: () => socket });
    this.session.on("error", (error) => this.close(error));
    this.session.on("goaway", () => this.shut());
    this.session.on("close", () => this.close(new ResponseCut("without an answer")));
  }

  /** What is under way. */
  exchanges(): IterableIterator<Exchange> {
    return this.streams.keys();
  }

  /** `own`: headers of a request that brings none. */
  send(exchange: Exchange, own: HeaderFields): void {
    const { method, target, origin, headers = own, body } = exchange.request;
    exchange.conn = this.name;
    exchange.protocol = "h2";
    const fields = headers.fields.filter(([name]) => !CONNECTION_FIELDS.test(name));
    exchange.requestStart = now();
    const stream = this.session.request(
      {
        ...Object.fromEntries(fields.map(([name, value]) => [name.toLowerCase(), value])),
        ...(exchange.id ? { traceparent: traceparent(exchange.id) } : {}),
        ...(body && !headers.sized ? { "content-length": body.length } : {}),
        ":method": method,
        ":path": target,
        ":scheme": origin.secure ? "https" : "http",
        ":authority": headers.authority ?? origin.authority,
      },
      { endStream: !body },
    );
    this.streams.set(exchange, stream);
    this.listen(exchange, stream);
    if (body) stream.end(body);
  }

  /** Gives one exchange up; the others go on. */
  cancel(exchange: Exchange, reason: unknown): void {
    const stream = this.streams.get(exchange);
    this.end(exchange, reason);
    stream?.close(constants.NGHTTP2_CANCEL);
  }

  /** Closes the connection; what is under way fails with `reason`. */
  close(reason: unknown): void {
    this.shut();
    for (const exchange of [...this.streams.keys()]) this.end(exchange, reason);
    this.session.destroy();
  }

  private listen(exchange: Exchange, stream: ClientHttp2Stream): void {
    const ready = () => {
      exchange.ord = stream.id ?? 0;
      if (!exchange.request.body) exchange.requestEnd = now();
    };
    if (stream.pending) stream.once("ready", ready);
    else ready();
    stream.once("finish", () => {
      exchange.requestEnd ||= now();
    });
    stream.on("response", (fields) => {
      exchange.responseStart = exchange.responseHeadersEnd = now();
      const headers = new Map<string, string>();
      for (const [name, value] of Object.entries(fields))
        if (!name.startsWith(":") && name !== "set-cookie" && value !== undefined) headers.set(name, String(value));
      exchange.head = { status: fields[":status"] ?? 0, headers, length: null, chunked: false, keepAlive: true };
    });
    stream.on("data", (bytes: Buffer) => exchange.receive(bytes));
    stream.on("end", () => {
      exchange.responseEnd = now();
    });
    stream.on("error", (error) => this.end(exchange, error));
    stream.on("close", () => {
      const isWhole = stream.rstCode === constants.NGHTTP2_NO_ERROR && exchange.head !== null;
      if (isWhole) exchange.responseEnd ||= now();
      this.end(exchange, isWhole ? null : new ResponseCut("before the end of the answer"));
    });
  }

  private end(exchange: Exchange, error: unknown): void {
    if (!this.streams.delete(exchange)) return;
    if (error !== null) exchange.responseEnd = 0;
    this.owner.ended(exchange, error);
  }

  private shut(): void {
    if (!this.open) return;
    this.open = false;
    this.owner.closed();
  }
}
