/**
 * The page's memory and its questions: opens a session, keeps the view's newest revision, follows a recording.
 * Everything that changes what is on screen ends in `changed()`, which asks for one frame.
 */
import type {
  EngineEvent,
  EngineParams,
  HostMessage,
  RequestIndex,
  SessionInfo,
  SessionKey,
  View,
} from "../../src/protocol/messages";
import type { ChartSettings } from "../charts/settings";
import type { HostApi } from "../host/api";
import { Conversation, Refused } from "../host/conversation";
import { readLanes } from "../layout/lanes";
import { type Row, spanOf } from "../rows/row";
import type { TimeSpan } from "../time/scale";
import { LaneQuestions } from "./lane-questions";
import { Latest } from "./latest";
import { OverviewQuestions } from "./overview-questions";
import { bounds, lastTop, type Page, type PageState, rowCount } from "./page-state";
import { Renewal } from "./renewal";
import { readSaved, type Saved } from "./saved";
import { Timers } from "./timers";

const SPAN_SETTLES_MS = 140;
const OVERVIEW_EVERY_MS = 400;
const SAVE_AFTER_MS = 250;
/** A session of more screens than this opens on its first one: bars a pixel wide say nothing. */
const SCREENS = 4;
/** After a change of these the rows are others, or in another order. */
const REORDERING = ["filter", "sort", "descending", "group"] satisfies (keyof View)[];

