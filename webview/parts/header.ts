/** The grid's header: column titles that sort, and the time axis over the timeline. */
import { axisBottom, select } from "d3";
import type { SortKey } from "../../src/protocol/messages";
import type { ColumnPlan } from "../layout/columns";
import type { PageState } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import type { TimeScale } from "../time/scale";
import { type Ticks, tickLabel } from "../time/ticks";
import { clockMillis, clockSeconds } from "../words/clock";
import { el, set, setText } from "./dom";

export const HEADER_HEIGHT = 28;
const LONG: Partial<Record<SortKey, string>> = {
  start: "in order of start, of which # is the number",
  clientResponse: "R C, ms: from the first byte sent to the last byte received",
  serverResponse: "R S, ms: from the first byte parsed to the last byte sent",
  network: "R C − R S, ms",
};

export class Header {
  readonly #titles = el("div", "header-titles");
  readonly #svg = select(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  readonly #axis;
  readonly #origin = el("span", "axis-origin");
  readonly #time = set(el("span", "header-time", this.#origin, el("span", "unseen", "Timeline")), {
    role: "columnheader",
  });
  readonly element = set(el("div", "header", this.#titles, this.#time), { role: "row", "aria-rowindex": 1 });
  readonly #buttons = new Map<SortKey, { cell: HTMLElement; arrow: HTMLElement }>();

  constructor(private readonly viewer: Viewer) {
    this.#titles.setAttribute("role", "presentation");
    this.#svg.attr("class", "axis").attr("aria-hidden", "true").attr("height", HEADER_HEIGHT);
    this.#axis = this.#svg.append("g");
    this.#time.prepend(this.#svg.node() as unknown as HTMLElement);
  }

  setColumns(plan: ColumnPlan): void {
    this.#buttons.clear();
    this.#titles.style.width = `${plan.tableWidth}px`;
    this.#titles.replaceChildren(
      ...plan.columns.map((column, at) => {
        const arrow = set(el("span", "sort-arrow"), { "aria-hidden": true });
        const button = el("button", "sort", column.title, arrow);
        button.title = `Sort ${LONG[column.sort] ?? `by ${column.title.toLowerCase()}`}`;
        button.tabIndex = -1;
        button.addEventListener("click", () => this.#sort(column.sort));
        const cell = set(el("span", `cell ${column.align}`, button), { role: "columnheader", "aria-colindex": at + 1 });
        this.#buttons.set(column.sort, { cell, arrow });
        return cell;
      }),
    );
    this.#time.setAttribute("aria-colindex", String(plan.columns.length + 1));
    this.#svg.attr("width", plan.timelineWidth);
  }

  update(state: PageState, scale: TimeScale, ticks: Ticks): void {
    for (const [key, { cell, arrow }] of this.#buttons) {
      const sorted = state.view.sort === key;
      cell.setAttribute("aria-sort", !sorted ? "none" : state.view.descending ? "descending" : "ascending");
      // The usual order, by time, is not worth an arrow.
      setText(arrow, !sorted || (key === "start" && !state.view.descending) ? "" : state.view.descending ? "↓" : "↑");
    }
    const origin = ticks.isFar && state.session ? state.session.base + ticks.origin : null;
    const text = origin === null ? "" : (ticks.step < 100_000 ? clockMillis : clockSeconds)(origin);
    setText(this.#origin, text);
    const clear = text ? 12 + text.length * 7 : 0;
    // d3-axis reads little of a scale: a position for a value.
    const position = Object.assign((time: number | { valueOf(): number }) => scale.x(Number(time)), {
      domain: () => [...scale.domain],
      range: () => [0, scale.width],
      copy: () => position,
    });
    const axis = axisBottom<number | { valueOf(): number }>(position)
      .tickValues(ticks.values.filter((tick) => scale.x(tick) >= clear && scale.x(tick) < scale.width - 16))
      .tickFormat((tick) => tickLabel(Number(tick), ticks))
      .tickSize(0)
      .tickPadding(9);
    this.#axis.call(axis);
    this.#axis
      .selectAll<SVGTextElement, number>("text")
      .attr("text-anchor", (tick) => (scale.x(tick) < 24 ? "start" : "middle"));
  }

  #sort(key: SortKey): void {
    const { view } = this.viewer.state;
    // Numbers are looked at for the largest first; a third click is back to the order of time.
    const first = key !== "start" && key !== "method" && key !== "path";
    if (view.sort !== key) this.viewer.setView({ sort: key, descending: first });
    else if (view.descending === first) this.viewer.setView({ descending: !first });
    else this.viewer.setView({ sort: "start", descending: false });
  }
}
