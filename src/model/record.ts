/**
 * The records of the native log, as documented in docs/log-format.md. One JSON object a line; what is unknown is
 * absent. Key order is canonical (the order below), so that a reader can scan bytes.
 */
import type { ClientMicros, Interval, Micros, ServerMicros } from "./time";

export const LOG_SCHEMA = "request-timeline/log@1";

export type Role = "server" | "client";

/** First line of what a writer appends; an appended file holds several. Times of a writer follow from its anchor. */
export interface HeaderRecord {
  type: "header";
  schema: typeof LOG_SCHEMA;
  /** Random id of this writer's part of the log, 16 hex digits. */
  log: string;
  /** Short id, unique in the recording: it names the file of a second and further writer. */
  writer: string;
  /** Joins the files of one recording; absent where nobody gave one. */
  recording?: string;
  role: Role;
  pid: number;
  /** worker_threads' threadId; 0 is the main thread. */
  thread: number;
  /** Worker number in a pool or a cluster, 1 and up. */
  worker?: number;
  host: string;
  /** /proc/sys/kernel/random/boot_id, where there is one. */
  boot?: string;
  /** Time namespace (inode of /proc/self/ns/time), where there is one. */
  timens?: string;
  /** `wall` (µs since the epoch) and `mono` (CLOCK_MONOTONIC ns as a decimal string) are the same instant. */
  anchor: Anchor;
  /** Step of the writer's clock in µs; 1 unless a log says otherwise. */
  grain: number;
  hook?: string;
  runtime: string;
  commit?: string;
  /** The process's working folder: file names in `source` records are relative to it where they lie inside. */
  cwd: string;
}

export interface Anchor {
  wall: Micros;
  mono: string;
}

/** The wall clock stepped: stamps go on from the first anchor, this says where the wall clock is now. */
export interface AnchorRecord {
  type: "anchor";
  seq: number;
  anchor: Anchor;
  /** How far the wall clock is now from where the first anchor would have it, µs. */
  step: Micros;
}

/** A server of this process listens. */
export interface ListenRecord {
  type: "listen";
  seq: number;
  time: Micros;
  url: string;
}

/** A function, script or file that answers, written once before the first record that names its `id`. */
export interface SourceRecord {
  type: "source";
  seq: number;
  id: number;
  name?: string;
  file: string;
  /** 1-based, in the user's source where a source map says so. */
  line?: number;
  column?: number;
  /** 0 to 1: how sure the writer is that this is the code. */
  confidence: number;
  /** sha256 of the file's bytes, first 16 hex digits. */
  hash?: string;
}

export type RequestState = "complete" | "pending" | "aborted" | "failed";

interface RequestRecordBase {
  /** Number of the record in this writer's log, from 1: a gap is a loss, a repeat is dropped. */
  seq: number;
  /** Number of the request in this writer's log: it joins a pending record with its final one. */
  req: number;
  /** traceparent's ids, `<32 hex>-<16 hex>`. */
  id?: string;
  /**
   * `client address>server address`, as both sides write it: `127.0.0.1:50432>127.0.0.1:8080`. Of a log that knows only
   * where the client is: `10.0.0.7>`, without `ord`.
   */
  conn?: string;
  /** Ordinal of the request on its connection, from 1; HTTP/2: the stream id. */
  ord?: number;
  /** `h2` where it is HTTP/2; absent for HTTP/1. */
  protocol?: string;
  method: string;
  status?: number;
  /** Bytes of the response's body on the wire (as received: compressed bytes counted as such). */
  bytes?: number;
  /** Absent: complete. */
  state?: Exclude<RequestState, "complete">;
  /** For people: what failed. */
  error?: string;
}

/** A request as the server saw it: marks 2 to 6. */
export interface ServerRecord extends RequestRecordBase {
  type: "server";
  /** Path and query, sensitive values redacted. */
  target: string;
  host?: string;
  route?: string;
  arrival?: Interval<ServerMicros>;
  parseStart: ServerMicros;
  parseEnd?: ServerMicros;
  processEnd?: ServerMicros;
  sendEnd?: ServerMicros;
  /** When an aborted or failed request was closed. */
  closed?: ServerMicros;
  /** Ids of source records. */
  handler?: number;
  responder?: number;
  /** `req` of the request whose synchronous work this one waited for. */
  blockedBy?: number;
  worker?: number;
  children?: ChildSpan[];
}