export class Viewer {
  readonly conversation: Conversation;
  readonly state: PageState;
  /** Not randomUUID: a report that is served without TLS does not have it. */
  readonly #page = crypto.getRandomValues(new Uint32Array(4)).join("-");
  readonly #timers = new Timers();
  readonly #renewal: Renewal;
  readonly #overview: OverviewQuestions;
  readonly #details = new Latest(
    (asked: EngineParams<"detail">) => this.conversation.ask("detail", asked),
    ({ session, index }, detail) => {
      if (this.state.selected === index && this.state.session?.key === session) this.state.detail = detail;
      this.changed();
    },
    (error) => this.#refused(error),
  );
  readonly #lanes = new LaneQuestions(
    (wanted) => this.conversation.ask("lanes", wanted),
    (window) => {
      if (window.revision !== this.state.rows?.revision) return;
      this.state.lanes = readLanes(window);
      this.changed();
    },
    (error) => this.#refused(error),
  );
  #saved: Saved;
  #newest: SessionInfo | null = null;
  /** The span that the page chose by itself. */
  #firstScreen: TimeSpan | null = null;

  constructor(
    private readonly api: HostApi,
    private readonly changed: () => void,
  ) {
    this.#saved = readSaved(api.getState());
    const { view, domain, top, selected, page, charts } = this.#saved;
    this.state = {
      phase: "starting",
      failure: null,
      progress: null,
      page,
      charts,
      sessions: [],
      session: null,
      view,
      result: null,
      isWhole: true,
      rows: null,
      overview: null,
      lanes: new Map(),
      domain,
      top,
      visibleRows: 1,
      cursor: -1,
      selected,
      detail: null,
      comparison: null,
      paused: false,
      following: false,
    };
    this.conversation = new Conversation(api, {
      event: (event) => this.#event(event),
      host: (message) => this.#host(message),
    });
    const refused = (error: unknown) => this.#refused(error);
    this.#renewal = new Renewal(this.state, this.conversation, this.#page, () => this.#touched(), refused);
    this.#overview = new OverviewQuestions(this.state, this.conversation, changed, refused);
  }

  /** Whether files can be opened, sessions chosen and recorded: not in a report's file. */
  get hasEditor(): boolean {
    return this.api.hasEditor ?? true;
  }

  get detailHeight(): number {
    return this.#saved.detailHeight;
  }

  set detailHeight(height: number) {
    this.#saved = { ...this.#saved, detailHeight: height };
    this.save();
  }

  start(): void {
    this.conversation.act({ kind: "action", action: "ready", session: this.#saved.session });
  }

  row(position: number): Row | undefined {
    return this.state.rows?.get(position);
  }

  /** The row that the keyboard is on, where it has arrived. */
  get current(): Row | undefined {
    return this.row(this.state.cursor);
  }

  selectSession(key: SessionKey): void {
    this.conversation.act({ kind: "action", action: "select-session", session: key });
    void this.#open(key);
  }

  /** A change of filter, order or grouping starts at the top again, unless the selected row tells where to look. */
  setView(change: Partial<View>): void {
    // Who searches means the whole session, unless they chose a span themselves.
    if (change.filter && this.state.domain === this.#firstScreen) this.state.domain = null;
    this.state.view = { ...this.state.view, ...change };
    if (REORDERING.some((key) => key in change)) void this.#renewal.beginAnew();
    else void this.#renewal.refresh();
  }

  setPage(page: Page): void {
    this.state.page = page;
    this.#touched();
  }

  setCharts(change: Partial<ChartSettings>): void {
    this.state.charts = { ...this.state.charts, ...change };
    this.#touched();
  }

  /** Leads from a chart to its requests. */
  showRequests(filter: string, span: TimeSpan): void {
    this.setPage("timeline");
    this.setDomain(span);
    this.setView({ filter });
  }

  /** Null: the whole session. The rows follow when the movement has come to rest. */
  setDomain(domain: TimeSpan | null): void {
    const [from, to] = bounds(this.state);
    this.state.domain = domain && (domain[0] > from || domain[1] < to) ? domain : null;
    this.#timers.settled("span", SPAN_SETTLES_MS, () => this.#renewal.refresh());
    this.#touched();
  }

  scrollTo(top: number): void {
    this.state.top = Math.min(Math.max(0, top), lastTop(this.state));
    this.state.following = this.state.top >= lastTop(this.state) - 0.5;
    this.#touched();
  }

  /** Puts the cursor on a row, scrolls it into sight and, for a request, asks for its details. */
  async select(position: number): Promise<void> {
    const { state } = this;
    if (rowCount(state) === 0) return;
    state.cursor = Math.min(Math.max(0, position), rowCount(state) - 1);
    if (state.cursor < state.top) this.scrollTo(state.cursor);
    else if (state.cursor > state.top + state.visibleRows - 1) this.scrollTo(state.cursor - state.visibleRows + 1);
    // Who looks at a request does not want it to go out of sight for newer ones.
    if (state.cursor < rowCount(state) - 1) state.following = false;
    this.#touched();
    const { rows, cursor } = state;
    try {
      await rows?.load(cursor, cursor + 1);
    } catch (error) {
      return this.#refused(error);
    }
    if (state.rows !== rows || state.cursor !== cursor) return;
    const row = this.row(cursor);
    if (row && !row.isGroup) this.#select(row.index);
    else this.changed();
  }

  /** The cursor's row stays in sight when there is less room, as when the details open. */
  setVisibleRows(rows: number): void {
    const { state } = this;
    if (rows === state.visibleRows) return;
    const inSight = state.cursor >= state.top && state.cursor < state.top + state.visibleRows;
    state.visibleRows = rows;
    if (state.following) state.top = lastTop(state);
    else if (inSight) state.top = Math.max(state.top, state.cursor - rows + 1);
    state.top = Math.min(state.top, lastTop(state));
  }

  deselect(): void {
    Object.assign(this.state, { cursor: -1, selected: null, detail: null });
    this.#touched();
  }

  /** Shows a request wherever it is: from a log line, a tree, a verdict. */
  async reveal(index: RequestIndex): Promise<void> {
    const { state } = this;
    if (!state.session) return;
    state.page = "timeline";
    this.#select(index);
    let position = await this.#renewal.locate(index);
    if (position < 0) {
      // It is hidden by the filter or the span: what was asked for wins.
      Object.assign(state, { view: { ...state.view, filter: "", folded: [], closed: false }, domain: null });
      await this.#renewal.refresh();
      position = await this.#renewal.locate(index);
    }
    if (position < 0) return;
    state.cursor = position;
    this.scrollTo(position - state.visibleRows / 2);
  }

  setPaused(paused: boolean): void {
    this.state.paused = paused;
    if (!paused && this.#newest) this.#follow(this.#newest);
    this.changed();
  }

  /** Requests that came since the picture was paused. */
  get unseen(): number {
    return this.state.paused ? (this.#newest?.requests ?? 0) - (this.state.session?.requests ?? 0) : 0;
  }

  /** `count` rows from `from` on are in sight. */
  wantLanes(from: number, count: number, span: TimeSpan, width: number): void {
    const { session, rows } = this.state;
    if (!session || !rows) return;
    let headers = 0;
    for (let at = from; at < from + count; at++) if (this.row(at)?.isGroup) headers++;
    const place = { session: session.key, page: this.#page, revision: rows.revision, from, count };
    this.#lanes.want(place, headers, span, width);
  }

  /** `count` buckets have room in the strip. */
  setOverviewBuckets(count: number): void {
    this.#overview.buckets = count;
    this.#timers.atMostEvery("overview", OVERVIEW_EVERY_MS, () => this.#overview.ask());
  }

  /** Retries what failed. */
  retry(): void {
    const key = this.state.session?.key ?? this.#saved.session;
    if (key) void this.#open(key);
    else this.start();
  }

  async #open(key: SessionKey): Promise<void> {
    const { state } = this;
    const another = state.session?.key !== key && this.#saved.session !== key;
    Object.assign(state, { phase: "loading", session: null, result: null, rows: null, overview: null, detail: null });
    Object.assign(state, { paused: false, progress: null, failure: null });
    if (another) Object.assign(state, { domain: null, selected: null, cursor: -1, top: 0 });
    // Series and pages are of the session before.
    if (another) state.charts = { ...state.charts, series: null, page: null };
    this.#saved = { ...this.#saved, session: key };
    this.changed();
    try {
      const info = await this.conversation.ask("info", { session: key });
      if (this.#saved.session !== key) return;
      state.session = this.#newest = info;
      state.following = info.recording && state.top === 0;
      this.#overview.ask();
      await this.#renewal.refresh();
      if (another) this.#beginOnFirstScreen();
      if (state.selected !== null) this.#select(state.selected);
    } catch (error) {
      if (this.#saved.session === key) this.#refused(error);
    }
  }

  #beginOnFirstScreen(): void {
    const { state } = this;
    const { visibleRows } = state;
    if (rowCount(state) < visibleRows * SCREENS || state.session?.recording || state.view.sort !== "start") return;
    const rows = Array.from({ length: visibleRows }, (_, at) => this.row(at)).filter((row) => row !== undefined);
    const span = spanOf(rows);
    if (!span) return;
    this.#firstScreen = span;
    this.setDomain(span);
  }

  #event(event: EngineEvent): void {
    const { state } = this;
    if (event.event === "progress") {
      // Before it is told of a session it waits for the one that the host opens.
      if (state.phase !== "starting" && event.session !== this.#saved.session) return;
      state.progress = event.done < event.total ? { done: event.done, total: event.total } : null;
    } else if (event.info.key === state.session?.key) {
      this.#newest = event.info;
      if (!state.paused) this.#follow(event.info);
    }
    this.changed();
  }

  #follow(info: SessionInfo): void {
    const { state } = this;
    const before = bounds(state);
    state.session = info;
    if (state.domain && state.following && state.domain[1] >= before[1] * 0.999) {
      const moved = bounds(state)[1] - before[1];
      state.domain = [state.domain[0] + moved, state.domain[1] + moved];
    }
    void this.#renewal.refresh();
    this.#timers.atMostEvery("overview", OVERVIEW_EVERY_MS, () => this.#overview.ask());
    if (state.selected !== null && state.detail?.request.state === "pending") this.#select(state.selected);
    this.changed();
  }

  #host(message: HostMessage): void {
    const { state } = this;
    switch (message.message) {
      case "sessions": {
        state.sessions = message.sessions;
        const open = state.session?.key ?? (state.phase === "loading" ? this.#saved.session : null);
        if (message.current === null) Object.assign(state, { phase: "none", session: null, result: null, rows: null });
        else if (message.current !== open) void this.#open(message.current);
        break;
      }
      case "reveal":
        if (message.session === state.session?.key) void this.reveal(message.request).catch((e) => this.#refused(e));
        else void this.#open(message.session).then(() => this.reveal(message.request));
        break;
      case "comparison":
        state.comparison = message;
        break;
      case "failed":
        state.failure = message.text;
        break;
      default:
        message satisfies never;
    }
    this.changed();
  }

  #select(index: RequestIndex): void {
    const { state } = this;
    const session = state.session?.key;
    if (!session) return;
    state.selected = index;
    this.#touched();
    this.#details.put({ session, index });
  }

  /** A stale answer is asked again; what really failed is shown with a way to try again. */
  #refused(error: unknown): void {
    if (error instanceof Refused && error.code === "stale")
      return void this.#timers.settled("stale", 0, () => this.#renewal.refresh());
    this.state.failure = error instanceof Error ? error.message : String(error);
    if (!this.state.rows) this.state.phase = "failed";
    this.changed();
  }

  #touched(): void {
    this.save();
    this.changed();
  }

  save(): void {
    this.#timers.settled("save", SAVE_AFTER_MS, () => {
      const { session, view, domain, selected, top, page, charts } = this.state;
      const key = session?.key ?? this.#saved.session;
      this.#saved = { ...this.#saved, session: key, view, domain, selected, top, page, charts };
      this.api.setState(this.#saved);
    });
  }
}
