/** A request of either session on one axis: two rows of lanes under a ruler, and a table that says the same in numbers. */
import { printable } from "../../src/model/printable";
import type { RequestPair } from "../../src/protocol/messages";
import { layoutBars } from "../layout/bars";
import { DrawList } from "../layout/draw-list";
import { CanvasLayer } from "../paint/layer";
import { readPalette } from "../paint/palette";
import { el, link, set } from "../parts/dom";
import { type Row, readRows } from "../rows/row";
import { timeScale } from "../time/scale";
import { tickLabel, timeTicks } from "../time/ticks";
import { duration, exactMillis, known } from "../words/numbers";
import { fromZero, type PhaseLine, phaseLines, spanOfBoth } from "./both-lanes";

const RULER = 22;
const ROW = 30;
/** Room for the words before the lanes, CSS pixels. */
const NAMES = 76;
const TICK_EVERY = 96;

export class PairPicture {
  readonly element = el("div", "pair");
  readonly #layer = new CanvasLayer("pair-lanes");
  #rows: [base: Row, other: Row] | null = null;

  /** `show` leads to the request in the session that is open. */
  fill(pair: RequestPair, show: (index: number) => void): void {
    const [base, other] = [pair.base, pair.other].map((window) => fromZero(readRows(window)[0]!)) as [Row, Row];
    this.#rows = [base, other];
    this.element.replaceChildren(
      this.#layer.element,
      el(
        "p",
        "dim",
        printable(`Before: ${base.texts.method} ${base.texts.path}. After: ${other.texts.method} ${other.texts.path} `),
        link("Show in the timeline", "Select this request", () => show(other.index)),
      ),
      table(phaseLines(base, other)),
    );
    this.paint();
  }

  say(text: string): void {
    this.#rows = null;
    this.element.replaceChildren(el("p", "dim", text));
  }

  /** Again after the theme or the width has changed. */
  paint(): void {
    if (!this.#rows) return;
    const width = Math.max(200, this.element.clientWidth);
    this.#layer.resize(width, RULER + 2 * ROW, devicePixelRatio || 1);
    const list = new DrawList();
    const scale = timeScale(spanOfBoth(this.#rows), width - NAMES, this.#layer.ratio);
    const bars = new DrawList();
    for (const [at, row] of this.#rows.entries()) {
      layoutBars(bars, row, scale, RULER + at * ROW, ROW, { paired: false, aligned: true });
      const y = RULER + at * ROW + ROW / 2;
      list.labels.push({ text: at === 0 ? "before" : "after", ink: "text", x: 0, y, align: "left", width: NAMES - 8 });
    }
    shifted(bars, list, NAMES);
    const ticks = timeTicks(scale.domain, scale.width / TICK_EVERY);
    for (const tick of ticks.values) {
      const x = NAMES + scale.edge(tick);
      list.rect("grid", x, RULER - 4, x + scale.grain, RULER + 2 * ROW);
      list.labels.push({
        text: tickLabel(tick, { ...ticks, origin: 0, isFar: false }),
        ink: "text",
        x: x + 3,
        y: RULER / 2,
        align: "left",
        width: 80,
      });
    }
    this.#layer.paint(list, readPalette());
  }
}

/** What was laid out for a column of its own, beside the names. */
function shifted(from: DrawList, to: DrawList, by: number): void {
  for (const [ink, edges] of from.rects)
    for (let at = 0; at < edges.length; at += 4)
      to.rect(ink, edges[at]! + by, edges[at + 1]!, edges[at + 2]! + by, edges[at + 3]!);
  for (const mark of from.marks) to.marks.push({ ...mark, x: mark.x + by });
  for (const fade of from.fades) to.fades.push({ ...fade, x0: fade.x0 + by, x1: fade.x1 + by });
}

const signed = (value: number): string => (known(value) ? `${value > 0 ? "+" : ""}${exactMillis(value)}` : "");

function table(lines: readonly PhaseLine[]): HTMLElement {
  const heads = ["Duration", "before ms", "after ms", "difference ms"].map((text, at) =>
    set(el("th", at > 0 ? "right" : "", text), { scope: "col" }),
  );
  const rows = lines.map(({ name, whole, base, other }) =>
    el(
      "tr",
      whole ? "pair-whole" : "",
      set(el("th", "", name), { scope: "row" }),
      el("td", "right", exactMillis(base)),
      el("td", "right", exactMillis(other)),
      el("td", "right", signed(other - base)),
    ),
  );
  return set(el("table", "pair-table", el("thead", "", el("tr", "", ...heads)), el("tbody", "", ...rows)), {
    "aria-label": `Both requests in numbers, R C ${duration(lines.find(({ name }) => name === "R C")?.other ?? null)} after`,
  });
}
