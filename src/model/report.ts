/** `report --json` (DESIGN 5.2). */
import type { ClockEpoch } from "./clock";
import type { Problem } from "./record";
import type { DurationKey, TimelineRequest } from "./request";
import type { PeakRule } from "./statistics/peaks";
import type { Workload } from "./workload";

export const REPORT_SCHEMA = "request-timeline/report@1";

/** µs. A confidence interval is null where n admits none. */
export interface Summary {
  count: number;
  mean: number;
  p50: number;
  p95: number;
  p99: number;
  min: number;
  max: number;
  deviation: number;
  /** How many values an interval needs that is null; absent where none is. */
  needed?: Partial<Record<"mean" | "p50" | "p95" | "p99", number>>;
  ci95: { mean: readonly [number, number] | null } & Record<"p50" | "p95" | "p99", readonly [number, number] | null>;
}

/** Of the requests that have something in common, which `key` says. */
export type GroupStatistics = {
  key: string;
  count: number;
  /** Absent where every request counts. `kept` of `count` were no peaks. */
  peaks?: { rule: PeakRule; kept: number };
  /** Where the time goes that makes the slow ones slow: the part in a word or two, and a sentence; absent where none stands out. */
  slow?: { part: string; text: string };
} & Partial<Record<DurationKey, Summary>>;

/** A slot of a schedule. */
export interface SlotSummary {
  /** Time of day, as `10:30`. */
  slot: string;
  /** µs on the client's clock: when it began, or was found missed. */
  time: number;
  missed: boolean;
  count: number;
  /** Absent where no request of the slot ended. */
  clientResponse?: Summary;
}

export interface ReportClock extends Omit<ClockEpoch, "from" | "to" | "quality" | "minRtt"> {
  method: string;
}

/** What the instrumentation cost the servers. */
export interface ReportCost {
  /** µs of CPU. */
  perRequest: number;
  requests: number;
}

export interface Report {
  schema: typeof REPORT_SCHEMA;
  requests: TimelineRequest[];
  clock: ReportClock | null;
  clocks: ({ server: string; client: string } & Omit<ClockEpoch, "at" | "samples" | "minRtt">)[];
  /** Null where no server has told; absent in reports of before it was known. */
  cost?: ReportCost | null;
  /** `bySlot` is absent where nothing was measured by a schedule, the others but `byRoute` where nobody asked for them. */
  summary: {
    byRoute: GroupStatistics[];
    byUrl?: GroupStatistics[];
    byHandler?: GroupStatistics[];
    byKind?: GroupStatistics[];
    byStatus?: GroupStatistics[];
    byConnection?: GroupStatistics[];
    byWorker?: GroupStatistics[];
    byTime?: GroupStatistics[];
    bySlot?: SlotSummary[];
  };
  /** Present where it was asked for. */
  workload?: Workload;
  problems: Problem[];
}
