/** A comparison for a terminal and for a pull request. */

import { type ComparedDuration, type Comparison, hasChanged, isShown } from "../model/compare/compare";
import { printable } from "../model/printable";
import type { ReportColumn } from "./report-columns";
import { escaped, markdownTable } from "./report-markdown";
import { aligned } from "./report-table";
import { formatMicros } from "./units";

type Row = ComparedDuration & { route: string };

const signed = (micros: number): string => `${micros > 0 ? "+" : ""}${formatMicros(micros)}`;
const text = (title: string, of: (row: Row) => string): ReportColumn<Row> => ({ title, right: false, text: of });
const number = (title: string, of: (row: Row) => string): ReportColumn<Row> => ({ title, right: true, text: of });

const COLUMNS: readonly ReportColumn<Row>[] = [
  text("route", ({ route }) => printable(route)),
  text("duration", ({ duration }) => duration),
  number("n", ({ count }) => count.join(" / ")),
  number("before", ({ mean }) => formatMicros(mean[0])),
  number("after", ({ mean }) => formatMicros(mean[1])),
  number("difference", ({ difference }) => (difference ? signed(difference.estimate) : "–")),
  number("95 %", ({ difference }) => (difference ? `${signed(difference.low)} … ${signed(difference.high)}` : "–")),
  number("part", ({ difference, mean }) => (difference ? percent(difference.estimate / mean[0]) : "–")),
  number("effect", ({ delta }) => (delta === null ? "–" : delta.toFixed(2))),
  number("p", ({ adjusted }) => (adjusted === null ? "–" : adjusted < 0.001 ? "< 0.001" : adjusted.toFixed(3))),
  text("", ({ word, missing }) => (missing > 0 ? `${word}: ${missing} more requests needed` : word)),
];

const percent = (part: number): string =>
  Number.isFinite(part) ? `${part > 0 ? "+" : ""}${(part * 100).toFixed(1)} %` : "–";

/** What changed, and each route's whole times; the phases that did not change say nothing. */
function rowsOf({ routes }: Comparison): Row[] {
  return routes.flatMap(({ key, durations }) => durations.filter(isShown).map((one) => ({ ...one, route: key })));
}

function* remarks({ routes, onlyBase, onlyOther, notes }: Comparison, sides: string): Generator<string> {
  yield sides;
  const changed = routes.filter(hasChanged);
  yield changed.length
    ? `${changed.length} of ${routes.length} routes changed.`
    : `No difference shown in ${routes.length} routes.`;
  if (onlyBase.length) yield `Only before: ${onlyBase.map(printable).join(", ")}.`;
  if (onlyOther.length) yield `Only after: ${onlyOther.map(printable).join(", ")}.`;
  for (const note of notes) yield `Note: ${note}`;
}

/** `sides`: which sessions, in words. */
export function* comparisonTable(comparison: Comparison, sides: string): Generator<string> {
  yield* aligned(COLUMNS, rowsOf(comparison));
  yield "\n";
  for (const remark of remarks(comparison, sides)) yield `${remark}\n`;
}

export function* comparisonMarkdown(comparison: Comparison, sides: string): Generator<string> {
  yield* markdownTable(COLUMNS, rowsOf(comparison));
  yield "\n";
  for (const remark of remarks(comparison, sides)) yield `${escaped(remark)}\n\n`;
}
