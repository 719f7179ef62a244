/** One request and what became of it: the client's marks and phases, in µs since the epoch; 0 is unknown. */
import type { ResourceKind } from "../model/record";
import type { HeaderFields } from "./headers";
import type { ResponseHead } from "./http1/head";
import type { Origin } from "./origin";

export interface ProbeRequest {
  method: string;
  origin: Origin;
  /** Path and query, as sent. */
  target: string;
  /** The client's own where absent. */
  headers?: HeaderFields;
  body?: Buffer;
  /** How much of the answer's body to keep, bytes; more than that is counted and dropped. */
  keep?: number;
  /** What the element that asks for it makes of it. */
  expected?: ResourceKind;
  page?: number;
  hop?: number;
  pass?: number;
  warmup?: true;
}

/** How an exchange ended. */
export type Outcome = "complete" | "aborted" | "failed";

export class Exchange {
  /** Number of the request in the log. */
  req = 0;
  id = "";
  conn = "";
  ord = 0;
  protocol = "";
  outcome: Outcome | null = null;
  error = "";
  head: ResponseHead | null = null;
  bytes = 0;
  /** As much of the body as was to be kept. */
  body: Buffer[] | null = null;
  private kept = 0;
  /** A pending record of it was written. */
  shown = false;
  /** It failed because a kept-alive connection was already closed: the server never saw it. */
  stale = false;
  /** When it was given to a connection (or its opening began): the time-out runs from here. */
  begun = 0;

  intendedStart = 0;
  fetchStart = 0;
  domainLookupStart = 0;
  domainLookupEnd = 0;
  connectStart = 0;
  secureConnectionStart = 0;
  connectEnd = 0;
  requestStart = 0;
  requestEnd = 0;
  responseStart = 0;
  responseHeadersEnd = 0;
  responseEnd = 0;
  closed = 0;

  /** `settled` is called once, when the outcome is known. */
  constructor(
    readonly request: ProbeRequest,
    readonly settled: (exchange: Exchange) => void,
  ) {}

  /** Counts a part of the body and keeps what is wanted of it. */
  receive(bytes: Buffer): void {
    this.bytes += bytes.length;
    const room = (this.request.keep ?? 0) - this.kept;
    if (room <= 0) return;
    const part = Buffer.from(bytes.subarray(0, room));
    this.kept += part.length;
    this.body ??= [];
    this.body.push(part);
  }
}
