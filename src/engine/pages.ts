/**
 * What memory has no room for: elements of columns in pages of a file, and the pages that were asked for last. A page is
 * read when one of its elements is wanted, and written again only where one was changed.
 */

/** Holds bytes at positions, for as long as a session is open. */
export interface Scratch {
  write(bytes: Uint8Array, position: number): void;
  /** Fills `into` with what was written at a position. */
  read(into: Uint8Array, position: number): void;
  close(): void;
}

export type Elements = Uint8Array | Uint16Array | Uint32Array | Float64Array;
type ElementArray<E extends Elements> = new (buffer: ArrayBuffer) => E;

const PAGE_BYTES = 1 << 16;
/** Every column of both sides can have several pages in memory at once; more are no help. */
const MOST_CACHED = 1 << 25;

interface Page {
  buffer: ArrayBuffer;
  elements: Elements;
  changed: boolean;
  /** Asked for since its turn to go came last. */
  used: boolean;
}

/** All pages of a store, numbered in the order of their coming. */
export class Pages {
  private count = 0;
  /** By number, those whose turn it is to go first. */
  private readonly cached = new Map<number, Page>();

  /** `most`: bytes of pages that are held in memory, one page at least. */
  constructor(
    private readonly scratch: Scratch,
    private readonly most: number,
    readonly pageBytes = PAGE_BYTES,
  ) {}

  /** Bytes held in memory. */
  get bytes(): number {
    return this.cached.size * this.pageBytes;
  }

  /** Writes a page of elements; returns its number. */
  add({ buffer, byteOffset, byteLength }: Elements): number {
    this.scratch.write(new Uint8Array(buffer, byteOffset, byteLength), this.count * this.pageBytes);
    return this.count++;
  }

  page(number: number, Type: ElementArray<Elements>): Page {
    const cached = this.cached.get(number);
    if (cached) {
      cached.used = true;
      return cached;
    }
    if (this.bytes + this.pageBytes > Math.min(this.most, MOST_CACHED)) this.evict();
    const buffer = new ArrayBuffer(this.pageBytes);
    this.scratch.read(new Uint8Array(buffer), number * this.pageBytes);
    const page = { buffer, elements: new Type(buffer), changed: false, used: false };
    this.cached.set(number, page);
    return page;
  }

  /** One page goes: the first that was not asked for since its last turn. */
  private evict(): void {
    for (const [number, page] of this.cached) {
      this.cached.delete(number);
      if (page.used) {
        page.used = false;
        this.cached.set(number, page);
        continue;
      }
      if (page.changed) this.scratch.write(new Uint8Array(page.buffer), number * this.pageBytes);
      return;
    }
  }
}

/** The first elements of one column, page after page. */
export class PagedElements {
  private readonly numbers: number[] = [];
  /** Elements of a page. */
  readonly perPage: number;

  constructor(
    private readonly pages: Pages,
    private readonly Type: ElementArray<Elements> & { readonly BYTES_PER_ELEMENT: number },
  ) {
    this.perPage = pages.pageBytes / Type.BYTES_PER_ELEMENT;
  }

  /** As many elements as a page has. */
  append(elements: Elements): void {
    this.numbers.push(this.pages.add(elements));
  }

  get(index: number): number {
    return this.pageOf(index).elements[index % this.perPage]!;
  }

  set(index: number, element: number): void {
    const page = this.pageOf(index);
    page.elements[index % this.perPage] = element;
    page.changed = true;
  }

  private pageOf(index: number): Page {
    return this.pages.page(this.numbers[Math.floor(index / this.perPage)]!, this.Type);
  }
}
