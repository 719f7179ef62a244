/**
 * What goes to a socket: the moment before each write of a response, and the responses that no response object sends, but
 * that go straight to the socket: the answer to an upgrade or CONNECT, and to a request that the parser refused (Node's
 * own 400, 408, 413, 431, or what a 'clientError' listener writes).
 */
import { Socket } from "node:net";
import { now } from "../log/clock";
import { connectionOf } from "./connection";
import { type Exchange, exchangeOf } from "./exchange";
import { type Method, onLookup } from "./lookup";
import type { Recorder } from "./recorder";
import { isFlushed } from "./socket-queue";

interface RawSocket extends Socket {
  _httpMessage?: object | null;
}

const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})/;

/** Installs the hooks; the result takes them out again. */
export function instrumentRawWrites(recorder: Recorder): () => void {
  const undo = [
    onLookup(Socket.prototype, "_writeGeneric", (socket, write) => {
      const response = (socket as RawSocket)._httpMessage;
      const answered = response && exchangeOf(response);
      if (answered) recorder.writes.begins(answered);
      if (recorder.incoming === 0 && !recorder.upgraded) return undefined;
      const exchange = unanswered(socket as RawSocket);
      return exchange && stampedWrite(exchange, write, recorder);
    }),
    // An upgraded connection has lost its parser, whose end would tell of the connection's.
    onLookup(Socket.prototype, "_destroy", (socket) => {
      const connection = connectionOf(socket);
      if (connection?.upgrade) recorder.closed(connection);
    }),
  ];
  return () => {
    for (const take of undo) take();
  };
}

/** The exchange that a write to the socket answers, where no response object does. */
function unanswered(socket: RawSocket): Exchange | undefined {
  const connection = connectionOf(socket);
  if (!connection) return undefined;
  if (connection.upgrade) return connection.upgrade.ended ? undefined : connection.upgrade;
  const { parsing } = connection;
  // While its headers come in, an earlier request's response may be under way.
  return parsing && !parsing.parseEnd && !parsing.ended && !socket._httpMessage ? parsing : undefined;
}

/** What of a write's data may hold a status line: a chunk, or the first of several. */
function headOf(data: unknown): string {
  const chunk = Array.isArray(data) ? (data[0]?.chunk ?? data[0]) : data;
  if (typeof chunk === "string") return chunk.slice(0, 16);
  return chunk instanceof Uint8Array ? Buffer.from(chunk.subarray(0, 16)).toString("latin1") : "";
}

function stampedWrite(exchange: Exchange, write: Method, recorder: Recorder): Method {
  return function (this: RawSocket, ...args: [writev: boolean, data: unknown, ...rest: never[]]) {
    const status = Number(STATUS_LINE.exec(headOf(args[1]))?.[1] ?? 0);
    const final = status >= 200 || status === 101;
    if (final && !exchange.processEnd) recorder.answered(exchange, status);
    recorder.writes.begins(exchange);
    const result = (write as (...args: unknown[]) => unknown).apply(this, args);
    if (exchange.processEnd && isFlushed(this)) {
      // A refused request ends with its connection, which is closed next.
      if (exchange.parseEnd) recorder.sent(exchange);
      else exchange.sendEnd = recorder.writes.ended(exchange, now());
    }
    return result;
  } as unknown as Method;
}
