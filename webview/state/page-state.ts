/** Everything that the page shows. The engine owns the truth; this is what the page knows of it, and where it looks. */
import type {
  HostMessage,
  Overview,
  RequestDetail,
  RequestIndex,
  SessionInfo,
  View,
  ViewResult,
} from "../../src/protocol/messages";
import type { ChartSettings } from "../charts/settings";
import type { LaneSegment } from "../layout/lanes";
import type { RowCache } from "../rows/cache";
import { padded, type TimeSpan } from "../time/scale";

export type SessionEntry = Extract<HostMessage, { message: "sessions" }>["sessions"][number];

export const PAGES = ["timeline", "charts"] as const;
export type Page = (typeof PAGES)[number];

export interface PageState {
  /** starting: the host has not spoken; loading: a session is being opened; none: there is none; ready: rows are there. */
  phase: "starting" | "loading" | "none" | "ready" | "failed";
  /** Why it failed, or what the last refused question was; null where all is well. */
  failure: string | null;
  progress: { done: number; total: number } | null;
  /** Which of the two pages is shown. */
  page: Page;
  charts: ChartSettings;
  sessions: readonly SessionEntry[];
  session: SessionInfo | null;
  view: View;
  /** Of a view whose first rows alone are there, as far as it is known: `isWhole` is false. */
  result: ViewResult | null;
  isWhole: boolean;
  rows: RowCache | null;
  /** The extremes in narrow buckets, so that none is lost, and the percentiles in wide ones, where they mean something. */
  overview: { fine: Overview; coarse: Overview } | null;
  /** The requests under the headers of groups, by position, of the newest revision that has been answered. */
  lanes: ReadonlyMap<number, readonly LaneSegment[]>;
  /** The span that the timeline shows, µs; null: the whole session, also while it grows. */
  domain: TimeSpan | null;
  /** Row space: the row (with fraction) at the upper edge. */
  top: number;
  /** Rows that fit. */
  visibleRows: number;
  /** Position of the row that the keyboard is on; -1 where none is, or it is filtered out. */
  cursor: number;
  selected: RequestIndex | null;
  detail: RequestDetail | null;
  /** What the host compared last, whatever session is open now. */
  comparison: Extract<HostMessage, { message: "comparison" }> | null;
  /** A recording goes on, but the picture stands still. */
  paused: boolean;
  /** The newest row stays in sight. */
  following: boolean;
}

/** Requests arrived since the picture was paused. */
export const bounds = (state: PageState): TimeSpan => padded(state.session?.span ?? [0, 1_000_000]);

export const domainOf = (state: PageState): TimeSpan => state.domain ?? bounds(state);

export const rowCount = (state: PageState): number => state.result?.rows ?? 0;

export const lastTop = (state: PageState): number => Math.max(0, rowCount(state) - state.visibleRows);

/** The session has both sides, so that a request with only one is unusual. */
export const isPaired = (state: PageState): boolean => (state.session?.clocks.length ?? 0) > 0;
