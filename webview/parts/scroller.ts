/**
 * The grid's element, which scrolls: a header that stays, and a sheet of rows of which only those in sight exist. The sheet is as high as all rows together, up to what a browser can lay out
 * (Chromium: 2^25 pixels); beyond that its pixels stand for more than one, and the wheel is translated.
 */
import { lastTop, type PageState } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { el, set } from "./dom";

const HIGHEST = 16_000_000;

export class Scroller {
  readonly #sheet = el("div", "sheet");
  readonly element = set(el("div", "waterfall"), { tabindex: 0, "aria-label": "Requests" });
  #viewHeight = 0;
  #sheetHeight = 0;
  #rowHeight = 1;
  /** Where the page put the bar: its event comes later, and must not undo what was done since. */
  #own = 0;
  /** Where the bar stands: to ask the browser makes it lay out the page. */
  #bar = 0;

  constructor(
    private readonly viewer: Viewer,
    head: HTMLElement,
    private readonly stage: HTMLElement,
  ) {
    this.#sheet.append(stage);
    this.element.append(head, this.#sheet);
    this.element.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  get barWidth(): number {
    return this.element.offsetWidth - this.element.clientWidth;
  }

  /** CSS pixels for the rows, without the header. */
  resize(height: number): void {
    this.#viewHeight = height;
    this.stage.style.height = `${height}px`;
  }

  update(state: PageState, rowHeight: number): void {
    this.#rowHeight = rowHeight;
    // Scrolled to its end, the last row is whole: what is left of the height is part of the sheet.
    const height = Math.min(HIGHEST, lastTop(state) * rowHeight + this.#viewHeight);
    if (height !== this.#sheetHeight) {
      this.#sheetHeight = height;
      this.#sheet.style.height = `${height}px`;
      // A lower sheet may have taken the bar along.
      this.#bar = this.element.scrollTop;
    }
    // Only where the bar says something else: setting it rounds, and would creep.
    if (Math.abs(this.#topOfBar() - state.top) * rowHeight > Math.max(1, this.#scale()))
      this.#own = this.#moveBar((state.top * rowHeight) / this.#scale());
  }

  /** Row pixels for a pixel of the bar. */
  #scale(): number {
    const rows = lastTop(this.viewer.state) * this.#rowHeight;
    const bar = this.#sheetHeight - this.#viewHeight;
    return bar > 0 && this.#sheetHeight === HIGHEST ? rows / bar : 1;
  }

  #topOfBar(): number {
    return (this.#bar * this.#scale()) / this.#rowHeight;
  }

  /** Where it came to stand. */
  #moveBar(to: number): number {
    this.element.scrollTop = to;
    this.#bar = this.element.scrollTop;
    return this.#bar;
  }

  #scrolled(): void {
    this.#bar = this.element.scrollTop;
    if (this.#bar === this.#own) return;
    this.#own = this.#bar;
    this.viewer.scrollTo(this.#topOfBar());
  }

  /** With a scaled bar, the wheel moves rows and not the bar. */
  #wheel(event: WheelEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || this.#scale() === 1) return;
    event.preventDefault();
    this.viewer.scrollTo(this.viewer.state.top + event.deltaY / this.#rowHeight);
  }
}
