/** What is under the pointer in words. Not for screen readers: the row's own cells say the same. */
import { printable } from "../../src/model/printable";
import type { Row } from "../rows/row";
import { laneTexts, noteText } from "../words/row-text";
import { el, set, setHidden } from "./dom";

const APART = 14;

export class Tooltip {
  readonly element = set(el("div", "tooltip"), { "aria-hidden": true, hidden: "" });
  #row: Row | undefined;

  show(row: Row | undefined, x: number, y: number): void {
    const shown = row?.isGroup ? undefined : row;
    setHidden(this.element, shown === undefined);
    if (!shown) return;
    if (shown !== this.#row) {
      this.#row = shown;
      const lines = laneTexts(shown).map((line) => el("div", "", line));
      this.element.replaceChildren(el("b", "", printable(`${shown.texts.method} ${shown.texts.path}`)), ...lines);
      const note = noteText(shown);
      if (note) this.element.append(el("div", "", note));
    }
    const { offsetWidth, offsetHeight } = this.element;
    const left = x + APART + offsetWidth > innerWidth ? Math.max(0, x - APART - offsetWidth) : x + APART;
    const top = y + APART + offsetHeight > innerHeight ? Math.max(0, y - APART - offsetHeight) : y + APART;
    this.element.style.transform = `translate(${left}px, ${top}px)`;
  }
}
