/** The columns that the table and the Markdown report share: requests, and routes with their quantiles. */
import { printable } from "../model/printable";
import type { GroupStatistics, SlotSummary, Summary } from "../model/report";
import type { RequestMarks, TimelineRequest } from "../model/request";
import type { Difference, Differences } from "../protocol/messages";
import type { Failure } from "./failures";
import type { RowGrouping } from "./row-groups";
import { sourceLabel } from "./sources";
import { formatBytes, formatMicros } from "./units";

export interface ReportColumn<T> {
  title: string;
  right: boolean;
  text(item: T): string;
  /** Not shortened, however long it is. */
  whole?: true;
}

const left = <T>(title: string, text: (item: T) => string): ReportColumn<T> => ({
  title,
  right: false,
  text: (item) => printable(text(item)),
});
const right = <T>(title: string, text: (item: T) => string): ReportColumn<T> => ({ title, right: true, text });

/** Path and query of a URL. */
export const pathOf = ({ url }: { url: string }): string => url.replace(/^[a-z]+:\/\/[^/]*/i, "") || "/";

/** The columns of which something is known, with their cells. */
export const filledColumns = <T>(
  columns: readonly ReportColumn<T>[],
  items: readonly T[],
): (ReportColumn<T> & { cells: string[] })[] =>
  columns
    .map((column) => ({ ...column, cells: items.map((item) => column.text(item)) }))
    .filter(({ cells }) => cells.some((cell) => cell !== "" && cell !== "–"));

export const REQUEST_COLUMNS: readonly ReportColumn<TimelineRequest>[] = [
  left("method", (request) => request.method),
  left("path", pathOf),
  right("status", (request) => (request.state === "complete" ? `${request.status ?? "–"}` : request.state)),
  right("size", (request) => formatBytes(request.bytes)),
  right("R C", (request) => formatMicros(request.durations.clientResponse)),
  right("R S", (request) => formatMicros(request.durations.serverResponse)),
  right("network", (request) => formatMicros(request.durations.network)),
  right("queue", (request) => formatMicros(request.durations.queue)),
  left("waited for the event loop behind", ({ blockedBy }) =>
    blockedBy ? `${blockedBy.method} ${pathOf(blockedBy)}` : "",
  ),
  right("process", (request) => formatMicros(request.durations.process)),
  left("paired", (request) => request.pairing),
  left("handler", (request) => (request.handler ? sourceLabel(request.handler) : "")),
  left("flags", (request) => request.flags.join(" ")),
  left("last mark", ({ state, marks }) => (state === "complete" ? "" : lastMark(marks))),
  { ...left("what went wrong", ({ error }) => error ?? ""), whole: true },
];

export const FAILURE_COLUMNS: readonly ReportColumn<Failure>[] = [
  right("count", ({ count }) => `${count}`),
  { ...left("what went wrong", ({ sentence }) => sentence), whole: true },
];

/** How far a request got. */
function lastMark(marks: RequestMarks): string {
  let last = "";
  let latest = Number.NEGATIVE_INFINITY;
  for (const [key, time] of Object.entries(marks))
    if (typeof time === "number" && time >= latest) [last, latest] = [key, time];
  return last;
}

/** Of the median; where there is none, how many requests would give one. */
const intervalText = (summary: Summary | undefined): string => {
  if (!summary) return "";
  const { p50 } = summary.ci95;
  return p50 ? `${formatMicros(p50[0])} to ${formatMicros(p50[1])}` : `n ≥ ${summary.needed?.p50}`;
};

export const groupColumns = (by: RowGrouping): readonly ReportColumn<GroupStatistics>[] => [
  left(by, ({ key }) => key),
  ...GROUP_COLUMNS,
];

const GROUP_COLUMNS: readonly ReportColumn<GroupStatistics>[] = [
  right("count", ({ count, peaks }) => (peaks ? `${peaks.kept} of ${count}` : `${count}`)),
  right("R C p50", (route) => formatMicros(route.clientResponse?.p50)),
  right("95 % CI", (route) => intervalText(route.clientResponse)),
  right("p95", (route) => formatMicros(route.clientResponse?.p95)),
  right("p99", (route) => formatMicros(route.clientResponse?.p99)),
  right("max", (route) => formatMicros(route.clientResponse?.max)),
  right("R S p50", (route) => formatMicros(route.serverResponse?.p50)),
  right("p95", (route) => formatMicros(route.serverResponse?.p95)),
  right("p99", (route) => formatMicros(route.serverResponse?.p99)),
  right("max", (route) => formatMicros(route.serverResponse?.max)),
  right("since intended p50", (route) => formatMicros(route.sinceIntended?.p50)),
  right("p99", (route) => formatMicros(route.sinceIntended?.p99)),
  right("blocked p50", (route) => formatMicros(route.blocked?.p50)),
  right("connect p50", (route) => formatMicros(route.connect?.p50)),
  left("slow by", ({ slow }) => slow?.part ?? ""),
];

/** Times are relative to `base`, µs since the epoch. */
export const differenceColumns = (base: number): readonly ReportColumn<Difference>[] => [
  left("", ({ trait }) => trait),
  left("the slow ones have", ({ value, span }) =>
    span ? span.map((time) => new Date((base + time) / 1000).toISOString()).join(" to ") : value,
  ),
  right("slow of these", ({ inside }) => `${inside.slow} of ${inside.count}`),
  right("of the others", ({ outside }) => `${outside.slow} of ${outside.count}`),
  right("separates", ({ auc }) => auc.toFixed(2)),
];

export const differencesSentence = ({ requests, slow, slowFrom, median }: Differences): string =>
  `Of ${requests} requests the slowest ${slow} take ${formatMicros(slowFrom)} or more, for ${formatMicros(median)} at the median. What separates them from the others (1 is always, 0.5 is chance):`;

export const SLOT_COLUMNS: readonly ReportColumn<SlotSummary>[] = [
  left("slot", ({ slot }) => slot),
  right("count", ({ missed, count }) => (missed ? "missed" : `${count}`)),
  right("R C p50", ({ clientResponse }) => formatMicros(clientResponse?.p50)),
  right("p95", ({ clientResponse }) => formatMicros(clientResponse?.p95)),
  right("max", ({ clientResponse }) => formatMicros(clientResponse?.max)),
];
