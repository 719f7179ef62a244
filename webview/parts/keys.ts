/** The keyboard: all of the page without a pointer. What each key does stands in help.ts too. */
import type { ChartsPage } from "../charts/charts-page";
import type { ClocksDialog } from "../clocks/clocks-dialog";
import type { DetailPane } from "../detail/detail-pane";
import type { DiffersDialog } from "../differs/differs-dialog";
import { spanOf } from "../rows/row";
import { bounds, domainOf, lastTop, type Page, rowCount } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { panned, zoomed } from "../time/scale";
import { known } from "../words/numbers";
import type { Help } from "./help";
import type { Toolbar } from "./toolbar";

const ZOOM = 1.5;
const PAN = 0.2;

export class Keys {
  constructor(
    private readonly viewer: Viewer,
    private readonly detail: DetailPane,
    private readonly toolbar: Toolbar,
    private readonly help: Help,
    private readonly clocks: ClocksDialog,
    private readonly differs: DiffersDialog,
    private readonly charts: ChartsPage,
    private readonly compare: () => void,
  ) {}

  /** True where the key was for us. */
  press(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return false;
    const target = event.target as HTMLElement;
    if (event.key === "Escape") return this.#escape(target);
    // Letters and arrows belong to controls that have the focus.
    if (target.closest("input, vscode-dropdown, [role=separator]")) return false;
    if ((event.key === "Enter" || event.key === " ") && target.closest("button, vscode-button")) return false;
    if (event.key === "1" || event.key === "2") return this.#show(event.key === "1" ? "timeline" : "charts");
    if (this.viewer.state.page === "charts") return "/?kK".includes(event.key) && this.#act(event.key, false);
    return this.#move(event.key) || this.#act(event.key, event.shiftKey);
  }

  #escape(target: HTMLElement): boolean {
    if (target.closest("input")) {
      this.#focus();
      return true;
    }
    if (this.viewer.state.page === "timeline") this.viewer.deselect();
    return true;
  }

  #show(page: Page): true {
    this.viewer.setPage(page);
    // Once the page is there.
    requestAnimationFrame(() => this.#focus());
    return true;
  }

  /** The keyboard goes to what is shown. */
  #focus(): void {
    if (this.viewer.state.page === "charts") this.charts.focus();
    else document.querySelector<HTMLElement>(".waterfall")?.focus();
  }

  #move(key: string): boolean {
    const { viewer } = this;
    const { state } = viewer;
    const last = rowCount(state) - 1;
    const from = state.cursor < 0 ? Math.ceil(state.top) - 1 : state.cursor;
    const screen = Math.max(1, state.visibleRows - 1);
    switch (key) {
      case "ArrowDown":
        return this.#to(from + 1);
      case "ArrowUp":
        return this.#to(state.cursor < 0 ? 0 : from - 1);
      case "PageDown":
        return this.#to(from + screen);
      case "PageUp":
        return this.#to(from - screen);
      case "Home":
        return this.#to(0);
      case "End":
        viewer.scrollTo(lastTop(state));
        return this.#to(last);
      case "ArrowLeft":
      case "ArrowRight": {
        const row = viewer.current;
        if (row?.isGroup && row.folded === (key === "ArrowRight")) this.fold();
        return row?.isGroup ?? false;
      }
      default:
        return false;
    }
  }

  #to(position: number): true {
    void this.viewer.select(position);
    return true;
  }

  #act(key: string, shift: boolean): boolean {
    const { viewer } = this;
    const { state } = viewer;
    switch (key.toLowerCase()) {
      case "enter":
        if (viewer.current?.isGroup) this.fold();
        else this.detail.open("handler");
        return true;
      case "l":
        this.detail.reveal(shift ? "client" : "server");
        return true;
      case "c":
        this.detail.copy(shift ? "json" : "text");
        return true;
      case "w":
        return this.#zoom(ZOOM);
      case "s":
        return this.#zoom(1 / ZOOM);
      case "a":
        return this.#pan(-PAN);
      case "d":
        return this.#pan(PAN);
      case "z":
        return this.zoomToSelected();
      case "0":
        viewer.setDomain(null);
        return true;
      case "r":
        viewer.setView({ aligned: !state.view.aligned });
        return true;
      case "k":
        this.clocks.show();
        return true;
      case "b":
        this.compare();
        return true;
      case "v":
        this.differs.show();
        return true;
      case " ":
        if (state.session?.recording || state.paused) viewer.setPaused(!state.paused);
        return true;
      case "/":
        this.toolbar.filter.focus();
        return true;
      case "?":
        this.help.toggle();
        return true;
      default:
        return false;
    }
  }

  /** Around the selected request where it is in the picture, else around the middle. */
  #zoom(factor: number): true {
    const { state } = this.viewer;
    const domain = domainOf(state);
    const row = this.viewer.current;
    const start = row ? (known(row.times.requestStart) ? row.times.requestStart : row.times.parseStart) : Number.NaN;
    const anchor = start >= domain[0] && start <= domain[1] ? start : (domain[0] + domain[1]) / 2;
    this.viewer.setDomain(zoomed(domain, factor, anchor, bounds(state)));
    return true;
  }

  #pan(part: number): true {
    const { state } = this.viewer;
    const domain = domainOf(state);
    this.viewer.setDomain(panned(domain, part * (domain[1] - domain[0]), bounds(state)));
    return true;
  }

  zoomToSelected(): true {
    const row = this.viewer.current;
    const span = row && spanOf([row]);
    // The bar takes two thirds: room for what is beside it.
    if (span) this.viewer.setDomain([span[0] - (span[1] - span[0]) * 0.1, span[1] + (span[1] - span[0]) * 0.4]);
    return true;
  }

  fold(): void {
    const row = this.viewer.current;
    if (!row?.isGroup) return;
    const key = row.texts.host;
    const { folded, closed = false } = this.viewer.state.view;
    const isNamed = row.folded !== closed;
    this.viewer.setView({ folded: isNamed ? folded.filter((other) => other !== key) : [...folded, key] });
  }
}
