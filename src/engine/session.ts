/** One open session: its store, and the views that pages have of it. */
import type { Role } from "../model/record";
import type { ChartData, ChartQuery, ChartScope } from "../protocol/charts";
import type {
  LaneWindow,
  LineLookup,
  RequestDetail,
  RowWindow,
  SessionInfo,
  View,
  ViewResult,
} from "../protocol/messages";
import { Axis } from "./axis";
import { chartOf } from "./charts/chart";
import { detailAmong, detailOf } from "./detail";
import { EngineError } from "./errors";
import { cutLanes, type WantedLanes } from "./lanes";
import { run } from "./steps";
import { Store } from "./store";
import { LatestVerdict } from "./verdict/latest";
import { ViewRows } from "./view";
import { cutWindow } from "./window";

export class Session {
  readonly store = new Store();
  private readonly verdict = new LatestVerdict(this.store);
  private readonly views = new Map<string, ViewRows>();
  /** Revision of the view that each page asked for last. */
  private readonly wanted = new Map<string, number>();
  /** The first rows of that view; null once all of it is there, or a newer one is wanted. */
  private readonly first = new Map<string, Promise<ViewRows | null>>();
  private revision = 0;

  constructor(
    readonly key: string,
    readonly name: string,
    readonly folder: string,
  ) {}

  /** What takes long of its facts, before they are asked for. */
  judge(pause: () => Promise<void>): Promise<void> {
    return run(this.verdict.renew(), pause);
  }

  info(): SessionInfo {
    const { store } = this;
    const base = Number.isNaN(store.base) ? 0 : store.base;
    return {
      key: this.key,
      name: this.name,
      folder: this.folder,
      base,
      span: this.span(base),
      requests: store.rows.requests,
      recording: store.recording,
      ...(store.zone !== null && { zone: store.zone }),
      problems: store.problems.total,
      clocks: store.clocks.list(),
      clockSentence: store.clocks.sentence,
      verdict: this.verdict.get(),
    };
  }

  /** The newest view of a page wins: one that is still being computed then fails as stale. */
  async view(page: string, view: View, pause: () => Promise<void>): Promise<ViewResult> {
    const revision = ++this.revision;
    this.wanted.set(page, revision);
    const isWanted = (): void => {
      if (this.wanted.get(page) !== revision) throw new EngineError("stale", "a newer view has been asked for");
    };
    let told: (rows: ViewRows | null) => void = () => undefined;
    this.first.set(
      page,
      new Promise((resolve) => {
        told = resolve;
      }),
    );
    try {
      const rows = await run(ViewRows.compute(this.store, view, revision, told), () => pause().then(isWanted));
      this.views.set(page, rows);
      return rows.result;
    } finally {
      told(null);
    }
  }

  /** Of the view that the page asked for last. */
  async firstRows(page: string, count: number, pause: () => Promise<void>): Promise<RowWindow | null> {
    const rows = await this.first.get(page);
    return rows ? run(cutWindow(this.store, rows, 0, count), pause) : null;
  }

  async rows(
    page: string,
    { revision, from, count }: { revision: number; from: number; count: number },
    pause: () => Promise<void>,
  ): Promise<RowWindow> {
    return run(cutWindow(this.store, this.current(page, revision), from, count), pause);
  }

  async lanes(page: string, wanted: WantedLanes, pause: () => Promise<void>): Promise<LaneWindow> {
    return run(cutLanes(this.store, this.current(page, wanted.revision), wanted), pause);
  }

  locate(page: string, row: number): number {
    return this.current(page).locate(row);
  }

  async detail(row: number, pause: () => Promise<void>): Promise<RequestDetail> {
    this.check(row);
    return run(detailAmong(this.store, row), pause);
  }

  chart(scope: ChartScope, query: ChartQuery, pause: () => Promise<void>): Promise<ChartData> {
    return run(chartOf(this.store, scope, query), pause);
  }

  /** The request that a line (1-based) of one of the session's files belongs to. */
  line(path: string, line: number): LineLookup | null {
    const place = this.store.files.findLast((file) => file.path === path)?.at(line);
    if (!place) return null;
    const index = this.store.rows.row(place.side, place.record);
    return { session: this.key, index, side: place.side, detail: detailOf(this.store, index) };
  }

  position(row: number, side: Role) {
    this.check(row);
    return detailOf(this.store, row).request.log[side];
  }

  /** `revision`: what is asked of an older one is refused. */
  private current(page: string, revision?: number): ViewRows {
    const rows = this.views.get(page);
    if (!rows) throw new EngineError("stale", "this page has no view yet");
    if (revision !== undefined && rows.revision !== revision)
      throw new EngineError("stale", "the view has changed since");
    return rows;
  }

  /** Throws where a page names a request that is none. */
  check(row: number): void {
    if (!Number.isInteger(row) || row < 0 || row >= this.store.rows.length || this.store.rows.isEmpty(row))
      throw new EngineError("invalid", `there is no request ${row}`);
  }

  /** First and last stamp on the axis, relative to base. */
  private span(base: number): [number, number] {
    const axis = new Axis(this.store);
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const part of this.store.parts) {
      if (part.first > part.last) continue;
      first = Math.min(first, part.first - axis.ofPart(part.number, part.first) - base);
      last = Math.max(last, part.last - axis.ofPart(part.number, part.last) - base);
    }
    return first <= last ? [first, last] : [0, 0];
  }
}
