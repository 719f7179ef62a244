/** A canvas that knows its size and its device pixels, and paints draw lists. Nothing of requests here. */
import type { DrawList, Fade, Ink, Label, Mark } from "../layout/draw-list";
import type { Palette } from "./palette";
import { TextWidths } from "./text-widths";

/** What lies under what. */
const ORDER: readonly Ink[] = [
  "groupGround",
  "hover",
  "selection",
  "selectionEdge",
  "grid",
  "group",
  "setup",
  "uncertain",
  "queue",
  "parse",
  "process",
  "send",
  "child",
  "border",
  "arrival",
  "client",
  "density",
  "percentile",
  "failed",
];

export class CanvasLayer {
  readonly element = document.createElement("canvas");
  readonly #context = this.element.getContext("2d")!;
  readonly #widths = new TextWidths(this.#context);
  width = 0;
  height = 0;
  ratio = 1;

  constructor(className: string) {
    this.element.className = className;
    this.element.setAttribute("aria-hidden", "true");
  }

  /** CSS pixels. The backing store has the device's. */
  resize(width: number, height: number, ratio: number): void {
    if (width === this.width && height === this.height && ratio === this.ratio) return;
    this.width = width;
    this.height = height;
    this.ratio = ratio;
    this.element.width = Math.max(1, Math.round(width * ratio));
    this.element.height = Math.max(1, Math.round(height * ratio));
    this.element.style.width = `${width}px`;
    this.element.style.height = `${height}px`;
  }

  paint(list: DrawList, palette: Palette): void {
    const context = this.#context;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    for (const ink of ORDER) {
      const rects = list.rects.get(ink)!;
      if (rects.length === 0) continue;
      context.fillStyle = palette[ink];
      // One fillRect each: a single big path of the same rectangles takes 25 times as long to paint.
      for (let at = 0; at < rects.length; at += 4)
        context.fillRect(rects[at]!, rects[at + 1]!, rects[at + 2]! - rects[at]!, rects[at + 3]! - rects[at + 1]!);
    }
    for (const fade of list.fades) this.#fade(fade, palette);
    for (const mark of list.marks) this.#mark(mark, palette);
    context.font = palette.font;
    context.textBaseline = "middle";
    for (const label of list.labels) this.#label(label, palette);
  }

  #fade({ ink, x0, y0, x1, y1 }: Fade, palette: Palette): void {
    const context = this.#context;
    context.fillStyle = palette[ink];
    // Steps, not a gradient object: one would have to be made for each row and frame, and for each theme's colours.
    const steps = Math.min(40, Math.max(1, Math.floor((x1 - x0) / 4)));
    const edge = (step: number) => Math.round((x0 + ((x1 - x0) * step) / steps) * this.ratio) / this.ratio;
    for (let step = 0; step < steps; step++) {
      context.globalAlpha = 0.8 * (1 - step / (steps + 1));
      context.fillRect(edge(step), y0, edge(step + 1) - edge(step), y1 - y0);
    }
    context.globalAlpha = 1;
  }

  #mark({ shape, ink, x, y, radius }: Mark, palette: Palette): void {
    const context = this.#context;
    context.fillStyle = context.strokeStyle = palette[ink];
    context.beginPath();
    switch (shape) {
      case "diamond":
        context.moveTo(x, y - radius);
        context.lineTo(x + radius, y);
        context.lineTo(x, y + radius);
        context.lineTo(x - radius, y);
        context.fill();
        return;
      case "cross":
        context.lineWidth = 1.6;
        context.moveTo(x - radius, y - radius);
        context.lineTo(x + radius, y + radius);
        context.moveTo(x - radius, y + radius);
        context.lineTo(x + radius, y - radius);
        break;
      case "left":
      case "right": {
        const way = shape === "left" ? -1 : 1;
        context.lineWidth = 1.2;
        context.moveTo(x - (way * radius) / 2, y - radius);
        context.lineTo(x + (way * radius) / 2, y);
        context.lineTo(x - (way * radius) / 2, y + radius);
        break;
      }
      default:
        shape satisfies never;
    }
    context.stroke();
  }

  #label({ text, ink, x, y, align, width }: Label, palette: Palette): void {
    this.#context.fillStyle = palette[ink];
    this.#context.textAlign = align;
    this.#context.fillText(this.#widths.cut(text, width, palette.font), x, y + 0.5);
  }
}
