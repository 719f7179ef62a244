/** The rows and their timeline: a virtual grid of cells, and one canvas for all bars. */
import { type ColumnPlan, planColumns } from "../layout/columns";
import { type Hit, layoutRows } from "../layout/rows";
import { CanvasLayer } from "../paint/layer";
import type { Palette } from "../paint/palette";
import { domainOf, isPaired, type PageState, rowCount } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { type TimeScale, timeScale } from "../time/scale";
import { NO_TICKS, timeTicks } from "../time/ticks";
import { el, set } from "./dom";
import { HEADER_HEIGHT, Header } from "./header";
import { RowView } from "./row-view";
import { Scroller } from "./scroller";
import { TimeZoom } from "./time-zoom";

/** CSS pixels between two ticks, about. */
const TICK_EVERY = 96;

export class Waterfall {
  readonly #header: Header;
  readonly #layer = new CanvasLayer("bars");
  readonly #body = set(el("div", "rows"), { role: "rowgroup" });
  readonly #scroller: Scroller;
  readonly #zoom: TimeZoom;
  readonly element: HTMLElement;
  #plan: ColumnPlan = planColumns(0);
  #views: RowView[] = [];
  #hits: Hit[] = [];
  #height = 0;
  #hovered = -1;
  /** What all sizes follow from. */
  #size = "";
  rowHeight = 26;
  scale: TimeScale = timeScale([0, 1], 1);

  constructor(private readonly viewer: Viewer) {
    this.#header = new Header(viewer);
    const stage = el("div", "stage", this.#layer.element, this.#body);
    const head = set(el("div", "head", this.#header.element), { role: "rowgroup" });
    this.#scroller = new Scroller(viewer, head, stage);
    this.#zoom = new TimeZoom(viewer, this.#layer.element);
    this.element = this.#scroller.element;
  }

  /** CSS pixels of the whole part. */
  resize(width: number, height: number, ratio: number, rowHeight: number): void {
    const size = [width, height, ratio, rowHeight, this.#scroller.barWidth].join();
    if (size === this.#size) return;
    this.#size = size;
    this.rowHeight = rowHeight;
    this.#height = Math.max(0, height - HEADER_HEIGHT);
    this.viewer.setVisibleRows(Math.max(1, Math.floor(this.#height / rowHeight)));
    const plan = planColumns(width - this.#scroller.barWidth);
    this.element.style.setProperty("--columns", plan.template);
    this.element.style.setProperty("--table-width", `${plan.tableWidth}px`);
    const span = plan.columns.findIndex((column) => column.key === "path") + 1;
    this.element.classList.toggle("tight", plan.tight);
    this.element.style.setProperty("--group-span", String(span));
    this.element.style.setProperty("--row-height", `${rowHeight}px`);
    const count = Math.ceil(this.#height / rowHeight) + 2;
    if (
      plan.columns.length !== this.#plan.columns.length ||
      count > this.#views.length ||
      this.#plan.columns.length === 0
    ) {
      this.#views = Array.from({ length: count }, (_, at) => new RowView(`row-${at}`, plan.columns));
      this.#body.replaceChildren(...this.#views.map((view) => view.element));
    }
    this.#header.setColumns(plan);
    this.#plan = plan;
    this.element.setAttribute("aria-colcount", String(plan.columns.length + 1));
    this.#layer.resize(plan.timelineWidth, this.#height, ratio);
    this.#scroller.resize(this.#height);
  }

  update(state: PageState, palette: Palette): void {
    this.scale = timeScale(domainOf(state), this.#plan.timelineWidth, this.#layer.ratio);
    const { session } = state;
    // The engine's zero is the first record that it was told of, which need not be the session's first.
    const ticks = session?.requests
      ? timeTicks(this.scale.domain, this.#plan.timelineWidth / TICK_EVERY, session.span[0])
      : NO_TICKS;
    this.#header.update(state, this.scale, ticks);
    this.#zoom.update(this.#plan.timelineWidth);
    this.#scroller.update(state, this.rowHeight);
    const first = Math.floor(state.top);
    const offset = Math.round((first - state.top) * this.rowHeight * this.#layer.ratio) / this.#layer.ratio;
    const shown = Math.min(Math.ceil(this.#height / this.rowHeight) + 1, rowCount(state) - first);
    state.rows?.want(first, first + shown);
    if (state.view.group !== "none") this.viewer.wantLanes(first, shown, this.scale.domain, this.#plan.timelineWidth);
    const rows = Array.from({ length: Math.max(0, shown) }, (_, at) => state.rows?.get(first + at));
    const { list, hits } = layoutRows({
      rows,
      offset,
      rowHeight: this.rowHeight,
      scale: this.scale,
      ticks: ticks.values,
      height: this.#height,
      selected: state.cursor,
      hovered: this.#hovered,
      paired: isPaired(state),
      aligned: state.view.aligned,
      lanes: state.lanes,
    });
    this.#hits = hits;
    this.#layer.paint(list, palette);
    this.#updateCells(state, first, offset, rows.length);
  }

  #updateCells(state: PageState, first: number, offset: number, shown: number): void {
    const { length } = this.#views;
    const used = new Set<number>();
    for (let at = 0; at < shown; at++) {
      const position = first + at;
      const slot = position % length;
      used.add(slot);
      const y = offset + at * this.rowHeight;
      this.#views[slot]!.place(
        position,
        y,
        state.rows?.get(position),
        position === state.cursor,
        position === this.#hovered,
      );
    }
    this.#views.forEach((view, slot) => {
      if (!used.has(slot)) view.hide();
    });
    const onScreen = state.cursor >= first && state.cursor < first + shown;
    if (onScreen) this.element.setAttribute("aria-activedescendant", `row-${state.cursor % length}`);
    else this.element.removeAttribute("aria-activedescendant");
    this.element.setAttribute("aria-rowcount", String(rowCount(state) + 1));
    this.element.setAttribute("role", state.view.group === "none" ? "grid" : "treegrid");
  }

  /** The row under a point of the page; -1 outside. */
  positionAt(event: MouseEvent): number {
    const y = event.clientY - this.element.getBoundingClientRect().top - HEADER_HEIGHT;
    const position = Math.floor(this.viewer.state.top + y / this.rowHeight);
    return y >= 0 && y < this.#height && position < rowCount(this.viewer.state) ? position : -1;
  }

  /** CSS pixels in the timeline; negative over the cells. */
  timelineX(event: MouseEvent): number {
    return event.clientX - this.#layer.element.getBoundingClientRect().left;
  }

  /** Whether a point is on a handler's name beside its bar. */
  isHandler(event: MouseEvent): boolean {
    const position = this.positionAt(event);
    const x = this.timelineX(event);
    return this.#hits.some((hit) => hit.position === position && x >= hit.x0 && x <= hit.x1);
  }

  /** The row under the pointer; true where that is another one than before. */
  hover(position: number): boolean {
    if (position === this.#hovered) return false;
    this.#hovered = position;
    return true;
  }

  cursorStyle(style: string): void {
    if (this.#layer.element.style.cursor !== style) this.#layer.element.style.cursor = style;
  }
}
