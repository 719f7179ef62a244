/** A client's connection as the hook knows it: its name, its requests' ordinals, and what is being parsed on it. */
import type { Socket } from "node:net";
import { connectionName } from "../model/connection";
import type { Exchange } from "./exchange";
import type { ConnectionLine } from "./record-line";
import { Slot } from "./slot";

interface Address {
  address?: string;
  port?: number;
}

/** libuv's handle, asked directly: `socket.remoteAddress` would leave its answer on the socket for all to see. */
interface Handle {
  getpeername?(out: Address): number;
  getsockname?(out: Address): number;
}

function nameOf(socket: Socket): string {
  const handle = (socket as Socket & { _handle: Handle | null })._handle;
  const peer: Address = {};
  const own: Address = {};
  handle?.getpeername?.(peer);
  handle?.getsockname?.(own);
  return connectionName(peer.address, peer.port, own.address, own.port);
}

export const NEVER = Number.POSITIVE_INFINITY;

export class Connection {
  /** `client>server`; empty where an end is not known (a pipe, a closed socket). */
  readonly name: string;
  /** What its records' lines have in common, once one has been written. */
  line: ConnectionLine | null = null;
  /** Requests that have begun on it. */
  requests = 0;
  /** The request whose headers are being parsed, or the last one. */
  parsing: Exchange | null = null;
  /** The request that took the connection over (an upgrade, CONNECT). */
  upgrade: Exchange | null = null;
  /** Oldest first: begun and not ended. Nearly always one: a set costs more. */
  readonly open: Exchange[] = [];
  /** Of HTTP/2: the loop's iteration in which its last open stream ended with all of it sent. */
  quietSince = NEVER;
  /** What is known beforehand of the next request's arrival, µs. */
  arrival: readonly [earliest: number, latest: number] | null = null;

  constructor(readonly socket: Socket) {
    this.name = nameOf(socket);
    setConnection(socket, this);
  }
}

class Connected extends Slot {
  #connection: Connection;
  private constructor(object: object, connection: Connection) {
    super(object);
    this.#connection = connection;
  }
  static of(object: object): Connection | undefined {
    return #connection in object ? (object as Connected).#connection : undefined;
  }
  static put(object: object, connection: Connection): void {
    if (#connection in object) (object as Connected).#connection = connection;
    else new Connected(object, connection);
  }
}

/** The connection that a socket or a parser belongs to, where it has seen a request. */
export const connectionOf = (object: object): Connection | undefined => Connected.of(object);

export const setConnection = (object: object, connection: Connection): void => Connected.put(object, connection);
