/** The border between rows and details: dragged, or moved by the keyboard. */
import type { Viewer } from "../state/viewer";
import { el, set } from "./dom";

const LEAST = 120;
const STEP = 24;

export class Splitter {
  readonly element = set(el("div", "splitter"), {
    role: "separator",
    tabindex: 0,
    "aria-orientation": "horizontal",
    "aria-label": "Height of the details",
    "aria-valuemin": LEAST,
  });

  constructor(
    private readonly viewer: Viewer,
    private readonly moved: () => void,
  ) {
    this.element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      this.element.setPointerCapture(event.pointerId);
    });
    this.element.addEventListener("pointermove", (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) this.#set(innerHeight - event.clientY);
    });
    this.element.addEventListener("keydown", (event) => {
      const way = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
      if (way === 0) return;
      event.preventDefault();
      event.stopPropagation();
      this.#set(this.height + way * STEP);
    });
  }

  /** CSS pixels of the details, as far as the window has room for them. */
  get height(): number {
    return Math.round(Math.min(Math.max(LEAST, this.viewer.detailHeight), Math.max(LEAST, innerHeight * 0.6)));
  }

  update(): void {
    this.element.setAttribute("aria-valuenow", String(this.height));
    this.element.setAttribute("aria-valuemax", String(Math.round(innerHeight * 0.6)));
  }

  #set(height: number): void {
    this.viewer.detailHeight = height;
    this.moved();
  }
}
