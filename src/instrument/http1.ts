/**
 * Marks 3 to 6 of node:http and node:https, by hooks that leave no frame of ours on a user's stack:
 *
 * - parseStart: the parser's message-begin callback, which Node itself does not use. It is given by the parser's
 *   prototype; Node writes null to it when a parser is made and freed, which the accessor ignores. A parser that was made
 *   before the accessor has that null as its own, until it is used again.
 * - parseEnd: the channel `http.server.request.start`, published just before the first listener.
 * - processEnd: look-up of `_send` (or of `_flushOutput` for a response that stood in a pipeline): `writeHead` is only
 *   the decision, and 1xx responses go past `_send`.
 * - sendEnd: look-up of `_finish`, which follows the last write; where bytes are left in the socket's queue then, look-up
 *   of `detachSocket`, which follows their completion. 'finish' alone can come a whole block of the loop late.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { now } from "../log/clock";
import { countedSend } from "./body-count";
import { addServerTiming } from "./children/server-timing";
import { Connection, connectionOf, setConnection } from "./connection";
import { type Exchange, exchangeOf, setExchange } from "./exchange";
import { quiet } from "./guard";
import { type Method, onLookup } from "./lookup";
import type { Recorder } from "./recorder";
import { isFlushed } from "./socket-queue";

interface Parser {
  socket: Socket | null;
  incoming: IncomingMessage | null;
  outgoing: object | null;
}

interface HttpCommon {
  HTTPParser: { prototype: object; kOnMessageBegin: number };
  parsers: { alloc(): object; free(parser: object): boolean };
}

/** The parts of a response that are not in its type: read only. */
interface Response extends ServerResponse {
  _contentLength: number | null;
  _hasBody: boolean;
  _headerSent: boolean;
  _header: string | null;
  outputData: unknown[];
}

/** The response whose turn it is on its connection. */
interface Current {
  _httpMessage?: object | null;
}

interface RequestStart {
  request: IncomingMessage;
  response: ServerResponse;
  socket: Socket;
}

/** Installs the hooks; the result takes them out again. */
export function instrumentHttp1(recorder: Recorder): () => void {
  const common = createRequire(__filename)("_http_common") as HttpCommon;
  const { HTTPParser } = common;
  const undo = [
    onMessageBegin(HTTPParser, recorder),
    onConnection(common, recorder),
    onRequestStart(recorder),
    onUpgrade(HTTPParser, recorder),
    onLookup(ServerResponse.prototype, "_send", (response, send) => sending(response as Response, send, recorder)),
    onLookup(ServerResponse.prototype, "_flushOutput", (response) => firstBufferedByte(response as Response, recorder)),
    onLookup(ServerResponse.prototype, "_finish", (response) => lastByte(response as Response, recorder)),
    onLookup(ServerResponse.prototype, "detachSocket", (response) => finished(response as Response, recorder)),
  ];
  return () => {
    for (const take of undo) take();
  };
}

function onMessageBegin(HTTPParser: HttpCommon["HTTPParser"], recorder: Recorder): () => void {
  const key = HTTPParser.kOnMessageBegin | 0;
  const begin = quiet(function (this: void, parser: Parser) {
    const parseStart = now();
    const socket = parser.socket;
    if (!socket) return;
    const connection = connectionOf(socket) ?? new Connection(socket);
    if (connection.requests === 0) setConnection(parser, connection);
    recorder.begin(connection, parseStart);
  });
  function callback(this: Parser): void {
    begin(this);
  }
  Object.defineProperty(HTTPParser.prototype, key, {
    configurable: true,
    // A client's parser has an outgoing message.
    get(this: Parser) {
      return this.outgoing ? undefined : callback;
    },
    set() {},
  });
  return () => {
    delete (HTTPParser.prototype as Record<number, unknown>)[key];
  };
}

