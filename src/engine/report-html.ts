/**
 * The report as one HTML file that opens without a network: what there is to say as static HTML, then the panel's own
 * page over an excerpt of the session (webview/report). Nothing in it comes from data but by `html` and `scriptJson`, and
 * its policy lets nothing run or be fetched but what is named by hash.
 */
import type { Workload } from "../model/workload";
import type { SessionInfo } from "../protocol/messages";
import { htmlTable } from "./html-table";
import { html, scriptJson } from "./html-text";
import { type ReportChoices, statisticsChosen } from "./report-choices";
import { differenceColumns, differencesSentence, groupColumns, REQUEST_COLUMNS, SLOT_COLUMNS } from "./report-columns";
import type { ReportData } from "./report-data";
import { reportFacts, utcTime } from "./report-facts";
import { countBar, requestPicture } from "./report-picture";
import type { ReportSample } from "./report-sample";
import { CHARACTERISTIC_COLUMNS, characteristics, trafficTables } from "./report-workload";
import { assemble } from "./request";
import { RowFacts } from "./row-facts";
import type { Session } from "./session";
import { summariseSlots } from "./slot-summary";
import { slowestRows } from "./slowest";
import { sourceLabel } from "./sources";
import { differencesOf } from "./verdict/differs";
import { workloadOf } from "./workload";

/** Text of an inline element, and the hash of it as a policy names it. */
export interface Inline {
  text: string;
  hash: string;
}

export interface ReportFrame {
  style: Inline;
  /** In the order in which they run. */
  scripts: readonly Inline[];
  data: ReportData;
  /** Base64 of the data's compressed bytes. */
  bytes: string;
  sample: ReportSample;
  /** µs since the epoch. */
  written: number;
}

/** Groups that are seen at once, and that are there at all. */
const GROUPS_SHOWN = 12;
const MOST_GROUPS = 1000;
const SLOWEST = 15;
const MOST_PROBLEMS = 100;
/** The toolkit probes with one style element that stays empty. */
const EMPTY_STYLE = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

export function* reportHtml(session: Session, frame: ReportFrame, choices: ReportChoices = {}): Generator<string> {
  const info = session.info();
  yield head(info.name, frame);
  yield* summary(session, info, frame.written);
  yield* statistics(session, choices);
  yield* differences(session);
  yield* slots(session);
  yield* timeline(frame.sample);
  yield* slowest(session, frame.sample);
  if (choices.workload) yield* workloadSection(workloadOf(session.store, choices.workload));
  yield* problems(session);
  yield `<footer class="report-foot">R C = R C,Load − Q Net,Client, the client's response time; R S = Q Net,Server − R S,Parse, the server's.</footer>
</main>
<script type="application/json" id="report-data">`;
  yield scriptJson({ data: frame.data, bytes: frame.bytes });
  yield "</script>\n";
  for (const { text } of frame.scripts) yield `<script>${text}</script>\n`;
  yield "</body>\n</html>\n";
}

function head(name: string, { style, scripts }: ReportFrame): string {
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(({ hash }) => `'${hash}'`).join(" ")}`,
    `style-src '${style.hash}' '${EMPTY_STYLE}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${html(name)} · Request Timeline</title>
<style>${style.text}</style>
</head>
<body>
<main class="report">
`;
}

function* summary(session: Session, { name, verdict }: SessionInfo, written: number): Generator<string> {
  const { requests } = session.store.rows;
  yield `<h1>${html(name)}</h1>
