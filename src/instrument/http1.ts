/**
 * Marks 3 to 6 of node:http and node:https, by hooks that leave no frame of ours on a user's stack:
 *
 * - parseStart: the parser's message-begin callback, which Node itself does not use.
 * - parseEnd: the channel `http.server.request.start`, published just before the first listener.
 * - processEnd: look-up of `_send` (or of `_flushOutput` for a response that stood in a pipeline): `writeHead` is only
 *   the decision, and 1xx responses go past `_send`.
 * - sendEnd: look-up of `_finish`, which follows the last write; where bytes are left in the socket's queue then, look-up
 *   of `detachSocket`, which follows their completion. 'finish' alone can come a whole block of the loop late. Since
 *   when the last byte has been sent by then, last-write.ts tells.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type IncomingMessage, type Server, ServerResponse } from "node:http";
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
  server: Server;
}

const { writeHead, hasHeader } = ServerResponse.prototype;

/** Installs the hooks; the result takes them out again. */
export function instrumentHttp1(recorder: Recorder): () => void {
  const common = createRequire(__filename)("_http_common") as HttpCommon;
  const { HTTPParser } = common;
  const { prototype } = ServerResponse;
  const undo = [
    onParsers(common, recorder),
    onRequestStart(recorder),
    onUpgrade(HTTPParser, recorder),
    onLookup(prototype, "_implicitHeader", (response) => implicitHead(response as Response)),
  ];
  // Looked up for each response, and of use for few: there from the first of those on.
  const onNeed = (name: string, look: (response: Response) => void): (() => void) => {
    let missing = true;
    return () => {
      if (missing) undo.push(onLookup(prototype, name, (response) => look(response as Response)));
      missing = false;
    };
  };
  const buffered = onNeed("_flushOutput", (response) => firstBufferedByte(response, recorder));
  const queued = onNeed("detachSocket", (response) => finished(response, recorder));
  undo.push(
    onLookup(prototype, "_send", (response, send) => sending(response as Response, send, recorder, buffered)),
    onLookup(prototype, "_finish", (response) => lastByte(response as Response, recorder, queued)),
  );
  return () => {
    for (const take of undo) take();
  };
}

/**
 * A parser is taken from Node's pool when a connection opens, on either side, and freed when it closes. Node leaves the
 * callback's place empty, and writes null to it when it frees the parser.
 */
function onParsers({ HTTPParser, parsers }: HttpCommon, recorder: Recorder): () => void {
  const { alloc, free } = parsers;
  const key = HTTPParser.kOnMessageBegin | 0;
  let installed = true;
  function begin(this: Parser): void {
    // A client's parser has an outgoing message.
    if (this.outgoing || !installed) return;
    const parseStart = now();
    try {
      const { socket } = this;
      if (!socket) return;
      const connection = connectionOf(socket) ?? new Connection(socket);
      if (connection.requests === 0) setConnection(this, connection);
      recorder.begin(connection, parseStart);
    } catch {
      // Lost: a request's record.
    }
  }
  const closed = quiet((parser: object) => {
    const connection = connectionOf(parser);
    if (connection?.open.length && !connection.upgrade) recorder.closed(connection);
  });
  parsers.alloc = function () {
    const parser = alloc.call(this);
    (parser as Record<number, unknown>)[key] = begin;
    return parser;
  };
  parsers.free = function (parser) {
    closed(parser);
    return free.call(this, parser);
  };
  return () => {
    installed = false;
    Object.assign(parsers, { alloc, free });
  };
}

function onRequestStart(recorder: Recorder): () => void {
  function started(message: unknown): void {
    const parseEnd = now();
    try {
      const { request, response, socket, server } = message as RequestStart;
      const exchange = connectionOf(socket)?.parsing;
      if (!exchange || exchange.parseEnd) return;
      parsed(exchange, request);
      setExchange(response, exchange);
      recorder.called(exchange, parseEnd);
      recorder.handlers?.called(exchange, server);
    } catch {
      // Lost: marks of a request.
    }
  }
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
    recorder.upgraded = true;
  });
}

function parsed(exchange: Exchange, request: IncomingMessage): void {
  exchange.method = request.method ?? "-";
  exchange.target = request.url ?? "-";
  const { host, traceparent } = request.headers;
  if (host) exchange.host = host;
  if (typeof traceparent === "string") exchange.traceparent = traceparent;
}

function sending(response: Response, send: Method, recorder: Recorder, buffered: () => void): Method | undefined {
  const exchange = exchangeOf(response);
  if (!exchange) return undefined;
  if (!exchange.processEnd) {
    // A response behind another one on its connection is only queued now.
    if ((response.socket as Current | null)?._httpMessage === response)
      recorder.answered(exchange, response.statusCode);
    else buffered();
  }
  if (!response._headerSent && response._header && mayHaveTiming(exchange, response))
    addServerTiming(exchange, response._header);
  if (!exchange.code && !exchange.ended) {
    recorder.handlers?.sending(exchange, response);
    if (exchange.processEnd) recorder.cost.spent(exchange, exchange.processEnd);
  }
  return response._hasBody && response._contentLength === null ? countedSend(exchange, send) : undefined;
}

/** Node makes the head itself: nobody has called `writeHead`, which may give headers that are set nowhere. */
function implicitHead(response: Response): void {
  const exchange = exchangeOf(response);
  if (exchange) exchange.implicitHead = true;
}

/** To look through the head's text is dear: not where its headers were all set one by one, and this is none of them. */
const mayHaveTiming = ({ implicitHead }: Exchange, response: Response): boolean =>
  !implicitHead || response.writeHead !== writeHead || hasHeader.call(response, "server-timing");

function firstBufferedByte(response: Response, recorder: Recorder): void {
  const exchange = exchangeOf(response);
  if (exchange && !exchange.processEnd && response._headerSent && response.outputData.length)
    recorder.answered(exchange, response.statusCode);
}

function lastByte(response: Response, recorder: Recorder, queued: () => void): void {
  const exchange = exchangeOf(response);
  if (!exchange || exchange.ended) return;
  if (!response._hasBody) exchange.bytes = 0;
  else if (Number.isSafeInteger(response._contentLength)) exchange.bytes = Math.max(0, response._contentLength!);
  if (response.socket && isFlushed(response.socket)) recorder.sent(exchange);
  else {
    recorder.writes.queued(exchange);
    queued();
  }
}

function finished(response: Response, recorder: Recorder): void {
  const exchange = exchangeOf(response);
  if (exchange && !exchange.ended) recorder.sent(exchange);
}
