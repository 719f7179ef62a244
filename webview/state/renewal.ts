/**
 * Keeps the view's newest revision: asks for it, waits until the rows in sight have arrived, and swaps all of it in at
 * once, with the row that one looks at where it was. So a live session neither flickers nor jumps.
 */
import type { RequestIndex, SessionKey } from "../../src/protocol/messages";
import type { Conversation } from "../host/conversation";
import { RowCache } from "../rows/cache";
import type { PageState } from "./page-state";

export class Renewal {
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

  beginAtTop(): void {
    this.#fromTop = true;
  }

  /** Asks for the view's newest revision; swaps it in when what is in sight has arrived. */
  async refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#again = true;
      return;
    }
    this.#refreshing = true;
    try {
      do {
        this.#again = false;
        await this.#renew();
      } while (this.#again);
    } catch (error) {
      this.refused(error);
    } finally {
      this.#refreshing = false;
    }
  }

  async #renew(): Promise<void> {
    const { state } = this;
    const session = state.session?.key;
    if (!session) return;
    const view = { ...state.view, span: state.domain };
    const anchor = this.#anchor();
    this.#fromTop = false;
    // A group has no number of its own: it is kept by its place, which folding does not move.
    const group = state.rows?.get(state.cursor)?.isGroup ? state.cursor : null;
    const result = await this.conversation.ask("view", { session, page: this.page, view });
    if (state.session?.key !== session) return;
    const [anchored, located] = await Promise.all([
      anchor ? this.locate(anchor.index) : -1,
      state.selected === null ? -1 : this.locate(state.selected),
    ]);
    const cursor = group === null ? located : Math.min(group, result.rows - 1);
    const last = Math.max(0, result.rows - state.visibleRows);
    const follows = state.following && state.session.recording && state.view.sort === "start";
    const top = follows
      ? last
      : anchor && anchored >= 0
        ? anchored - anchor.below
        : state.result && group === null
          ? 0
          : state.top;
    const rows = new RowCache(this.#source(session), result.revision, result.rows);
    const from = Math.min(Math.max(0, top), last);
    await rows.load(Math.floor(from), Math.ceil(from + state.visibleRows + 1));
    if (state.session?.key !== session) return;
    const scrolled = follows || !anchor ? 0 : state.top - anchor.top;
    if (view.group !== "none" && (state.rows?.total !== result.rows || view.sort !== "start")) state.lanes = new Map();
    Object.assign(state, { result, rows, cursor, phase: "ready", failure: null });
    state.top = Math.min(Math.max(0, from + scrolled), last);
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
