/** Chooses a region of the heat map, by pointer or keyboard, and shows its requests in the timeline. */
import { brush, type D3BrushEvent, select } from "d3";
import type { HeatData } from "../../src/protocol/charts";
import { el, set, setHidden, setText } from "../parts/dom";
import type { Viewer } from "../state/viewer";
import { button } from "../toolkit";
import { count, duration } from "../words/numbers";
import { SYMBOLS } from "./chart";
import type { Figure } from "./figure";
import type { FigureView } from "./figure-view";
import { filterFor, levelsIn, type Region, regionBox, regionIn, requestsIn, spanIn } from "./region";

export class HeatBrush {
  readonly #words = el("span");
  readonly element: HTMLElement;
  readonly #group = select(document.createElementNS("http://www.w3.org/2000/svg", "g")).attr("class", "chart-brush");
  readonly #brush = brush<unknown>();
  #data: HeatData | null = null;
  #figure: Figure | null = null;
  #region: Region | null = null;
  /** Where a choice by keyboard began. */
  #anchor = -1;

  /** `filter`: what the charts are filtered by, the chosen series included. */
  constructor(
    private readonly viewer: Viewer,
    private readonly filter: () => string,
  ) {
    this.element = set(
      el(
        "div",
        "chart-region",
        this.#words,
        button("Show in Timeline", "Filter the timeline to these requests (Enter)", () => this.#show()),
        button("Clear", "Choose nothing (Escape)", () => this.#choose(null)),
      ),
      { role: "status", hidden: "" },
    );
    this.#brush.on("end", (event: D3BrushEvent<unknown>) => {
      if (!event.sourceEvent || !this.#data || !this.#figure?.plot) return;
      const selection = event.selection as [[number, number], [number, number]] | null;
      this.#choose(selection && regionIn(this.#data, this.#figure.plot, selection));
    });
  }

  drawn(data: HeatData, figure: Figure, view: FigureView): void {
    if (data !== this.#data) this.#region = null;
    this.#data = data;
    this.#figure = figure;
    const { x, y, width, height } = figure.plot!;
    if (!this.#group.node()!.parentNode) view.svg.append(this.#group.node()!);
    this.#brush.extent([
      [x, y],
      [x + width, y + height],
    ]);
    this.#group.call(this.#brush);
    this.#choose(this.#region);
  }

  /** Shift with an arrow widens the region from where it began; Enter shows it. */
  key(event: KeyboardEvent, at: number, before: number): boolean {
    if (event.key === "Enter") {
      if (!this.#region && at >= 0) this.#choose(this.#between(at, at));
      this.#show();
      return true;
    }
    if (event.key === "Escape" && this.#region) {
      this.#choose(null);
      return true;
    }
    if (!event.key.startsWith("Arrow")) return false;
    if (!event.shiftKey) this.#anchor = -1;
    else {
      if (this.#anchor < 0) this.#anchor = before;
      this.#choose(this.#between(this.#anchor, at));
    }
    return true;
  }

  #between(a: number, b: number): Region | null {
    const rows = this.#data?.bins.length ?? 0;
    if (rows === 0 || a < 0 || b < 0) return null;
    const ends = (x: number, y: number): [number, number] => [Math.min(x, y), Math.max(x, y)];
    return {
      columns: ends(Math.floor(a / rows), Math.floor(b / rows)),
      bins: ends(a % rows, b % rows),
    };
  }

  #choose(region: Region | null): void {
    this.#region = region;
    const [data, plot] = [this.#data, this.#figure?.plot];
    setHidden(this.element, region === null);
    if (!data || !plot) return;
    const box = region && regionBox(data, plot, region);
    this.#group.call(
      this.#brush.move,
      box && [
        [box.x, box.y],
        [box.x + box.width, box.y + box.height],
      ],
    );
    if (!region) return;
    const [low, high] = levelsIn(data, region);
    const n = requestsIn(data, region);
    setText(
      this.#words,
      `${count(n)} ${n === 1 ? "request" : "requests"} with ${SYMBOLS[data.of]} from ${duration(low)} to ${duration(high)}`,
    );
  }

  #show(): void {
    const [data, region] = [this.#data, this.#region];
    if (!data || !region) return;
    this.viewer.showRequests(filterFor(this.filter(), data, region), spanIn(data, region));
  }
}
