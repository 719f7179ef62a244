/** Budgets: how long a route's phase may take, and which routes the data show to be over. */
import type { GroupStatistics } from "../report";
import { DURATION_KEYS, type DurationKey } from "../request";
import { MICROS_PER_MILLI, type Micros } from "../time";

const STATISTICS = ["mean", "p50", "p95", "p99", "max"] as const;
type Statistic = (typeof STATISTICS)[number];

export interface Budget {
  /** As reports name it: `GET /users/:id`; `*` is every route. */
  route: string;
  duration: DurationKey;
  statistic: Statistic;
  most: Micros;
}

/** `{"GET /users/:id": {"serverResponse": {"p95": 250}}}`, in ms. A string says what is wrong with it. */
export function readBudgets(value: unknown): Budget[] | string {
  const budgets: Budget[] = [];
  if (!isRecord(value)) return "not an object of routes";
  for (const [route, durations] of Object.entries(value)) {
    if (!isRecord(durations)) return `${route}: not an object of durations`;
    for (const [duration, statistics] of Object.entries(durations)) {
      if (!isOneOf(DURATION_KEYS, duration)) return `${route}: no duration is called ${duration}`;
      if (!isRecord(statistics)) return `${route}: ${duration}: not an object of statistics`;
      for (const [statistic, most] of Object.entries(statistics)) {
        if (!isOneOf(STATISTICS, statistic)) return `${route}: ${duration}: no statistic is called ${statistic}`;
        if (typeof most !== "number" || !(most >= 0)) return `${route}: ${duration}: ${statistic} is no number of ms`;
        budgets.push({ route, duration, statistic, most: most * MICROS_PER_MILLI });
      }
    }
  }
  return budgets;
}

/** Of one that came from another thread. */
export const isBudget = (value: unknown): value is Budget =>
  isRecord(value) &&
  typeof value.route === "string" &&
  isOneOf(DURATION_KEYS, value.duration) &&
  isOneOf(STATISTICS, value.statistic) &&
  typeof value.most === "number";

export interface Overrun {
  budget: Budget;
  route: string;
  measured: Micros;
  /** Whether the whole interval lies over the budget: else the next run may be under it again. */
  certain: boolean;
}

export function overruns(budgets: readonly Budget[], routes: readonly GroupStatistics[]): Overrun[] {
  const found: Overrun[] = [];
  for (const budget of budgets)
    for (const route of routes) {
      if (budget.route !== "*" && budget.route !== route.key) continue;
      const summary = route[budget.duration];
      const measured = summary?.[budget.statistic];
      if (!summary || measured === undefined || !(measured > budget.most)) continue;
      const interval = budget.statistic === "max" ? null : summary.ci95[budget.statistic];
      const certain = budget.statistic === "max" || (interval !== null && interval[0] > budget.most);
      found.push({ budget, route: route.key, measured, certain });
    }
  return found;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isOneOf = <T extends string>(allowed: readonly T[], value: unknown): value is T =>
  (allowed as readonly unknown[]).includes(value);