/** A request as the client saw it: marks 1, 7, 8 and the phases around them. */
export interface ClientRecord extends RequestRecordBase {
  type: "client";
  /** Absolute, user info removed, sensitive values redacted. */
  url: string;
  kind?: ResourceKind;
  /** `req` of the document that this resource belongs to. */
  page?: number;
  /** `req` of the previous hop of a redirect. */
  hop?: number;
  /** Number of the pass of a repeated measurement, from 1. */
  pass?: number;
  /** A warm-up request: left out of statistics. */
  warmup?: true;
  /** A browser's: what asked for it, and where (`parser http://host/page:12`). */
  initiator?: string;
  /** Answered without the server: `disk`, `memory`, `service-worker`. */
  cache?: string;
  intendedStart?: ClientMicros;
  fetchStart?: ClientMicros;
  domainLookupStart?: ClientMicros;
  domainLookupEnd?: ClientMicros;
  connectStart?: ClientMicros;
  secureConnectionStart?: ClientMicros;
  connectEnd?: ClientMicros;
  requestStart?: ClientMicros;
  requestEnd?: ClientMicros;
  responseStart?: ClientMicros;
  responseHeadersEnd?: ClientMicros;
  responseEnd?: ClientMicros;
  /** When an aborted or failed request was closed. */
  closed?: ClientMicros;
}

/** A request older than a second that has not ended: the same fields as far as known, `type` and `side` instead. */
export type PendingRecord =
  | (Omit<ServerRecord, "type"> & { type: "pending"; side: "server"; time: Micros })
  | (Omit<ClientRecord, "type"> & { type: "pending"; side: "client"; time: Micros });

export interface ChildSpan {
  kind: "http" | "lock" | "disk" | "measure" | "server-timing" | "cgi";
  name: string;
  /** Absent where only a duration is known (Server-Timing). */
  start?: Micros;
  duration: Micros;
  /** Id of a source record. */
  source?: number;
}

/** A moment of the whole recording: first paint, load, a slot of a schedule, a pass. */
export interface EventRecord {
  type: "event";
  seq: number;
  time: Micros;
  name: string;
  page?: number;
  detail?: string;
}

/** What the writer cost its process. */
export interface CostRecord {
  type: "cost";
  seq: number;
  /** µs of CPU per request. */
  perRequest: number;
  requests: number;
}

/** The writer ended in an orderly way. `lost` counts records that could not be written. */
export interface EndRecord {
  type: "end";
  seq: number;
  time: Micros;
  requests: number;
  lost: number;
  reason?: string;
}

/** One mark alone, as the historical logs write them: joined by order (model/pairing), never written by us. */
export interface StampRecord {
  type: "stamp";
  role: Role;
  mark: "requestStart" | "responseStart" | "responseEnd" | "parseStart" | "parseEnd" | "processEnd" | "sendEnd";
  /** The line can mean this mark as well: which of the two, the order of the marks tells. */
  or?: "sendEnd";
  time: Micros;
  /** Step of the clock that wrote it, µs. */
  grain: number;
  url?: string;
  /** Request line, or the file that answered. */
  method?: string;
  target?: string;
  file?: string;
  host?: string;
}

export type RequestRecord = ServerRecord | ClientRecord | PendingRecord;
export type LogRecord =
  | HeaderRecord
  | AnchorRecord
  | ListenRecord
  | SourceRecord
  | RequestRecord
  | EventRecord
  | CostRecord
  | EndRecord;

export type ResourceKind = "document" | "image" | "script" | "style" | "dynamic" | "other";

/** A line, or part of a file, that could not be used: counted and shown, never thrown. */
export interface Problem {
  file: string;
  /** 1-based. */
  line: number;
  reason: string;
}
