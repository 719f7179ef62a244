/**
 * Keeps the view's newest revision: asks for it, waits until the rows in sight have arrived, and swaps all of it in at
 * once, with the row that one looks at where it was. So a live session neither flickers nor jumps.
 */
import type { RequestIndex, RowWindow, SessionKey, View } from "../../src/protocol/messages";
import type { Conversation } from "../host/conversation";
import { PAGE_ROWS, RowCache } from "../rows/cache";
import type { PageState } from "./page-state";

/** Of fewer requests all are there as soon as the first. */
const MANY = 1 << 14;

export class Renewal {
  /** What is asked anew ends what was asked before. */
  #turn = 0;
  #refreshing = false;
  #again = false;
  /** The rows are others now: what was uppermost says nothing any more. */
  #fromTop = false;

  constructor(
    private readonly state: PageState,
    private readonly conversation: Conversation,
    /** The view's name in the engine. */
    private readonly page: string,
    private readonly changed: () => void,
    private readonly refused: (error: unknown) => void,
  ) {}

  /** Asks for rows that are others than before, or in another order; an answer that is still out is not waited for. */
  beginAnew(): Promise<void> {
    this.#fromTop = true;
    return this.#go();
  }

  /** Asks for the view's newest revision; swaps it in when what is in sight has arrived. */
  async refresh(): Promise<void> {
    if (this.#refreshing) this.#again = true;
    else await this.#go();
  }

  async #go(): Promise<void> {
    const turn = ++this.#turn;
    this.#refreshing = true;
    try {
      do {
        this.#again = false;
        await this.#renew(turn);
      } while (this.#again && turn === this.#turn);
    } catch (error) {
      if (turn === this.#turn) this.refused(error);
    } finally {
      if (turn === this.#turn) this.#refreshing = false;
    }
  }

  async #renew(turn: number): Promise<void> {
    const { state } = this;
    const session = state.session?.key;
    if (!session) return;
    const isOld = (): boolean => turn !== this.#turn || state.session?.key !== session;
    const view = { ...state.view, span: state.domain };
    const anchor = this.#anchor();
    // A group has no number of its own: it is kept by its place, which folding does not move.
    const group = state.rows?.get(state.cursor)?.isGroup ? state.cursor : null;
    const isFollowing = (): boolean => state.following && state.session!.recording && view.sort === "start";
    const beginsAtTop = this.#fromTop && !anchor && group === null && !isFollowing() && state.result !== null;
    const asked = this.conversation.ask("view", { session, page: this.page, view });
    let first: RowWindow | null = null;
    if (beginsAtTop && view.group === "none" && state.session!.requests > MANY) {
      const count = Math.ceil((state.visibleRows + 1) / PAGE_ROWS) * PAGE_ROWS;
      const early = this.conversation.ask("firstRows", { session, page: this.page, count });
      first = await Promise.race([early.catch(() => null), asked.then(() => null)]);
      if (isOld()) return asked.then(() => undefined);
      if (first) this.#showFirst(first, view);
    }
    const result = await asked;
    if (isOld()) return;
    let { selected } = state;
    const located = (): Promise<number> | number => (selected === null ? -1 : this.locate(selected));
    let [anchored, cursor] = await Promise.all([anchor ? this.locate(anchor.index) : -1, located()]);
    if (isOld()) return;
    this.#fromTop = false;
    const last = Math.max(0, result.rows - state.visibleRows);
    const follows = isFollowing();
    const top = follows
      ? last
      : anchor && anchored >= 0
        ? anchored - anchor.below
        : state.result && group === null && !first
          ? 0
          : state.top;
    const rows = new RowCache(this.#source(session), result.revision, result.rows, first);
    const from = Math.min(Math.max(0, top), last);
    await rows.load(Math.floor(from), Math.ceil(from + state.visibleRows + 1));
    // Another row may have been chosen meanwhile.
    while (!isOld() && selected !== state.selected) {
      selected = state.selected;
      cursor = await located();
    }
    if (isOld()) return;
    if (group !== null) cursor = Math.min(group, result.rows - 1);
    const scrolled = follows || !anchor ? 0 : state.top - anchor.top;
    if (view.group !== "none" && (state.rows?.total !== result.rows || view.sort !== "start")) state.lanes = new Map();
    Object.assign(state, { result, isWhole: true, rows, cursor, phase: "ready", failure: null });
    state.top = Math.min(Math.max(0, from + scrolled), last);
    this.changed();
  }

  /** Rows that stay where they are when the rest comes: how many there are is not known yet where some are left out. */
  #showFirst(first: RowWindow, { filter, span }: View): void {
    const { state } = this;
    const { total } = state.result!;
    const known = filter === "" && span === null ? total : first.count;
    const { revision, count, index } = first;
    const rows = new RowCache(this.#source(state.session!.key), revision, count, first);
    const result = { revision, rows: known, matches: known, total, filterError: null };
    const cursor = state.selected === null ? -1 : index.indexOf(state.selected);
    Object.assign(state, { result, isWhole: false, rows, cursor, top: 0, phase: "ready", failure: null });
    this.changed();
  }

  /** The row that stays where it is on screen while others come and go: the selected one, else the uppermost. */
  #anchor(): { index: RequestIndex; below: number; top: number } | null {
    const { top, cursor, visibleRows, rows } = this.state;
    const inSight = cursor >= top && cursor <= top + visibleRows;
    const row = rows?.get(inSight ? cursor : this.#fromTop ? -1 : Math.ceil(top));
    return row && !row.isGroup ? { index: row.index, below: row.position - top, top } : null;
  }

  #source(session: SessionKey) {
    return {
      fetch: (revision: number, from: number, count: number) =>
        this.conversation.ask("rows", { session, page: this.page, revision, from, count }),
      arrived: () => this.changed(),
      refused: (error: unknown) => this.refused(error),
    };
  }

  /** Where in the newest view a request stands; -1 where it is filtered out. */
  async locate(index: RequestIndex): Promise<number> {
    const session = this.state.session?.key;
    return session ? this.conversation.ask("locate", { session, page: this.page, index }) : -1;
  }
}
