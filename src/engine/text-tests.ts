/**
 * Patterns held against columns of numbers of texts: each distinct text is looked at once, however many rows have it, and
 * a column is not even gathered once it is known that no text has the pattern.
 */
import type { Ids } from "./ids";
import type { Interner } from "./interner";
import type { TextPattern } from "./text-pattern";

/** What finds numbers of texts in a column: 1 is put where there is one, what is 1 already is not looked at. */
export interface TextTest {
  mark(column: () => Float64Array, found: Uint8Array): void;
}

const YES = 2;
const NO = 1;
/** For each row of a column so many of the pool's texts are looked at ahead: little beside what the row costs. */
const AHEAD = 2;

export class PooledTest implements TextTest {
  /** By number; 0: not looked at yet. */
  private readonly known: Uint8Array;
  /** All texts before it have been looked at. */
  private looked = 0;
  private hasAny = false;

  constructor(
    private readonly pool: Interner,
    private readonly pattern: TextPattern,
  ) {
    this.known = new Uint8Array(pool.size);
  }

  mark(column: () => Float64Array, found: Uint8Array): void {
    this.lookAhead(AHEAD * found.length);
    const { known, pool, looked } = this;
    if (!this.hasAny && looked === pool.size) return;
    const numbers = column();
    for (let at = 0; at < found.length; at++) {
      const number = numbers[at]!;
      if (found[at] === 1 || !(number >= 0)) continue;
      // One that has come since is looked at again and again: there are few.
      const held = number < looked ? known[number] : known[number] || this.look(number);
      if (held === YES) found[at] = 1;
    }
  }

  private lookAhead(most: number): void {
    const end = Math.min(this.known.length, this.looked + most);
    for (let number = this.looked; number < end; number++) this.known[number] ||= this.look(number);
    this.looked = end;
  }

  private look(number: number): number {
    const held = this.pool.matches(number, this.pattern) ? YES : NO;
    this.known[number] = held;
    if (held === YES) this.hasAny = true;
    return held;
  }
}

/** A pattern held against texts of a pool, each behind the same beginning. */
export class AddressTest {
  /** By the text's number + 1, which is 0 for none; 0: not looked at yet. */
  private readonly known: Uint8Array;
  private readonly begun: number;
  /** The beginning, and behind it room for a text. */
  private bytes: Uint8Array;

  constructor(
    beginning: string,
    private readonly pool: Interner,
    private readonly pattern: TextPattern,
  ) {
    this.known = new Uint8Array(pool.size + 1);
    this.bytes = new TextEncoder().encode(beginning);
    this.begun = this.bytes.length;
  }

  /** `number`: of a text; NaN: the beginning alone. */
  passes(number: number): boolean {
    const place = number >= 0 ? number + 1 : 0;
    return (this.known[place] || this.look(place)) === YES;
  }

  private look(place: number): number {
    const end = this.begun + (place > 0 ? this.pool.lengthOf(place - 1) : 0);
    if (end > this.bytes.length) {
      const longer = new Uint8Array(2 * end);
      longer.set(this.bytes);
      this.bytes = longer;
    }
    if (place > 0) this.pool.copyTo(this.bytes, this.begun, place - 1);
    const held = this.pattern.matches(this.bytes, 0, end) ? YES : NO;
    this.known[place] = held;
    return held;
  }
}

const BLOCK_BITS = 12;
const BLOCK = 1 << BLOCK_BITS;

/** Nearly every request has an id of its own: they are looked at a block of them at a time. */
export class IdTest implements TextTest {
  /** Of a block's ids 1 where the pattern matches, null where none does; worked out once the first of them is met. */
  private readonly blocks: (Uint8Array | null)[] = [];

  constructor(
    private readonly ids: Ids,
    private readonly pattern: TextPattern,
  ) {}

  mark(column: () => Float64Array, found: Uint8Array): void {
    const numbers = column();
    let last = -1;
    let block: Uint8Array | null = null;
    for (let at = 0; at < found.length; at++) {
      const number = numbers[at]!;
      if (found[at] === 1 || !(number >= 0)) continue;
      if (number >> BLOCK_BITS !== last) {
        last = number >> BLOCK_BITS;
        block = this.blockOf(last);
      }
      if (block === null) continue;
      const place = number & (BLOCK - 1);
      // It has come since.
      if (place >= block.length ? this.ids.matches(number, this.pattern) : block[place] === 1) found[at] = 1;
    }
  }

  private blockOf(number: number): Uint8Array | null {
    const known = this.blocks[number];
    if (known !== undefined) return known;
    const first = number << BLOCK_BITS;
    const made = this.ids.matching(this.pattern, first, Math.min(this.ids.size, first + BLOCK));
    // The last one's ids are told one by one: more may come.
    const block = made.length < BLOCK || made.includes(1) ? made : null;
    this.blocks[number] = block;
    return block;
  }
}
