/**
 * The whole conversation, on one page: engine ⇄ extension ⇄ webview. The extension relays the engine's methods for the
 * webview; only the `PageAction`s are its own. Every request gets exactly one answer, and every request can fail.
 */
import type { ClockRelation } from "../model/clock";
import type { Budget, Overrun } from "../model/compare/budgets";
import type { Comparison } from "../model/compare/compare";
import type { Problem, Role } from "../model/record";
import type { LogPosition, SourceLocation, TimelineRequest } from "../model/request";
import type { ChartData, ChartQuery, ChartScope } from "./charts";

/** A session's key: the absolute path of its folder, or of its first log. */
export type SessionKey = string;

/** Row number in a session's store: stable, in order of first sight. */
export type RequestIndex = number;

export const SORT_KEYS = [
  "start",
  "method",
  "path",
  "status",
  "bytes",
  "clientResponse",
  "serverResponse",
  "network",
  "queue",
  "process",
  "handler",
] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export const GROUP_KEYS = [
  "none",
  "page",
  "route",
  "handler",
  "connection",
  "worker",
  "status",
  "concurrency",
] as const;
export type GroupKey = (typeof GROUP_KEYS)[number];

/** What a page wants to see: which rows, in which order, on which clock. */
export interface View {
  /** Filter language, e.g. `path:/cgi-bin/* rc:>200ms`; empty: everything. */
  filter: string;
  sort: SortKey;
  descending: boolean;
  group: GroupKey;
  /** Server marks on the client's axis; false shows the raw stamps. */
  aligned: boolean;
  /** Keys of groups that are folded; with `closed`, of those that are not. */
  folded: string[];
  /** All groups are folded but those in `folded`: each is a lane. Absent: false. */
  closed?: boolean;
  /** Only rows that overlap this span, µs relative to the session's base; null: all. */
  span: readonly [number, number] | null;
}

/** What a session is opened with: all its requests, in the order of their starts. */
export const FIRST_VIEW: View = {
  filter: "",
  sort: "start",
  descending: false,
  group: "none",
  aligned: true,
  folded: [],
  span: null,
};

export interface SessionInfo {
  key: SessionKey;
  name: string;
  folder: string;
  /** µs since the epoch; every time in a window is relative to it. */
  base: number;
  /** First and last stamp, relative to base. */
  span: readonly [number, number];
  requests: number;
  recording: boolean;
  /** Minutes east of UTC: the wall clock of logs that name no zone, as it was told. Absent: no such log. */
  zone?: number;
  problems: number;
  clocks: ClockRelation[];
  /** In words; null where there is nothing to say. */
  clockSentence: string | null;
  /** What the picture means, in one sentence with a link; null where there is nothing to say. */
  verdict: { title: string; text: string; source: SourceLocation | null; request: RequestIndex | null } | null;
}

export interface ViewResult {
  /** Windows of an older revision are refused: ask again. */
  revision: number;
  /** Rows of the view, group headers included. */
  rows: number;
  /** Requests that match. */
  matches: number;
  total: number;
  filterError: { message: string; from: number; to: number } | null;
}

/** Times of a row, in this order, µs relative to base, NaN where unknown. Server marks are on the view's clock. */
export const TIME_FIELDS = [
  "fetchStart",
  "connectStart",
  "connectEnd",
  "requestStart",
  "responseStart",
  "responseEnd",
  "clientLast",
  "arrivalEarliest",
  "arrivalLatest",
  "parseStart",
  "parseEnd",
  "processEnd",
  "sendEnd",
  "serverLast",
] as const;

/** Numbers of a row, µs (bytes: bytes), NaN where unknown. */
export const VALUE_FIELDS = [
  "status",
  "bytes",
  "clientResponse",
  "serverResponse",
  "network",
  "queue",
  "clockUncertainty",
] as const;

/** Texts of a row, as indices into the window's dictionary. */
export const TEXT_FIELDS = ["method", "path", "host", "route", "handler", "note"] as const;

/** Bits of a row's `bits`. */
export const ROW_BITS = {
  stateMask: 0b11,
  complete: 0,
  pending: 1,
  aborted: 2,
  failed: 3,
  hasClient: 1 << 2,
  hasServer: 1 << 3,
  handler: 1 << 4,
  flagged: 1 << 5,
  groupHeader: 1 << 6,
  folded: 1 << 7,
  interference: 1 << 8,
  warmup: 1 << 9,
} as const;

/**
 * A window of rows, in typed arrays that are transferred, never JSON rows. Field-major: `field * count + row`.
 * Of a group header: `path` is its label, `host` its key as in `View.folded`, `note` its aggregates in words
 * ("37 requests, 2 failed"), times are the group's extent, durations its medians, bytes its sum.
 */
export interface RowWindow {
  revision: number;
  from: number;
  count: number;
  /** RequestIndex per row; of a group header, its first request. */
  index: Uint32Array;
  /** Which of all the session's requests each is in order of start, from 1, however the view is sorted; 0 of a group header. */
  ordinals: Uint32Array;
  bits: Uint16Array;
  times: Float64Array;
  values: Float64Array;
  texts: Uint32Array;
  dictionary: string[];
  /** Children of all rows: [row, start, duration] triples (µs relative to base), with kind and name in the dictionary. */
  children: Float64Array;
  childTexts: Uint32Array;
}

