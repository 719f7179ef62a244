/** Requests put together from single marks (`StampRecord`), as the historical logs write them. */
import type { Micros } from "../time";

interface Stamped {
  /** Places of its stamps in the input. */
  stamps: number[];
  /** Step of the clock, µs. */
  grain: number;
  /** Why some of its marks are unknown; absent where nothing is missing. */
  note?: string;
}

export interface StampedClient extends Stamped {
  url: string;
  method?: string;
  status?: number;
  requestStart: Micros;
  responseStart?: Micros;
  responseEnd?: Micros;
}

export interface StampedServer extends Stamped {
  parseStart?: Micros;
  parseEnd?: Micros;
  processEnd?: Micros;
  sendEnd?: Micros;
  /** The client's, as the server names it. */
  host?: string;
  file?: string;
  method?: string;
  target?: string;
  status?: number;
}

/** A stamp that is part of no request. */
export interface Orphan {
  stamp: number;
  reason: string;
}

export interface Joined<T> {
  requests: T[];
  orphans: Orphan[];
}
