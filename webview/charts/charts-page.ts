/** The second page of the panel: charts of what the filter lets through, all of one subject. */
import type { ChartScope, ChoicesData, Measure } from "../../src/protocol/charts";
import { el, set, setText } from "../parts/dom";
import type { PageState } from "../state/page-state";
import { Timers } from "../state/timers";
import type { Viewer } from "../state/viewer";
import { count } from "../words/numbers";
import { Card, type Subject } from "./card";
import { SYMBOLS } from "./chart";
import { Controls } from "./controls";
import { dayChart } from "./day";
import { heatChart } from "./heat";
import { HeatBrush } from "./heat-brush";
import { latencyChart } from "./latency";
import { loadChart } from "./load";
import { objectsChart } from "./objects";
import { predictionChart } from "./prediction";
import { sizeChart } from "./size";
import { trafficChart } from "./traffic";
import { zoneOf } from "./zone";

/** Columns of charts over time: a few pixels each, so that a cell can be pointed at. */
const HEAT_COLUMNS = 90;
const LOAD_COLUMNS = 240;
/** A recording's charts follow it this often. */
const FOLLOW_MS = 2_000;

export class ChartsPage {
  readonly element: HTMLElement;
  readonly #controls: Controls;
  readonly #scopeWords = set(el("p", "charts-scope dim"), { "aria-live": "polite" });
  readonly #cards: { update(subject: Subject): void; element: HTMLElement; view: { focus(): void } }[];
  readonly #timers = new Timers();
  #choices: ChoicesData | null = null;
  #asked = "";
  #version = 0;

  constructor(
    private readonly viewer: Viewer,
    private readonly changed: () => void,
  ) {
    const controls = new Controls(viewer);
    this.#controls = controls;
    const brush = new HeatBrush(viewer, () => this.#scope(viewer.state).filter);
    this.#cards = [
      new Card<"day">(viewer, {
        id: "day",
        chart: dayChart,
        controls: [controls.over.element, controls.peaks.element],
        title: ({ settings }) =>
          settings.over === "day" ? "R C and R S over the time of the day" : "R C and R S over the session",
        query: ({ settings: { by, over, peaks } }) => ({ chart: "day", by, over, peaks }),
      }),
      new Card<"latency">(viewer, {
        id: "latency",
        chart: latencyChart,
        title: ({ measure }) => `Distribution of ${SYMBOLS[measure]}`,
        query: ({ measure }) => ({ chart: "latency", of: measure }),
      }),
      new Card<"heat">(viewer, {
        id: "heat",
        chart: heatChart,
        title: ({ measure }) => `${SYMBOLS[measure]} over time`,
        query: ({ measure }) => ({ chart: "heat", of: measure, columns: HEAT_COLUMNS }),
        key: (event, at, before) => brush.key(event, at, before),
        drawn: (data, figure, view) => brush.drawn(data, figure, view),
        below: brush.element,
      }),
      new Card<"size">(viewer, {
        id: "size",
        chart: sizeChart,
        title: ({ measure }) => `${SYMBOLS[measure]} against size`,
        query: ({ measure }) => ({ chart: "size", of: measure }),
      }),
      new Card<"load">(viewer, {
        id: "load",
        chart: loadChart,
        title: () => "Requests at once, and the queue",
        query: () => ({ chart: "load", columns: LOAD_COLUMNS }),
      }),
      new Card<"prediction">(viewer, {
        id: "prediction",
        chart: predictionChart,
        title: () => "Prediction: R C against load, by size of the pool",
        query: () => ({ chart: "prediction" }),
      }),
      new Card<"objects">(viewer, {
        id: "objects",
        chart: objectsChart,
        controls: [controls.page.element],
        title: ({ settings: { page } }) => (page === null ? "Objects by size" : "Embedded objects by size"),
        query: ({ settings: { page } }) => ({ chart: "objects", page }),
        drawn: ({ pages, page }) => controls.offerPages(pages, page),
      }),
      new Card<"traffic">(viewer, {
        id: "archive",
        chart: trafficChart,
        controls: [controls.archive.element],
        title: ({ settings }) => (settings.archive === "path" ? "Requests by archive" : "Requests by top folder"),
        query: ({ settings }) => ({ chart: "traffic", by: settings.archive }),
      }),
      new Card<"traffic">(viewer, {
        id: "hour",
        chart: trafficChart,
        title: () => "Requests by hour of the day",
        query: () => ({ chart: "traffic", by: "hour" }),
      }),
      new Card<"traffic">(viewer, {
        id: "days",
        chart: trafficChart,
        title: () => "Requests by day",
        query: () => ({ chart: "traffic", by: "day" }),
      }),
    ];
    this.element = set(
      el(
        "section",
        "charts",
        el("div", "charts-bar", ...controls.bar, this.#scopeWords),
        el("div", "charts-grid", ...this.#cards.map(({ element }) => element)),
      ),
      { "aria-label": "Charts", tabindex: -1 },
    );
  }

  focus(): void {
    this.element.focus();
  }

  update(state: PageState): void {
    const { session, charts: settings } = state;
    if (!session) return;
    this.#follow(session.requests);
    const scope = this.#scope(state);
    this.#ask(session.key, this.#scope(state, false));
    this.#controls.update(settings, this.#choices, state.domain !== null);
    setText(this.#scopeWords, scopeWords(this.#choices, state));
    if (!this.#choices) return;
    const measure = measureOf(settings.of, this.#choices);
    const { key, name, base } = session;
    for (const card of this.#cards)
      card.update({ session: key, name, base, scope, settings, measure, version: this.#version });
  }

  /** `withSeries`: the chosen series is a part of the filter. */
  #scope({ session, view, domain, charts: { series, inView } }: PageState, withSeries = true): ChartScope {
    const filter = withSeries && series ? `${view.filter} ${series.filter}`.trim() : view.filter;
    return { filter, span: inView ? domain : null, zone: session ? zoneOf(session) : [] };
  }

  #follow(requests: number): void {
    if (requests === this.#version) return;
    if (this.#version === 0) this.#version = requests;
    else
      this.#timers.atMostEvery("follow", FOLLOW_MS, () => {
        this.#version = this.viewer.state.session?.requests ?? 0;
        this.changed();
      });
  }

  #ask(session: string, scope: ChartScope): void {
    const { by } = this.viewer.state.charts;
    const asked = JSON.stringify([session, this.#version, scope, by]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.viewer.conversation.ask("chart", { session, scope, query: { chart: "choices", by } }).then(
      (data) => {
        if (asked !== this.#asked) return;
        this.#choices = data as ChoicesData;
        this.changed();
      },
      (error: Error) => {
        if (asked === this.#asked) setText(this.#scopeWords, error.message);
      },
    );
  }
}

/** What was chosen where it is known, else R C, else R S. */
function measureOf(chosen: Measure | null, { measures }: ChoicesData): Measure {
  if (chosen && measures.includes(chosen)) return chosen;
  return measures[0] ?? "clientResponse";
}

function scopeWords(choices: ChoicesData | null, { result, session }: PageState): string {
  if (!choices) return "";
  const left = [
    choices.warmup ? `${count(choices.warmup)} to warm up` : "",
    choices.others ? `${count(choices.others)} of others than the probe` : "",
  ].filter(Boolean);
  const all = session && choices.requests === session.requests ? "" : ` of ${count(session?.requests ?? 0)}`;
  const of = `${count(choices.requests)}${all} requests`;
  const wrong = result?.filterError ? " (the filter has an error: it is not applied)" : "";
  return `${of}${wrong}${left.length ? `; not in response times: ${left.join(", ")}` : ""}`;
}