/** A parser is taken from Node's pool when a connection opens, and freed when it closes. */
function onConnection({ HTTPParser, parsers }: HttpCommon, recorder: Recorder): () => void {
  const { alloc, free } = parsers;
  const key = HTTPParser.kOnMessageBegin | 0;
  const closed = quiet((parser: object) => {
    const connection = connectionOf(parser);
    if (connection?.open.size && !connection.upgrade) recorder.closed(connection);
  });
  parsers.alloc = function () {
    const parser = alloc.call(this);
    if (Object.hasOwn(parser, key)) delete (parser as Record<number, unknown>)[key];
    return parser;
  };
  parsers.free = function (parser) {
    closed(parser);
    return free.call(this, parser);
  };
  return () => {
    Object.assign(parsers, { alloc, free });
  };
}

function onRequestStart(recorder: Recorder): () => void {
  const started = quiet((message: unknown) => {
    const parseEnd = now();
    const { request, response, socket } = message as RequestStart;
    const exchange = connectionOf(socket)?.parsing;
    if (!exchange || exchange.parseEnd) return;
    parsed(exchange, request);
    setExchange(response, exchange);
    recorder.called(exchange, parseEnd);
    recorder.handlers?.called(exchange, response);
  });
  subscribe("http.server.request.start", started);
  return () => {
    unsubscribe("http.server.request.start", started);
  };
}

/** An upgrade or CONNECT request has no response object: Node finishes its parser, then emits 'upgrade' or 'connect'. */
function onUpgrade(HTTPParser: HttpCommon["HTTPParser"], recorder: Recorder): () => void {
  return onLookup(HTTPParser.prototype, "finish", (object) => {
    const parser = object as Parser & { incoming: { upgrade?: boolean } | null };
    const connection = parser.incoming?.upgrade ? connectionOf(parser) : undefined;
    const exchange = connection?.parsing;
    if (!connection || !exchange || exchange.parseEnd || parser.outgoing) return;
    parsed(exchange, parser.incoming as IncomingMessage);
    recorder.called(exchange, now());
    connection.upgrade = exchange;
  });
}

function parsed(exchange: Exchange, request: IncomingMessage): void {
  exchange.method = request.method ?? "-";
  exchange.target = request.url ?? "-";
  const { host, traceparent } = request.headers;
  if (host) exchange.host = host;
  if (typeof traceparent === "string") exchange.traceparent = traceparent;
}

function sending(response: Response, send: Method, recorder: Recorder): Method | undefined {
  const exchange = exchangeOf(response);
  if (!exchange) return undefined;
  // A response behind another one on its connection is only queued now.
  if (!exchange.processEnd && (response.socket as Current | null)?._httpMessage === response)
    recorder.answered(exchange, response.statusCode);
  if (!response._headerSent && response._header) addServerTiming(exchange, response._header);
  if (!exchange.code && !exchange.ended) {
    recorder.handlers?.sending(exchange, response);
    if (exchange.processEnd) recorder.cost.spent(exchange, exchange.processEnd);
  }
  return response._hasBody && response._contentLength === null ? countedSend(exchange, send) : undefined;
}

function firstBufferedByte(response: Response, recorder: Recorder): void {
  const exchange = exchangeOf(response);
  if (exchange && !exchange.processEnd && response._headerSent && response.outputData.length)
    recorder.answered(exchange, response.statusCode);
}

function lastByte(response: Response, recorder: Recorder): void {
  const exchange = exchangeOf(response);
  if (!exchange || exchange.ended) return;
  if (!response._hasBody) exchange.bytes = 0;
  else if (Number.isSafeInteger(response._contentLength)) exchange.bytes = Math.max(0, response._contentLength!);
  if (response.socket && isFlushed(response.socket)) recorder.sent(exchange);
}

function finished(response: Response, recorder: Recorder): void {
  const exchange = exchangeOf(response);
  if (exchange && !exchange.ended) recorder.sent(exchange);
}
