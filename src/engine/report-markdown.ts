/** The report as Markdown tables, for an issue or a pull request. */
import { printable } from "../model/printable";
import type { Workload } from "../model/workload";
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
import type { Store } from "./store";
import { differencesOf } from "./verdict/differs";
import { workloadOf } from "./workload";

/** What a comment on a pull request has room for (65,536 characters), and what people read there. */
const MOST_REQUESTS = 50;
const SLOWEST = 20;
const MOST_GROUPS = 50;
const MOST_PROBLEMS = 20;

export function* reportMarkdown(session: Session, choices: ReportChoices = {}): Generator<string> {
  const { store } = session;
  const info = session.info();
  yield `# ${escaped(info.name)}\n\n`;
  yield `${store.rows.requests.toLocaleString("en-US")} ${store.rows.requests === 1 ? "request" : "requests"}.${info.clockSentence ? ` ${escaped(info.clockSentence)}` : ""}\n\n`;
  if (info.verdict) yield `**${escaped(info.verdict.title)}** ${escaped(info.verdict.text)}\n\n`;
  const cost = hookCost(store);
  if (cost) yield `${hookCostSentence(cost)}\n\n`;
  for (const { key, title, groups } of statisticsChosen(store, choices)) {
    yield `${key === "route" ? "" : "\n"}## ${title}\n\n`;
    yield* markdownTable(groupColumns(key), groups.slice(0, MOST_GROUPS));
    if (groups.length > MOST_GROUPS) yield `\n… and ${groups.length - MOST_GROUPS} more.\n`;
  }
  const found = differencesOf(store, "");
  if (found.differences.length) {
    yield `\n## What differs in the slow ones\n\n${differencesSentence(found)}\n\n`;
    yield* markdownTable(differenceColumns(store.base), found.differences);
  }
  const slots = summariseSlots(store);
  if (slots.length) {
    yield "\n## By slot\n\n";
    yield* markdownTable(SLOT_COLUMNS, slots);
  }
  if (choices.workload) yield* workloadTables(workloadOf(store, choices.workload));
  yield* requests(store);
  if (store.problems.total === 0) return;
  yield `\n## Problems (${store.problems.total})\n\n`;
  for (const { file, line: number, reason } of store.problems.list(MOST_PROBLEMS))
    yield `- ${escaped(`${file}:${number}: ${reason}`)}\n`;
  if (store.problems.total > MOST_PROBLEMS) yield `- … and ${store.problems.total - MOST_PROBLEMS} more\n`;
}

function* workloadTables(found: Workload): Generator<string> {
  yield "\n## Workload\n\n";
  yield* markdownTable(CHARACTERISTIC_COLUMNS, characteristics(found));
  for (const { title, columns, items } of trafficTables(found)) {
    yield `\n## Requests by ${title}\n\n`;
    yield* markdownTable(columns, items);
  }
}

/** All in order of time where they are few, else the slowest. */
function* requests(store: Store): Generator<string> {
  const all = store.spine.rows();
  if (all.length === 0) return;
  if (all.length <= MOST_REQUESTS) {
    yield "\n## Requests\n\n";
    yield* markdownTable(
      REQUEST_COLUMNS,
      Array.from(all, (row) => assemble(store, row)),
    );
    return;
  }
  const failures = failuresOf(store);
  if (failures.length) {
    yield "\n## What went wrong\n\n";
    yield* markdownTable(FAILURE_COLUMNS, failures.slice(0, MOST_GROUPS));
  }
  const slowest = slowestRequests(store, SLOWEST);
  if (slowest.length === 0) return;
  yield `\n## Slowest ${slowest.length} of ${all.length.toLocaleString("en-US")} requests\n\n`;
  yield* markdownTable(REQUEST_COLUMNS, slowest);
}

/** A column of which nothing is known is left out. */
export function* markdownTable<T>(columns: readonly ReportColumn<T>[], items: readonly T[]): Generator<string> {
  const filled = filledColumns(columns, items);
  yield `| ${filled.map(({ title }) => title).join(" | ")} |\n`;
  yield `|${filled.map(({ right }) => (right ? "---:" : "---")).join("|")}|\n`;
  for (let item = 0; item < items.length; item++)
    yield `| ${filled.map(({ cells }) => escaped(cells[item]!)).join(" | ")} |\n`;
}

/** URLs and names are hostile input: nothing of them is markup, and nobody is mentioned. */
export const escaped = (text: string): string =>
  printable(text)
    .replace(/[\\`*_[\]<>|~&#]/g, (char) => `\\${char}`)
    .replaceAll("@", "&#64;");
