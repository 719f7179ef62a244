/** The report for a terminal: aligned columns, the clock's sentence, what went wrong. */
import { printable } from "../model/printable";
import type { Counted, Workload } from "../model/workload";
import { failuresOf } from "./failures";
import { hookCost, hookCostSentence } from "./hook-cost";
import { type ReportChoices, statisticsChosen } from "./report-choices";
import {
  differenceColumns,
  differencesSentence,
  FAILURE_COLUMNS,
  filledColumns,
  groupColumns,
  REQUEST_COLUMNS,
  type ReportColumn,
  SLOT_COLUMNS,
} from "./report-columns";
import { CHARACTERISTIC_COLUMNS, characteristics, trafficTables } from "./report-workload";
import { assemble } from "./request";
import type { Session } from "./session";
import { summariseSlots } from "./slot-summary";
import { slowestRequests } from "./slowest";
import { differencesOf } from "./verdict/differs";
import { workloadOf } from "./workload";

/** More requests than a person reads: then the slowest alone. */
const MOST_REQUESTS = 200;
const SLOWEST = 10;
const WIDEST = 60;
const MOST_PROBLEMS = 20;
/** The rest is in the other formats. */
const MOST_GROUPS = 40;
/** Characters of the longest bar. */
const BAR = 24;

export function* reportTable(session: Session, choices: ReportChoices = {}): Generator<string> {
  const { store } = session;
  const info = session.info();
  const { requests } = store.rows;
  yield `${printable(info.name)}: ${requests.toLocaleString("en-US")} ${requests === 1 ? "request" : "requests"}\n`;
  if (info.clockSentence) yield `${printable(info.clockSentence)}\n`;
  if (info.verdict) yield `${printable(`${info.verdict.title} ${info.verdict.text}`)}\n`;
  const cost = hookCost(store);
  if (cost) yield `${hookCostSentence(cost)}\n`;
  if (requests > 0 && requests <= MOST_REQUESTS) {
    const rows = Array.from({ length: store.rows.length }, (_, row) => row).filter((row) => !store.rows.isEmpty(row));
    yield "\n";
    yield* aligned(
      REQUEST_COLUMNS,
      rows.map((row) => assemble(store, row)),
    );
  }
  for (const { key, groups } of statisticsChosen(store, choices))
    if (key !== "route" || requests > MOST_REQUESTS || groups.some(({ count }) => count > 1)) {
      yield "\n";
      yield* aligned(groupColumns(key), groups.slice(0, MOST_GROUPS));
      if (groups.length > MOST_GROUPS) yield `… and ${groups.length - MOST_GROUPS} more\n`;
    }
  if (requests > MOST_REQUESTS) {
    const slowest = slowestRequests(store, SLOWEST);
    if (slowest.length) {
      yield `\nthe slowest ${slowest.length}\n`;
      yield* aligned(REQUEST_COLUMNS, slowest);
    }
    const failures = failuresOf(store);
    if (failures.length) {
      yield "\n";
      yield* aligned(FAILURE_COLUMNS, failures.slice(0, MOST_GROUPS));
    }
  }
  const found = differencesOf(store, "");
  if (found.differences.length) {
    yield `\n${differencesSentence(found)}\n`;
    yield* aligned(differenceColumns(store.base), found.differences);
  }
  const slots = summariseSlots(store);
  if (slots.length) {
    yield "\n";
    yield* aligned(SLOT_COLUMNS, slots);
  }
  if (choices.workload) yield* workloadTables(workloadOf(store, choices.workload));
  const { total } = store.problems;
  if (total === 0) return;
  yield `\n${total} ${total === 1 ? "problem" : "problems"}\n`;
  for (const { file, line, reason } of store.problems.list(MOST_PROBLEMS))
    yield `  ${printable(`${file}:${line}: ${reason}`)}\n`;
  if (total > MOST_PROBLEMS) yield `  … and ${total - MOST_PROBLEMS} more\n`;
}

function* workloadTables(found: Workload): Generator<string> {
  yield "\n";
  yield* aligned(CHARACTERISTIC_COLUMNS, characteristics(found));
  for (const { columns, items } of trafficTables(found)) {
    const most = items.reduce((most, { count }) => Math.max(most, count), 1);
    const bar = ({ count }: Counted): string => "▇".repeat(Math.round((count / most) * BAR));
    yield "\n";
    yield* aligned([...columns, { title: "", right: false, text: bar }], items);
  }
}

/** Lines with every column as wide as its widest cell; a column that is empty throughout is left out. */
export function* aligned<T>(columns: readonly ReportColumn<T>[], items: readonly T[]): Generator<string> {
  const filled = filledColumns(columns, items).map((column) => {
    const cells = column.whole ? column.cells : column.cells.map(shortened);
    // Spread as arguments, a long table would not fit on the stack.
    return { ...column, cells, width: cells.reduce((most, cell) => Math.max(most, cell.length), column.title.length) };
  });
  const line = (cell: (column: (typeof filled)[number]) => string): string =>
    `${filled
      .map((column) => (column.right ? cell(column).padStart(column.width) : cell(column).padEnd(column.width)))
      .join("  ")
      .trimEnd()}\n`;
  yield line((column) => column.title);
  yield line((column) => "─".repeat(column.width));
  for (let item = 0; item < items.length; item++) yield line((column) => column.cells[item]!);
}

/** The end of a path says more than its middle. */
const shortened = (text: string): string =>
  text.length <= WIDEST ? text : `${text.slice(0, WIDEST / 2)}…${text.slice(text.length - WIDEST / 2 + 1)}`;