/**
 * The requests under group headers, a line of segments each. Those that begin in the same cell are one segment, from
 * the earliest start to the latest end: none is lost, however short or long. Field-major: `field * count + segment`.
 */
export interface LaneWindow {
  revision: number;
  /** Position of the header in the view, per segment. */
  positions: Uint32Array;
  /** start, serverStart, serverEnd, end: µs relative to base, NaN where unknown. */
  times: Float64Array;
  /** How many requests a segment stands for, and how many of them failed. */
  requests: Uint32Array;
  failed: Uint32Array;
}

/** One value a bucket. Nothing is lost: max is the true maximum. NaN where a bucket is empty. */
export interface Overview {
  from: number;
  to: number;
  buckets: number;
  count: Uint32Array;
  errors: Uint32Array;
  min: Float32Array;
  p95: Float32Array;
  max: Float32Array;
}

/** Everything of one request; times are µs since the epoch, raw. */
export interface RequestDetail {
  index: RequestIndex;
  request: TimelineRequest;
  /** Correction to subtract from server stamps to put them on the client's axis, µs ± uncertainty; null: unknown. */
  offset: { value: number; uncertainty: number } | null;
  /** Sentences on the network part, the queue, the pairing. */
  notes: string[];
  /** R C (else R S) of the requests of its route, for a small histogram, µs; rank 1 is the slowest. */
  among: { route: string; count: number; rank: number; edges: number[]; counts: number[]; own: number } | null;
}

/** A paired request of which one direction goes against causality. */
export interface Contradiction {
  index: RequestIndex;
  method: string;
  path: string;
  /** up: it reached the server before it was sent; down: the client had the answer before the server gave it. */
  way: "up" | "down";
  /** By how much beyond what is not known of the clocks, µs. */
  by: number;
}

/** What changed from the sessions of one side to those of the other. */
export interface SessionComparison {
  /** How many sessions, at which commits, in words. */
  sides: string;
  comparison: Comparison;
  /** For a pull request. */
  markdown: string;
  /** What answered a route last in the other side's first session, where that is known. */
  handlers: { route: string; source: SourceLocation }[];
}

/** Two requests of a route, one of each session, for one axis. Each window has one row, relative to its own base. */
export interface RequestPair {
  route: string;
  base: RowWindow;
  other: RowWindow;
}

/** What requests may have in common. */
export type Trait = "route" | "handler" | "kind" | "status" | "connection" | "worker" | "size" | "concurrency" | "time";

/** A trait that the slow requests have and the others have not, or less often. */
export interface Difference {
  trait: Trait;
  /** How well it separates them (area under the ROC curve): 0.5 is chance, 1 is always; `low` is its lower bound. */
  auc: number;
  low: number;
  /** What most of the slow ones have, in words; empty for a time, which `span` says. */
  value: string;
  /** Requests with that value and without it, and how many of each are slow. */
  inside: { slow: number; count: number };
  outside: { slow: number; count: number };
  /** Shows those with the value, in the filter language; null where it has no word for it. */
  filter: string | null;
  /** µs relative to base. */
  span: readonly [number, number] | null;
}

/** Empty `differences`: nothing separates them, or there are too few (under 30). */
export interface Differences {
  /** Requests that were looked at, and the slowest twentieth of them. */
  requests: number;
  slow: number;
  /** µs from the wish to the last byte, of the quickest of the slow ones and at the median. */
  slowFrom: number;
  median: number;
  /** Of the requests that the filter lets through; null where it lets all through. */
  verdict: SessionInfo["verdict"];
  differences: Difference[];
  filterError: string | null;
}

export interface LineLookup {
  session: SessionKey;
  index: RequestIndex;
  side: Role;
  /** Without `among`: a hover answers at once, whatever the session's size. */
  detail: RequestDetail;
}

/** Most that a session may take, MiB of columns and strings: of more an array could not be addressed. */
export const MOST_MEMORY = 2047;

