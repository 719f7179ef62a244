/** The same numbers as a table. */
import { el, set } from "../parts/dom";
import { count } from "../words/numbers";
import type { Table } from "./figure";

/** Longer tables are for a file, not for reading; the export of a report has all. */
const MOST_ROWS = 1_000;

export function tableView({ head, rows }: Table, title: string): HTMLElement {
  const heads = head.map((text, at) => set(el("th", at ? "right" : "", text), { scope: "col" }));
  const shown = rows
    .slice(0, MOST_ROWS)
    .map(([name = "", ...cells]) =>
      el("tr", "", set(el("th", "", name), { scope: "row" }), ...cells.map((text) => el("td", "right", text))),
    );
  const more = rows.length - shown.length;
  const table = el(
    "table",
    "chart-table",
    el("caption", "unseen", title),
    el("thead", "", el("tr", "", ...heads)),
    el("tbody", "", ...shown),
  );
  const scroller = set(el("div", "chart-scroller", table), {
    tabindex: 0,
    role: "region",
    "aria-label": `${title}, table`,
  });
  if (more > 0) scroller.append(el("p", "dim", `and ${count(more)} more rows`));
  return scroller;
}
