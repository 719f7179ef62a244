/** What a report's statistics are by, and what counts in them. */
import type { Report } from "../model/report";
import { ROW_GROUPINGS, type RowGrouping } from "./row-groups";
import { type Counting, statisticsBy } from "./statistics";
import type { Store } from "./store";
import type { WorkloadOptions } from "./workload";

export interface ReportChoices extends Counting {
  /** Besides the routes. */
  by?: readonly RowGrouping[];
  /** Present: the workload's characteristics too. */
  workload?: WorkloadOptions;
}

/** Of `report --by`. */
export const REPORT_GROUPINGS = ROW_GROUPINGS;

const TITLES: Record<RowGrouping, string> = {
  route: "By route",
  url: "By URL",
  handler: "By handler",
  kind: "By kind",
  status: "By status",
  connection: "By connection",
  worker: "By worker",
  time: "By time",
};

type GroupSummaries = Omit<Report["summary"], "byRoute" | "bySlot">;

/** `byHandler` and the like, as they were asked for. */
export const groupSummaries = (store: Store, { by = [], workload: _, ...counting }: ReportChoices): GroupSummaries =>
  Object.fromEntries(
    by.map((key) => [`by${key[0]!.toUpperCase()}${key.slice(1)}`, statisticsBy(store, key, counting)]),
  );

/** Routes, and what else was asked for, one after the other. */
export function* statisticsChosen(store: Store, { by = [], workload: _, ...counting }: ReportChoices) {
  for (const key of new Set<RowGrouping>(["route", ...by]))
    yield { key, title: TITLES[key], groups: statisticsBy(store, key, counting) };
}
