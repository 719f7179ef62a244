/** A figure on the page: painted as SVG, read by pointer and by keyboard through its marks. */
import { el, set, setText } from "../parts/dom";
import type { Box, Figure, Mark, Shape } from "./figure";
import { nearest, step } from "./figure-step";

const SVG = "http://www.w3.org/2000/svg";

export class FigureView {
  readonly svg = document.createElementNS(SVG, "svg");
  readonly #shapes = document.createElementNS(SVG, "g");
  readonly #cursor = document.createElementNS(SVG, "rect");
  readonly #readout = set(el("p", "chart-readout"), { "aria-live": "polite" });
  readonly #frame: HTMLElement;
  readonly element: HTMLElement;
  #figure: Figure | null = null;
  #at = -1;

  /** `open`: a mark of a request was chosen. `key`: what else a key does; true where it did something. */
  constructor(
    title: string,
    private readonly open: (mark: Mark) => void,
    private readonly key: (event: KeyboardEvent, at: number, before: number) => boolean = () => false,
  ) {
    this.svg.append(this.#shapes, this.#cursor);
    set(this.svg, { class: "chart-svg", "aria-hidden": true });
    set(this.#cursor, { class: "chart-cursor", rx: 2, visibility: "hidden" });
    this.#frame = set(el("div", "chart-figure", this.svg as unknown as HTMLElement), {
      role: "group",
      tabindex: 0,
      "aria-roledescription": "chart",
      "aria-label": title,
    });
    this.element = el("div", "chart-body", this.#frame, this.#readout);
    this.#frame.addEventListener("keydown", (event) => this.#pressed(event));
    this.#frame.addEventListener("focus", () => this.#go(this.#at < 0 ? 0 : this.#at));
    this.#frame.addEventListener("blur", () => this.#go(-1));
    this.svg.addEventListener("pointermove", (event) => this.#pointed(event));
    this.svg.addEventListener("pointerleave", () => this.#go(-1));
    this.svg.addEventListener("click", () => {
      const mark = this.#figure?.marks[this.#at];
      if (mark?.request !== undefined) this.open(mark);
    });
  }

  /** Where the cursor is among the marks; −1 where it is nowhere. */
  get at(): number {
    return this.#at;
  }

  draw(figure: Figure, title: string): void {
    this.#figure = figure;
    set(this.svg, { width: figure.width, height: figure.height, viewBox: `0 0 ${figure.width} ${figure.height}` });
    this.#shapes.replaceChildren(...figure.shapes.map(painted));
    this.#frame.setAttribute("aria-label", `${title}: ${figure.summary}. Arrow keys read its values.`);
    this.#go(this.#frame === document.activeElement ? Math.min(this.#at, figure.marks.length - 1) : -1);
  }

  focus(): void {
    this.#frame.focus();
  }

  #pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#figure) return;
    const { marks, rows } = this.#figure;
    const before = this.#at;
    const to = step(event.key, this.#at, marks.length, rows);
    if (to !== null) this.#go(to);
    const mark = marks[this.#at];
    const opens = event.key === "Enter" && mark?.request !== undefined;
    if (opens) this.open(mark!);
    if (!this.key(event, this.#at, before) && to === null && !opens) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #pointed(event: PointerEvent): void {
    const { left, top } = this.svg.getBoundingClientRect();
    this.#go(nearest(this.#figure?.marks ?? [], event.clientX - left, event.clientY - top));
  }

  #go(at: number): void {
    this.#at = at;
    const mark = this.#figure?.marks[at];
    set(this.#cursor, { visibility: mark ? "visible" : "hidden", ...(mark && around(mark)) });
    setText(this.#readout, mark ? mark.words : (this.#figure?.summary ?? ""));
    this.#readout.classList.toggle("dim", !mark);
    this.svg.classList.toggle("chart-opens", mark?.request !== undefined);
  }
}

const around = ({ x, y, width, height }: Box) => ({ x: x - 1, y: y - 1, width: width + 2, height: height + 2 });

function painted({ tag, at, fill, stroke, text }: Shape): Element {
  const element = set(document.createElementNS(SVG, tag), at);
  const classes = [fill && `fill-${fill}`, stroke && `stroke-${stroke}`].filter(Boolean).join(" ");
  if (classes) element.setAttribute("class", classes);
  if (text !== undefined) element.textContent = text;
  return element;
}
