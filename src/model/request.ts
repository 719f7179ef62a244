/** A request as `report --json` shows it (DESIGN 5.2): client and server record joined. Also the panel's detail. */
import type { CLIENT_PHASE_KEYS, MarkKey } from "./marks";
import type { ChildSpan, RequestState, ResourceKind } from "./record";
import type { Interval, Micros } from "./time";

export type Pairing = "id" | "connection" | "order" | "none";

export type PhaseStamps = { [key in (typeof CLIENT_PHASE_KEYS)[number]]?: Micros };

/** Raw stamps, each on its own clock; null is unknown. */
export type RequestMarks = Record<Exclude<MarkKey, "arrival">, Micros | null> & {
  arrival: Interval | null;
} & PhaseStamps;

export const DURATION_KEYS = [
  "clientResponse",
  "serverResponse",
  "network",
  "queue",
  "parse",
  "process",
  "send",
  "wait",
  "load",
  "blocked",
  "dns",
  "connect",
  "tls",
  "networkUp",
  "networkDown",
  "sinceIntended",
] as const;

export type DurationKey = (typeof DURATION_KEYS)[number];

/** µs; null is unknown. */
export type Durations = Record<DurationKey, Micros | null>;

export interface SourceLocation {
  name: string | null;
  file: string;
  line: number | null;
  column: number | null;
  confidence: number;
  hash?: string;
}

export interface Child extends Omit<ChildSpan, "source" | "start"> {
  start: Micros | null;
  source: SourceLocation | null;
}

/** The request whose synchronous work another one waited for. */
export interface BlockedBy {
  method: string;
  url: string;
  handler: SourceLocation | null;
}

/** Where a record stands: for "reveal in log". */
export interface LogPosition {
  file: string;
  line: number;
}

export interface TimelineRequest {
  id: string | null;
  method: string;
  url: string;
  route: string | null;
  status: number | null;
  bytes: number | null;
  kind: ResourceKind;
  pairing: Pairing;
  /** Why there is no pair, in words; absent where there is one or none is expected. */
  unpaired?: string;
  state: RequestState;
  error?: string;
  flags: string[];
  connection: string | null;
  worker: number | null;
  marks: RequestMarks;
  durations: Durations;
  uncertainty: Partial<Record<DurationKey, Micros>>;
  handler: SourceLocation | null;
  responder: SourceLocation | null;
  /** Present where the request waited for the event loop and the log tells for whom. */
  blockedBy?: BlockedBy;
  children: Child[];
  log: { client: LogPosition | null; server: LogPosition | null };
}