<p class="report-when">${counted(requests, "request")} · written ${utcTime(written)} by Request Timeline</p>
`;
  if (verdict) {
    const source = verdict.source && sourceLabel(verdict.source);
    const place = source && !verdict.text.includes(source) ? ` <code>${html(source)}</code>` : "";
    yield `<p class="report-verdict"><b>${html(verdict.title)}</b> ${html(verdict.text)}${place}</p>\n`;
  }
  yield '<dl class="facts">\n';
  for (const [fact, text] of reportFacts(session)) yield `<dt>${html(fact)}</dt><dd>${html(text)}</dd>\n`;
  yield "</dl>\n";
}

function* statistics({ store }: Session, choices: ReportChoices): Generator<string> {
  for (const { key, title, groups } of statisticsChosen(store, choices)) {
    if (groups.length === 0) continue;
    const columns = groupColumns(key);
    yield section(title);
    yield* htmlTable(
      key === "time" ? "In order of time" : "The most frequent first",
      columns,
      groups.slice(0, GROUPS_SHOWN),
    );
    const more = groups.slice(GROUPS_SHOWN, MOST_GROUPS);
    if (more.length === 0) continue;
    const cut = groups.length > MOST_GROUPS ? `, of ${count(groups.length)}` : "";
    yield `<details><summary>${count(more.length)} more${cut}</summary>\n`;
    yield* htmlTable("More", columns, more);
    yield "</details>\n";
  }
}

function* differences({ store }: Session): Generator<string> {
  const found = differencesOf(store, "");
  if (found.differences.length === 0) return;
  yield section("What differs in the slow ones");
  yield* htmlTable(differencesSentence(found), differenceColumns(store.base), found.differences);
}

function* slots({ store }: Session): Generator<string> {
  const all = summariseSlots(store);
  if (all.length === 0) return;
  yield section("By slot");
  yield* htmlTable("The schedule's slots", SLOT_COLUMNS, all);
}

function* timeline({ rows, of, taken }: ReportSample): Generator<string> {
  yield `<div class="report-live">\n${section("Timeline")}`;
  if (taken)
    yield `<p class="report-cut">${count(rows.length)} of ${count(of)} requests: the ${count(taken.slowest)} slowest, ${count(taken.failed)} of ${counted(taken.allFailed, "failed one")}, those that the clocks are known by, and of each route an even sample. The tables above are of all.</p>\n`;
  yield '<p id="report-inert">The timeline is drawn by this file\'s own scripts, which do not run here.</p>\n<div id="app"></div>\n</div>\n';
}

function* workloadSection(found: Workload): Generator<string> {
  yield section("Workload");
  yield* htmlTable(
    "Beside the six sites of Arlitt and Williamson's study",
    CHARACTERISTIC_COLUMNS,
    characteristics(found),
  );
  for (const { title, note, columns, items } of trafficTables(found)) {
    const most = items.reduce((most, { count }) => Math.max(most, count), 1);
    yield section(`Requests by ${title}`);
    yield* htmlTable(note, columns, items, { title: "", cell: ({ count }) => countBar(count / most) });
  }
}

function* slowest({ store }: Session, sample: ReportSample): Generator<string> {
  const facts = new RowFacts(store);
  const requests = slowestRows(store, SLOWEST, sample.rows).map((row) => ({
    request: assemble(store, row),
    offset: facts.offset(row)?.up ?? null,
  }));
  if (requests.length === 0) return;
  const columns = REQUEST_COLUMNS.filter(({ title }) => title !== "paired").map((column) => ({
    ...column,
    text: ({ request }: (typeof requests)[number]) => column.text(request),
  }));
  yield section("Slowest requests");
  yield* htmlTable("Client above server, each over its own length", columns, requests, {
    title: "Timeline",
    cell: ({ request, offset }) => requestPicture(request, offset),
  });
}

function* problems({ store: { problems } }: Session): Generator<string> {
  if (problems.total === 0) return;
  yield `${section("Problems")}<p>Lines or parts of files that could not be used: ${count(problems.total)}.</p>\n<ul class="problem-list">\n`;
  for (const { file, line, reason } of problems.list(MOST_PROBLEMS))
    yield `<li>${html(`${file}:${line}: ${reason}`)}</li>\n`;
  yield "</ul>\n";
  if (problems.total > MOST_PROBLEMS) yield `<p>… and ${count(problems.total - MOST_PROBLEMS)} more.</p>\n`;
}

const section = (title: string): string => `<h2 class="section">${title}</h2>\n`;
const count = (value: number): string => value.toLocaleString("en-US");
const counted = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? "" : "s"}`;
