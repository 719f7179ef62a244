/** One request and its response, from the first byte parsed to the last byte sent. Stamps are µs, 0 is unknown. */
import type { ChildSpan, RequestState } from "../model/record";
import type { BodyCount } from "./body-count";
import type { Connection } from "./connection";
import type { Frame } from "./handlers/frames";
import type { Routed } from "./handlers/routed";
import type { Trace } from "./handlers/trace";
import { Slot } from "./slot";

/** What answered the responses of one kind, when it was last looked at. */
export interface Answer {
  /** Responses of the kind so far. */
  seen: number;
  /** Ids of source records; 0 is none. */
  handler: number;
  responder: number;
}

export class Exchange {
  readonly req: number;
  readonly connection: Connection;
  /** Ordinal on the connection, from 1. */
  readonly ordinal: number;
  method = "-";
  /** As received; redacted when it is written. */
  target = "-";
  host = "";
  traceparent = "";
  protocol = "";
  route = "";
  status = 0;
  /** Of the response's body; −1 is unknown. */
  bytes = -1;
  state: RequestState = "complete";
  error = "";
  arrivalEarliest = 0;
  arrivalLatest = 0;
  readonly parseStart: number;
  /** The loop's, in which it began. */
  iteration = 0;
  parseEnd = 0;
  processEnd = 0;
  sendEnd = 0;
  closed = 0;
  /** When the last write of its response began; 0 also where that write had to wait for the system. */
  written = 0;
  /** The loop's iteration then, and its idle time. */
  writtenIn = 0;
  idleAtWrite = 0;
  /** Of an HTTP/2 stream whose end is being framed: how long the thread had been kept from running by then, µs. */
  delayedAtEnd = 0;
  /** When that write was seen to be with the system. */
  taken = 0;
  /** The loop's next turn looks whether it is. */
  watched = false;
  /** Ids of source records; 0 is none. */
  handler = 0;
  responder = 0;
  /** `req` of the request that it waited for; 0 is none. */
  blockedBy = 0;
  children: ChildSpan[] | null = null;
  /** The body's bytes so far, where no header tells their number. */
  counted: BodyCount | null = null;
  /** Source of an outgoing call that is about to be made; −1 is none. */
  announced = -1;
  /** Asks the framework for the route. */
  routed: (() => Routed | null) | null = null;
  /** The server's listener that it was given to. */
  listener: object | null = null;
  /** The function that answers, as far as it is known. */
  code: object | null = null;
  kind: Answer | null = null;
  /** The user's frames when the response was sent, where they were looked at. */
  frames: Frame[] | null = null;
  /** What was seen of its way through an unknown framework, where it was followed. */
  trace: Trace | null = null;
  /** Neighbours in the list of open exchanges, by age. */
  older: Exchange | null = null;
  younger: Exchange | null = null;
  /** The response's head holds what was set by `setHeader`, and nothing else of the user's. */
  implicitHead = false;
  ended = false;
  /** A pending record has been written. */
  pending = false;

  constructor(req: number, connection: Connection, ordinal: number, parseStart: number) {
    this.req = req;
    this.connection = connection;
    this.ordinal = ordinal;
    this.parseStart = parseStart;
  }
}

class Exchanged extends Slot {
  #exchange: Exchange;
  private constructor(object: object, exchange: Exchange) {
    super(object);
    this.#exchange = exchange;
  }
  static of(object: object): Exchange | undefined {
    return #exchange in object ? (object as Exchanged).#exchange : undefined;
  }
  static put(object: object, exchange: Exchange): void {
    if (#exchange in object) (object as Exchanged).#exchange = exchange;
    else new Exchanged(object, exchange);
  }
}

/** The exchange that a response belongs to. */
export const exchangeOf = (response: object): Exchange | undefined => Exchanged.of(response);

export const setExchange = (response: object, exchange: Exchange): void => Exchanged.put(response, exchange);
