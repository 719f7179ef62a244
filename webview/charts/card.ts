/** One chart on the page: its title, what it lets one choose, the picture, its numbers as a table, and its export. */
import type { ChartKind, ChartOf, ChartQuery, ChartScope, Measure } from "../../src/protocol/charts";
import { el, set, setHidden, setText } from "../parts/dom";
import type { Viewer } from "../state/viewer";
import type { Chart, Context } from "./chart";
import type { Figure, Mark } from "./figure";
import { FigureView } from "./figure-view";
import type { ChartSettings } from "./settings";
import { readColours, svgText } from "./svg-text";
import { tableView } from "./table-view";

/** What all charts of the page are of, at a moment. */
export interface Subject {
  session: string;
  name: string;
  scope: ChartScope;
  settings: ChartSettings;
  measure: Measure;
  base: number;
  /** Another one asks again: a recording has grown. */
  version: number;
}

export interface Definition<K extends ChartKind> {
  id: string;
  chart: Chart<ChartOf<K>>;
  title(subject: Subject): string;
  query(subject: Subject): Extract<ChartQuery, { chart: K }>;
  /** Beside the title. */
  controls?: HTMLElement[];
  key?: (event: KeyboardEvent, at: number, before: number) => boolean;
  /** After the figure has been painted anew. */
  drawn?: (data: ChartOf<K>, figure: Figure, view: FigureView) => void;
  /** Under the picture. */
  below?: HTMLElement;
}

export class Card<K extends ChartKind> {
  readonly element: HTMLElement;
  readonly view: FigureView;
  readonly #title = el("h2", "chart-title");
  readonly #note = el("p", "chart-note dim");
  readonly #table = el("div", "chart-numbers");
  readonly #tableButton = set(el("button", "toggle chart-button", "Table"), { type: "button", "aria-pressed": false });
  readonly #exportButton = set(el("button", "toggle chart-button", "SVG…"), { type: "button" });
  #visible = false;
  #asked = "";
  #data: ChartOf<K> | null = null;
  #figure: Figure | null = null;
  #subject: Subject | null = null;
  #drawn = "";

  constructor(
    private readonly viewer: Viewer,
    private readonly definition: Definition<K>,
  ) {
    const { id, controls = [], key, below } = definition;
    this.view = new FigureView("", (mark: Mark) => void viewer.reveal(mark.request!), key);
    this.#title.id = `chart-${id}`;
    this.#exportButton.addEventListener("click", () => this.#export());
    this.#tableButton.addEventListener("click", () => this.#toggleTable());
    this.element = set(
      el(
        "section",
        `chart chart-${id}`,
        el(
          "header",
          "chart-head",
          this.#title,
          ...controls,
          el("span", "chart-space"),
          this.#tableButton,
          this.#exportButton,
        ),
        this.view.element,
        this.#note,
        below ?? null,
        this.#table,
      ),
      { "aria-labelledby": this.#title.id },
    );
    // What is far below is neither asked for nor painted.
    new IntersectionObserver(
      ([entry]) => {
        this.#visible = entry?.isIntersecting ?? false;
        if (this.#visible) this.#refresh();
      },
      { rootMargin: "400px" },
    ).observe(this.element);
    new ResizeObserver(() => this.#draw()).observe(this.view.element);
  }

  update(subject: Subject): void {
    this.#subject = subject;
    const title = this.definition.title(subject);
    setText(this.#title, title);
    this.#exportButton.title = `Save “${title}” as a picture (SVG)`;
    this.#tableButton.title = `The numbers of “${title}” as a table`;
    if (this.#visible) this.#refresh();
  }

  #refresh(): void {
    const subject = this.#subject;
    if (!subject) return;
    const query = this.definition.query(subject);
    const asked = JSON.stringify([subject.session, subject.version, subject.scope, query]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.element.setAttribute("aria-busy", "true");
    this.viewer.conversation.ask("chart", { session: subject.session, scope: subject.scope, query }).then(
      (data) => {
        if (asked !== this.#asked) return;
        this.#data = data as ChartOf<K>;
        this.#drawn = "";
        this.#draw();
      },
      (error: Error) => {
        if (asked !== this.#asked) return;
        this.#data = null;
        this.#say(`This chart could not be made: ${error.message}`);
      },
    );
  }

  #draw(): void {
    const data = this.#data;
    const subject = this.#subject;
    const width = this.view.element.clientWidth || this.element.clientWidth - 2;
    if (!data || !subject || width <= 0) return;
    const drawn = `${this.#asked} ${width}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const why = this.definition.chart.empty(data);
    if (why !== null) {
      this.#say(why);
      return;
    }
    const context = this.#context(subject, width);
    this.#figure = this.definition.chart.layout(data, context);
    this.element.setAttribute("aria-busy", "false");
    setHidden(this.#note, true);
    setHidden(this.view.element, false);
    this.#enable(true);
    this.view.draw(this.#figure, this.definition.title(subject));
    this.definition.drawn?.(data, this.#figure, this.view);
    if (this.#tableButton.getAttribute("aria-pressed") === "true") this.#fillTable();
  }

  #context({ base, scope: { zone } }: Subject, width: number): Context {
    return { width, base, zone };
  }

  /** Instead of a picture. */
  #say(why: string): void {
    this.#figure = null;
    this.element.setAttribute("aria-busy", "false");
    setText(this.#note, why);
    setHidden(this.#note, false);
    setHidden(this.view.element, true);
    this.#table.replaceChildren();
    this.#enable(false);
  }

  #enable(enabled: boolean): void {
    this.#tableButton.disabled = !enabled;
    this.#exportButton.disabled = !enabled;
  }

  #toggleTable(): void {
    const shown = this.#tableButton.getAttribute("aria-pressed") !== "true";
    this.#tableButton.setAttribute("aria-pressed", String(shown));
    if (shown) this.#fillTable();
    else this.#table.replaceChildren();
  }

  #fillTable(): void {
    const [data, subject] = [this.#data, this.#subject];
    if (!data || !subject || !this.#figure) return;
    const table = this.definition.chart.table(data, this.#context(subject, this.#figure.width));
    this.#table.replaceChildren(tableView(table, this.definition.title(subject)));
  }

  #export(): void {
    const [figure, subject] = [this.#figure, this.#subject];
    if (!figure || !subject) return;
    const title = this.definition.title(subject);
    const svg = svgText(figure, `${title} · ${subject.name}`, readColours());
    this.viewer.conversation.act({ kind: "action", action: "save-svg", name: title.slice(0, 120), svg });
  }
}
