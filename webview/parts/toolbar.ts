/** The first line: which session, is it recording, what is filtered, how it is grouped, on which clock. */
import { GROUP_KEYS, type GroupKey } from "../../src/protocol/messages";
import { PAGES, type Page, type PageState } from "../state/page-state";
import type { Viewer } from "../state/viewer";
import { button, Dropdown } from "../toolkit";
import { count, plusMinus } from "../words/numbers";
import { el, set, setHidden, setText } from "./dom";
import { FilterBox } from "./filter-box";
import { Problems } from "./problems";

const OPEN = "open session";
/** Groups that are folded to begin with, each a line: how many at once, and who waits for whom. */
const LANES = "lanes:";
const GROUPS = [
  ...GROUP_KEYS.map((key) => ({ value: key as string, label: `Group: ${key}` })),
  ...["connection", "concurrency"].map((key) => ({ value: `${LANES}${key}`, label: `Lanes: ${key}` })),
];

const PAGE_NAMES: Record<Page, string> = { timeline: "Timeline", charts: "Charts" };

export class Toolbar {
  readonly filter: FilterBox;
  readonly element: HTMLElement;
  readonly #sessions: Dropdown;
  readonly #group: Dropdown;
  readonly #clock = el("button", "toggle");
  readonly #pages = PAGES.map((page) => set(el("button", "toggle", PAGE_NAMES[page]), { type: "button" }));
  readonly #recording = el("button", "recording");
  readonly #recordingText = el("span");
  readonly #stop: HTMLElement;
  /** What can be done with a session. */
  readonly #withSession: readonly HTMLElement[];
  readonly problems: Problems;

  constructor(
    private readonly viewer: Viewer,
    compare: () => void,
  ) {
    this.filter = new FilterBox(viewer);
    this.problems = new Problems(viewer);
    this.#sessions = new Dropdown("Session", (key) => {
      if (key === OPEN) viewer.conversation.act({ kind: "action", action: "open-session" });
      else viewer.selectSession(key);
    });
    this.#group = new Dropdown("Group rows", (choice) => {
      const closed = choice.startsWith(LANES);
      viewer.setView({ group: choice.replace(LANES, "") as GroupKey, folded: [], closed });
    });
    this.#recording.append(el("span", "recording-dot"), this.#recordingText);
    this.#recording.addEventListener("click", () => viewer.setPaused(!viewer.state.paused));
    this.#stop = button("Stop", "Stop recording", () => viewer.conversation.act({ kind: "action", action: "stop" }));
    this.#clock.addEventListener("click", () => viewer.setView({ aligned: !viewer.state.view.aligned }));
    PAGES.forEach((page, at) => {
      const shown = this.#pages[at]!;
      shown.title = `${PAGE_NAMES[page]} (${at + 1})`;
      shown.addEventListener("click", () => viewer.setPage(page));
    });
    const pages = set(el("div", "pages", ...this.#pages), { role: "group", "aria-label": "Page" });
    const report = button("Export…", "Export a report of this session", () =>
      viewer.conversation.act({ kind: "action", action: "export" }),
    );
    const comparison = button("Compare…", "What changed since the baseline (B)", compare);
    this.#withSession = viewer.hasEditor ? [comparison, report] : [];
    for (const element of this.#withSession) element.classList.add("wide-only");
    this.element = el(
      "div",
      "toolbar",
      viewer.hasEditor && this.#sessions.element,
      pages,
      this.#recording,
      this.#stop,
      this.filter.element,
      this.problems.button,
      this.#group.element,
      this.#clock,
      ...this.#withSession,
    );
    set(this.element, { role: "toolbar", "aria-label": "Request Timeline" });
  }

  update(state: PageState): void {
    const current = state.session?.key ?? "";
    this.#sessions.update(
      [
        ...(current || state.sessions.length ? [] : [{ value: "", label: "No session" }]),
        ...state.sessions.map(({ key, name }) => ({ value: key, label: name })),
        { value: OPEN, label: "Open session…" },
      ],
      current,
    );
    const { group, closed } = state.view;
    this.#group.update(GROUPS, `${closed ? LANES : ""}${group}`);
    PAGES.forEach((page, at) => {
      this.#pages[at]!.setAttribute("aria-pressed", String(page === state.page));
    });
    // Rows are grouped, charts are not.
    setHidden(this.#group.element, state.page === "charts");
    for (const element of this.#withSession) setHidden(element, state.session === null);
    this.#updateRecording(state);
    this.#updateClock(state);
    this.problems.update(state);
    this.filter.update(state);
  }

  #updateRecording(state: PageState): void {
    const recording = state.session?.recording ?? false;
    setHidden(this.#recording, !recording);
    setHidden(this.#stop, !recording);
    if (!recording) return;
    const { unseen } = this.viewer;
    const requests = count(state.session?.requests ?? 0);
    setText(this.#recordingText, state.paused ? `Paused, ${count(unseen)} new` : `Recording ${requests}`);
    this.#recording.classList.toggle("paused", state.paused);
    this.#recording.title = state.paused ? "Show what came since (Space)" : "Hold the picture still (Space)";
    this.#recording.setAttribute("aria-pressed", String(state.paused));
  }

  #updateClock(state: PageState): void {
    const relation = state.session?.clocks[0];
    setHidden(this.#clock, !relation || state.page === "charts");
    if (!relation) return;
    const { aligned } = state.view;
    const epoch = relation.epochs.at(-1);
    const uncertainty = epoch && epoch.quality !== "exact" && epoch.uncertainty > 0 ? plusMinus(epoch.uncertainty) : "";
    setText(this.#clock, aligned ? `Aligned ${uncertainty}`.trim() : "Raw clocks");
    this.#clock.setAttribute("aria-pressed", String(aligned));
    this.#clock.title = `${state.session?.clockSentence ?? relation.method}\nShow ${aligned ? "the raw stamps" : "one axis for both clocks"}`;
  }
}