/** The engine's methods: parameters and results. */
export interface EngineMethods {
  /**
   * Opens, and follows while it grows. Several paths are paired together; `memory` is MiB that its columns and strings may
   * take, beyond which the oldest are read back from a file; `zone` is minutes east of UTC, `directive` that
   * of access logs that do not begin with theirs.
   */
  open: {
    params: { paths: string[]; follow: boolean; memory?: number; zone?: number; directive?: string };
    result: SessionInfo;
  };
  close: { params: { session: SessionKey }; result: null };
  info: { params: { session: SessionKey }; result: SessionInfo };
  /** Each page has a view of its own. */
  view: { params: { session: SessionKey; page: string; view: View }; result: ViewResult };
  /**
   * Of the view that the page asked for last and waits for: its first rows as soon as they are sure, which are to be the
   * first of the whole; null where all of it is there as soon, or groups it. Asked right after the view.
   */
  firstRows: { params: { session: SessionKey; page: string; count: number }; result: RowWindow | null };
  rows: {
    params: { session: SessionKey; page: string; revision: number; from: number; count: number };
    result: RowWindow;
  };
  /** Where in the view a request stands; -1 where it is filtered out. */
  locate: { params: { session: SessionKey; page: string; index: RequestIndex }; result: number };
  /** Lanes of the headers among `count` rows, cut into `cells` over `span` (µs relative to base). */
  lanes: {
    params: {
      session: SessionKey;
      page: string;
      revision: number;
      from: number;
      count: number;
      span: readonly [number, number];
      cells: number;
    };
    result: LaneWindow;
  };
  /** What a chart is made of (charts.ts); the answer's kind is the query's. */
  chart: { params: { session: SessionKey; scope: ChartScope; query: ChartQuery }; result: ChartData };
  overview: { params: { session: SessionKey; from: number; to: number; buckets: number }; result: Overview };
  detail: { params: { session: SessionKey; index: RequestIndex }; result: RequestDetail };
  /** The request that a line of a log belongs to. 1-based line. */
  line: { params: { file: string; line: number }; result: LineLookup | null };
  position: { params: { session: SessionKey; index: RequestIndex; side: Role }; result: LogPosition | null };
  complete: {
    params: { session: SessionKey; filter: string; caret: number };
    result: { from: number; options: string[] };
  };
  problems: { params: { session: SessionKey; limit: number }; result: { total: number; problems: Problem[] } };
  /** Requests that contradict the clocks by more than their uncertainty. */
  contradictions: {
    params: { session: SessionKey; limit: number };
    result: { total: number; requests: Contradiction[] };
  };
  /** The sides' open sessions; `sessions` begins with the one that is looked at. */
  compare: { params: { base: SessionKey[]; sessions: SessionKey[] }; result: SessionComparison };
  /**
   * The requests at a quantile of the route's R C (0.5: the median) in either session; `index` is one of the session
   * itself, met by that of the base at the same quantile. Null where a session has no such request.
   */
  pair: {
    params: { base: SessionKey; session: SessionKey; route: string; quantile: number; index: RequestIndex | null };
    result: RequestPair | null;
  };
  /** Which routes are over their budgets, with what answered them. */
  overruns: {
    params: { session: SessionKey; budgets: Budget[] };
    result: (Overrun & { source: SourceLocation | null })[];
  };
  /** What the slow requests have that the others have not, the best separator first. */
  differs: { params: { session: SessionKey; filter: string }; result: Differences };
  export: {
    params: { session: SessionKey; format: "json" | "markdown" | "csv" | "html" | "table"; file: string };
    result: { requests: number };
  };
}

export type EngineMethod = keyof EngineMethods;
export type EngineParams<M extends EngineMethod> = EngineMethods[M]["params"];
export type EngineResult<M extends EngineMethod> = EngineMethods[M]["result"];

export type EngineRequest = {
  [M in EngineMethod]: { kind: "request"; id: number; method: M; params: EngineParams<M> };
}[EngineMethod];

export type Answer =
  | { kind: "answer"; id: number; ok: true; result: unknown }
  | {
      kind: "answer";
      id: number;
      ok: false;
      error: { message: string; code: "failed" | "stale" | "unknown-session" | "invalid" };
    };

/** Pushed, coalesced to at most ten a second per session. */
export type EngineEvent =
  | { kind: "event"; event: "changed"; info: SessionInfo }
  | { kind: "event"; event: "progress"; session: SessionKey; done: number; total: number };

/** What only the extension can do for the page. Parameters are validated on arrival. */
export type PageAction =
  | { kind: "action"; action: "ready"; session: SessionKey | null }
  | { kind: "action"; action: "select-session"; session: SessionKey }
  | {
      kind: "action";
      action: "open-source";
      session: SessionKey;
      request: RequestIndex;
      which: "handler" | "responder" | "child";
      child?: number;
    }
  | { kind: "action"; action: "reveal-log"; session: SessionKey; request: RequestIndex; side: Role }
  | { kind: "action"; action: "copy"; text: string }
  /** A picture of the page's own making; the user is asked where to. */
  | { kind: "action"; action: "save-svg"; name: string; svg: string }
  | { kind: "action"; action: "compare"; session: SessionKey }
  | { kind: "action"; action: "record" | "stop" | "open-session" | "export" };

/** What the extension tells the page besides answers and events. */
export type HostMessage =
  | {
      kind: "host";
      message: "sessions";
      sessions: { key: SessionKey; name: string; recording: boolean }[];
      current: SessionKey | null;
    }
  | { kind: "host"; message: "reveal"; session: SessionKey; request: RequestIndex }
  | {
      kind: "host";
      message: "comparison";
      /** Of either side the session whose requests are shown; the names are for people. */
      base: SessionKey;
      session: SessionKey;
      baseName: string;
      sessionName: string;
      found: SessionComparison;
    }
  | { kind: "host"; message: "failed"; text: string };

export type ToPage = Answer | EngineEvent | HostMessage;
export type FromPage = EngineRequest | PageAction;
