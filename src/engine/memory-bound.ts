/**
 * How much memory a session may take. Beyond it the columns of its oldest requests go to a file and are read back when
 * they are asked for; strings, ids and the order of the rows stay. Where that is not enough, reading has to stop.
 */
import { Pages, type Scratch } from "./pages";
import type { Store } from "./store";

/** So much of it may hold what was read back. */
const READ_BACK = 1 / 8;

export class MemoryBound {
  private readonly pages: Pages;
  private failure: string | null = null;
  private released = false;

  /** `most`: bytes of columns and strings. */
  constructor(
    private readonly most: number,
    private readonly scratch: Scratch,
    pageBytes?: number,
  ) {
    this.pages = new Pages(scratch, Math.floor(most * READ_BACK), pageBytes);
  }

  /** Bytes of what was read back. */
  get bytes(): number {
    return this.pages.bytes;
  }

  /** Whether some columns are in the file. */
  get isInUse(): boolean {
    return this.released;
  }

  /** Whether so many more bytes may be taken. */
  hasRoomFor(store: Store, bytes: number): boolean {
    return store.bytes + bytes <= this.most;
  }

  /** Why no more can be read; null where there is room for more, or room was made. */
  full(store: Store): string | null {
    if (store.bytes <= this.most) return null;
    if (this.failure === null) this.release(store);
    if (store.bytes <= this.most) return null;
    return this.failure ?? `the session needs more than ${Math.ceil(this.most / 2 ** 20)} MiB`;
  }

  close(): void {
    this.scratch.close();
  }

  private release(store: Store): void {
    this.released = true;
    try {
      store.release(this.pages);
    } catch (error) {
      this.failure = `the session needs more memory, and its columns cannot be written: ${(error as Error).message}`;
    }
  }
}
