/** The whole session in a strip, with a brush for the span that the timeline shows. */
import { brushX, type D3BrushEvent, select } from "d3";
import { hasPercentiles, layoutOverview } from "../layout/overview";
import { CanvasLayer } from "../paint/layer";
import type { Palette } from "../paint/palette";
import { bounds, type PageState } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { clockSeconds } from "../words/clock";
import { count, duration } from "../words/numbers";
import { el, set, setHidden, setText } from "./dom";

const OVERVIEW_HEIGHT = 60;
/** CSS pixels a bucket. */
const BUCKET = 2;
const MOST_BUCKETS = 1_200;

const areSame = (now: readonly unknown[], before: readonly unknown[]): boolean =>
  now.every((value, at) => value === before[at]);

export class OverviewStrip {
  readonly #layer = new CanvasLayer("overview-canvas");
  readonly #svg = select(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  readonly #group = this.#svg.append("g");
  readonly #brush = brushX<unknown>();
  readonly #caption = el("span", "overview-caption");
  readonly #end = el("span", "overview-end");
  readonly #whole = el("button", "link overview-whole", "Whole session");
  readonly element = el(
    "div",
    "overview",
    this.#layer.element,
    this.#svg.node() as unknown as HTMLElement,
    this.#caption,
    el("span", "overview-right", this.#whole, this.#end),
  );
  /** What the picture and what the brush was made of. */
  #drawn: readonly unknown[] = [];
  #brushedBy: readonly unknown[] = [];
  #width = 0;

  constructor(private readonly viewer: Viewer) {
    this.#svg.attr("class", "overview-brush").attr("aria-hidden", "true");
    set(this.#layer.element, { role: "img", "aria-hidden": false, "aria-label": "Overview" });
    this.#whole.title = "Show the whole session (0)";
    this.#whole.addEventListener("click", () => viewer.setDomain(null));
    this.#brush.on("brush end", (event: D3BrushEvent<unknown>) => this.#brushed(event));
  }

  resize(width: number, ratio: number): void {
    if (width === this.#width && ratio === this.#layer.ratio) return;
    this.#width = width;
    this.#layer.resize(width, OVERVIEW_HEIGHT, ratio);
    this.#brush.extent([
      [0, 0],
      [width, OVERVIEW_HEIGHT],
    ]);
    this.#svg.attr("width", width).attr("height", OVERVIEW_HEIGHT);
    this.#group.call(this.#brush);
    this.viewer.setOverviewBuckets(Math.min(MOST_BUCKETS, Math.max(1, Math.floor(width / BUCKET))));
    this.#drawn = [];
    this.#brushedBy = [];
  }

  update(state: PageState, palette: Palette): void {
    const brush = [state.domain, state.session, this.#width];
    if (!areSame(brush, this.#brushedBy)) {
      this.#brushedBy = brush;
      this.#moveBrush(state);
      setHidden(this.#whole, state.domain === null);
    }
    const now = [state.overview, state.session, palette, this.#width];
    if (areSame(now, this.#drawn)) return;
    this.#drawn = now;
    const { overview, session } = state;
    const isEmpty = !overview || !session?.requests;
    this.element.classList.toggle("overview-empty", isEmpty);
    if (isEmpty) return;
    const box = { width: this.#width, height: OVERVIEW_HEIGHT, grain: 1 / this.#layer.ratio };
    this.#layer.paint(layoutOverview(overview.fine, overview.coarse, box), palette);
    const slowest = overview.fine.max.reduce((a, b) => (Number.isNaN(b) ? a : Math.max(a, b)), 0);
    const errors = overview.fine.errors.reduce((a, b) => a + b, 0);
    setText(
      this.#caption,
      [
        // R C, and R S of requests that have the server's side alone.
        `Response time: slowest ${duration(slowest)}`,
        hasPercentiles(overview.coarse) ? "line 95th percentile" : "",
        errors ? `${count(errors)} failed` : "",
      ]
        .filter(Boolean)
        .join(", "),
    );
    setText(this.#end, clockSeconds(session.base + session.span[1]));
    const text = `Overview: ${count(session.requests)} requests in ${duration(session.span[1] - session.span[0])}, slowest ${duration(slowest)}, ${count(errors)} failed`;
    this.#layer.element.setAttribute("aria-label", text);
  }

  #moveBrush(state: PageState): void {
    const [from, to] = bounds(state);
    const pixel = (time: number) => ((time - from) / (to - from)) * this.#width;
    const selection = state.domain && ([pixel(state.domain[0]), pixel(state.domain[1])] as [number, number]);
    // A brush thinner than a pixel cannot be seen or taken.
    if (selection && selection[1] - selection[0] < 2) selection[1] = selection[0] + 2;
    this.#group.call(this.#brush.move, selection);
  }

  /** Also called for the page's own moves, which have no event behind them. */
  #brushed(event: D3BrushEvent<unknown>): void {
    if (!event.sourceEvent) return;
    const selection = event.selection as [number, number] | null;
    const [from, to] = bounds(this.viewer.state);
    const time = (x: number) => from + (x / this.#width) * (to - from);
    this.viewer.setDomain(selection && [time(selection[0]), time(selection[1])]);
  }
}
