/** The instrumentation for a server that asks for it in its own code: the reference server. */
import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { ChildSpan } from "../model/record";
import { addChild } from "./children/child";
import { Connection, connectionOf } from "./connection";
import { exchangeOf } from "./exchange";
import { instrument } from "./install";
import { recordedFile } from "./recorded-file";

export interface InstrumentOptions {
  /** The log's file; further processes of the recording write siblings of it. */
  log: string;
  recording?: string;
  /** Number of this worker in a pool, from 1. */
  worker?: number;
}

/** The code that answers. */
export interface Handler {
  name?: string;
  /** Absolute, or relative to the working folder. */
  file: string;
  /** 1-based. */
  line?: number;
  column?: number;
}

export interface Instrument {
  setHandler(response: ServerResponse, handler: Handler): void;
  /** The next request of the socket arrived in this interval (µs since the epoch). */
  setArrival(socket: Socket, earliest: number, latest: number): void;
  addChild(response: ServerResponse, child: ChildSpan): void;
  /** A server listens at this address that is none of node:http's: it hands its connections to processes that have one. */
  listening(url: string): void;
  /** Writes what is left and ends the log. */
  stop(reason?: string): void;
}

/** Starts the instrumentation of all HTTP servers of this thread; the log is open when it returns. */
export function startInstrument(options: InstrumentOptions): Instrument {
  const { recorder, loop, uninstall } = instrument(options);
  recorder.open();
  loop.start();
  return {
    setHandler(response, handler) {
      const exchange = exchangeOf(response);
      if (exchange) exchange.handler = recorder.source({ ...handler, file: recordedFile(handler.file), confidence: 1 });
    },
    setArrival(socket, earliest, latest) {
      const connection = connectionOf(socket) ?? new Connection(socket);
      connection.arrival = [earliest, latest];
    },
    addChild(response, child) {
      const exchange = exchangeOf(response);
      if (exchange) addChild(exchange, child);
    },
    listening: (url) => recorder.listening(url),
    stop(reason) {
      uninstall();
      recorder.stop(reason);
    },
  };
}
