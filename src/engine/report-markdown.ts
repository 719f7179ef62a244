/** The report as Markdown tables, for an issue or a pull request. */
import { hookCost, hookCostSentence } from "./hook-cost";
import { type ReportChoices, statisticsChosen } from "./report-choices";
import {
  differenceColumns,
  differencesSentence,
  groupColumns,
  printable,
  REQUEST_COLUMNS,
  type ReportColumn,
  SLOT_COLUMNS,
} from "./report-columns";
import { assemble } from "./request";
import type { Session } from "./session";
import { summariseSlots } from "./slot-summary";
import { differencesOf } from "./verdict/differs";

const MOST_REQUESTS = 1000;

export function* reportMarkdown(session: Session, choices: ReportChoices = {}): Generator<string> {
  const { store } = session;
  const info = session.info();
  yield `# ${escaped(info.name)}\n\n`;
  yield `${store.rows.requests} requests.${info.clockSentence ? ` ${escaped(info.clockSentence)}` : ""}\n\n`;
  if (info.verdict) yield `**${escaped(info.verdict.title)}** ${escaped(info.verdict.text)}\n\n`;
  const cost = hookCost(store);
  if (cost) yield `${hookCostSentence(cost)}\n\n`;
  for (const { key, title, groups } of statisticsChosen(store, choices)) {
    yield `${key === "route" ? "" : "\n"}## ${title}\n\n`;
    yield* markdownTable(groupColumns(key), groups);
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
  yield `\n## Requests\n\n`;
  yield head(REQUEST_COLUMNS);
  let shown = 0;
  for (let row = 0; row < store.rows.length && shown < MOST_REQUESTS; row++) {
    if (store.rows.isEmpty(row)) continue;
    shown++;
    yield line(REQUEST_COLUMNS, assemble(store, row));
  }
  const hidden = store.rows.requests - shown;
  if (hidden > 0) yield `\n… and ${hidden} more.\n`;
  if (store.problems.total === 0) return;
  yield `\n## Problems (${store.problems.total})\n\n`;
  for (const { file, line: number, reason } of store.problems.list(100))
    yield `- ${escaped(`${file}:${number}: ${reason}`)}\n`;
}

export function* markdownTable<T>(columns: readonly ReportColumn<T>[], items: readonly T[]): Generator<string> {
  yield head(columns);
  for (const item of items) yield line(columns, item);
}

const head = <T>(columns: readonly ReportColumn<T>[]): string =>
  `| ${columns.map((column) => column.title).join(" | ")} |\n|${columns.map((column) => (column.right ? "---:" : "---")).join("|")}|\n`;

const line = <T>(columns: readonly ReportColumn<T>[], item: T): string =>
  `| ${columns.map((column) => escaped(column.text(item))).join(" | ")} |\n`;

/** URLs and names are hostile input: nothing of them is markup, and nobody is mentioned. */
export const escaped = (text: string): string =>
  printable(text)
    .replace(/[\\`*_[\]<>|~&#]/g, (char) => `\\${char}`)
    .replaceAll("@", "&#64;");
