/**
 * The rows of one revision of the view, by position, fetched in pages around what is in sight. A new revision is a new
 * cache: the page goes on drawing from the old one until what is in sight has arrived, so that nothing flickers.
 */
import type { RowWindow } from "../../src/protocol/messages";
import { type Row, readRows } from "./row";

export const PAGE_ROWS = 64;
/** More than any screen shows at once; the rest is asked for again when it comes into sight. */
const KEPT_PAGES = 32;
/** A long scroll must not queue pages that nobody looks at any more: everything queues behind a big message. */
const IN_FLIGHT = 3;

export interface RowSource {
  fetch(revision: number, from: number, count: number): Promise<RowWindow>;
  /** A page arrived. */
  arrived(): void;
  /** A page was refused. */
  refused(error: unknown): void;
}

export class RowCache {
  readonly #pages = new Map<number, Row[]>();
  readonly #flying = new Set<number>();
  #wanted: readonly [number, number] = [0, 0];

  constructor(
    private readonly source: RowSource,
    readonly revision: number,
    readonly total: number,
    /** Its first rows, where they are here already. */
    first: RowWindow | null = null,
  ) {
    const rows = first ? readRows(first) : [];
    for (let from = 0; from < rows.length; from += PAGE_ROWS)
      if (Math.min(from + PAGE_ROWS, total) <= rows.length)
        this.#pages.set(from / PAGE_ROWS, rows.slice(from, from + PAGE_ROWS));
  }

  get(position: number): Row | undefined {
    return this.#pages.get(Math.floor(position / PAGE_ROWS))?.[position % PAGE_ROWS];
  }

  /** Resolves when positions [from, to) are here; rejects where they are refused. */
  async load(from: number, to: number): Promise<void> {
    await Promise.all(this.#missing(from, to).map((page) => this.#load(page)));
  }

  /** Positions [from, to) are in sight now: what is missing is fetched, the latest wish first. */
  want(from: number, to: number): void {
    this.#wanted = [from, to];
    for (const page of this.#missing(from, to)) {
      if (this.#flying.size >= IN_FLIGHT) return;
      if (this.#flying.has(page)) continue;
      this.#flying.add(page);
      this.#load(page)
        .then(
          () => this.source.arrived(),
          (error) => this.source.refused(error),
        )
        .finally(() => {
          this.#flying.delete(page);
          if (this.#pages.has(page)) this.want(...this.#wanted);
        });
    }
  }

  #missing(from: number, to: number): number[] {
    const pages: number[] = [];
    const end = Math.min(to, this.total);
    for (let page = Math.floor(Math.max(0, from) / PAGE_ROWS); page * PAGE_ROWS < end; page++)
      if (!this.#pages.has(page)) pages.push(page);
    return pages;
  }

  async #load(page: number): Promise<void> {
    const from = page * PAGE_ROWS;
    const window = await this.source.fetch(this.revision, from, Math.min(PAGE_ROWS, this.total - from));
    this.#pages.set(page, readRows(window));
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT_PAGES) break;
      this.#pages.delete(oldest);
    }
  }
}
