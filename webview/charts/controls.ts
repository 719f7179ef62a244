/** What one can choose for the charts: those above all, and those of single ones. */
import { PEAK_RULES } from "../../src/model/statistics/peaks";
import { type ChoicesData, MEASURES, type Measure, type ObjectsData } from "../../src/protocol/charts";
import { el, set, setHidden } from "../parts/dom";
import type { Viewer } from "../state/viewer";
import { type Choice, Dropdown } from "../toolkit";
import { count } from "../words/numbers";
import { MEASURE_NAMES } from "./chart";
import { elided } from "./figure";
import { type ChartSettings, PEAKS } from "./settings";

const ALL = "";
const NAME_WIDTH = 260;
const PEAK_NAMES = { none: "Peaks: all values count", mad: "Peaks: median + 5 MAD", tukey: "Peaks: Tukey's fence" };

export class Controls {
  readonly #by: Dropdown;
  readonly #series: Dropdown;
  readonly #of: Dropdown;
  readonly #inView = set(el("button", "toggle", "Only the span in view"), { type: "button" });
  readonly over: Dropdown;
  readonly peaks: Dropdown;
  readonly archive: Dropdown;
  readonly page: Dropdown;
  #choices: ChoicesData | null = null;
  #pages: ObjectsData["pages"] = [];

  constructor(viewer: Viewer) {
    const choose = (change: Partial<ChartSettings>) => viewer.setCharts(change);
    this.#by = new Dropdown("Series are", (by) => choose({ by: by as ChartSettings["by"], series: null }));
    this.#series = new Dropdown("Series", (key) => {
      const series = this.#choices?.series.find((choice) => choice.key === key);
      choose({ series: series ? { key, filter: series.filter } : null, page: null });
    });
    this.#of = new Dropdown("Duration", (of) => choose({ of: of as Measure }));
    this.over = new Dropdown("Time axis", (over) => choose({ over: over as ChartSettings["over"] }));
    this.peaks = new Dropdown("Peaks", (peaks) => choose({ peaks: peaks as ChartSettings["peaks"] }));
    this.archive = new Dropdown("Archives are", (archive) => choose({ archive: archive as ChartSettings["archive"] }));
    this.page = new Dropdown("Page", (page) => choose({ page: page === ALL ? null : page }));
    this.#inView.title = "Only requests in the span of time that the timeline shows";
    this.#inView.addEventListener("click", () => choose({ inView: !viewer.state.charts.inView }));
  }

  /** Above all charts. */
  get bar(): HTMLElement[] {
    return [this.#by.element, this.#series.element, this.#of.element, this.#inView];
  }

  update(settings: ChartSettings, choices: ChoicesData | null, hasSpan: boolean): void {
    this.#choices = choices;
    this.#by.update(
      [
        { value: "route", label: "By route" },
        { value: "url", label: "By URL" },
      ],
      settings.by,
    );
    const listed = choices?.series ?? [];
    const { series } = settings;
    const missing =
      series && !listed.some(({ key }) => key === series.key) ? [{ value: series.key, label: series.key }] : [];
    const every = settings.by === "route" ? "All routes" : "All URLs";
    this.#series.update(
      [
        { value: ALL, label: choices ? `${every} (${count(choices.of)})` : every },
        ...missing,
        ...listed.map(({ key, count: n }) => ({ value: key, label: `${elided(key, NAME_WIDTH)} (${count(n)})` })),
      ],
      series?.key ?? ALL,
    );
    const measures = MEASURES.filter((measure) => choices?.measures.includes(measure));
    this.#of.update(named(measures), settings.of && measures.includes(settings.of) ? settings.of : (measures[0] ?? ""));
    this.over.update(
      [
        { value: "day", label: "Time of the day" },
        { value: "session", label: "Whole time" },
      ],
      settings.over,
    );
    this.peaks.update(
      PEAKS.map((rule) => ({ value: rule, label: PEAK_NAMES[rule] })),
      settings.peaks,
    );
    this.peaks.element.title = `Means are of ${PEAK_RULES[settings.peaks]}`;
    this.archive.update(
      [
        { value: "path", label: "By path" },
        { value: "folder", label: "By top folder" },
      ],
      settings.archive,
    );
    this.#updatePages(settings.page);
    setHidden(this.#inView, !hasSpan);
    this.#inView.setAttribute("aria-pressed", String(settings.inView));
  }

  offerPages(pages: ObjectsData["pages"], page: string | null): void {
    this.#pages = pages;
    this.#updatePages(page);
  }

  #updatePages(page: string | null): void {
    setHidden(this.page.element, this.#pages.length === 0);
    this.page.update(
      [
        { value: ALL, label: "All pages" },
        ...this.#pages.map(({ key, objects }) => ({
          value: key,
          label: `${elided(key, NAME_WIDTH)} (${count(objects)} objects)`,
        })),
      ],
      page ?? ALL,
    );
  }
}

const named = (measures: readonly Measure[]): Choice[] =>
  measures.map((measure) => ({ value: measure, label: MEASURE_NAMES[measure] }));
