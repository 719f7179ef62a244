/** Patterns held against columns of numbers of texts: each distinct text is looked at once, however many rows have it. */
import type { Ids } from "./ids";
import type { Interner } from "./interner";
import type { TextPattern } from "./text-pattern";

/** What finds numbers of texts: 1 is put where there is one, what is 1 already is not looked at. */
export interface TextTest {
  mark(numbers: Float64Array, found: Uint8Array): void;
}

const NO = 1;
const YES = 2;

export class PooledTest implements TextTest {
  /** By number; 0: not looked at yet. */
  private readonly known: Uint8Array;

  constructor(
    private readonly pool: Interner,
    private readonly pattern: TextPattern,
  ) {
    this.known = new Uint8Array(pool.size);
  }

  mark(numbers: Float64Array, found: Uint8Array): void {
    const { known } = this;
    for (let at = 0; at < found.length; at++) {
      const number = numbers[at]!;
      if (found[at] === 1 || Number.isNaN(number)) continue;
      // One that has come since is looked at again and again: there are few.
      const held = known[number] || this.look(number);
      if (held === YES) found[at] = 1;
    }
  }

  private look(number: number): number {
    const held = this.pool.matches(number, this.pattern) ? YES : NO;
    this.known[number] = held;
    return held;
  }
}

const BLOCK_BITS = 12;

/** Nearly every request has an id of its own: most are ruled out a block of them at a time. */
export class IdTest implements TextTest {
  /** Of a block's ids 1 where the pattern may match; worked out once the first of them is asked for. */
  private readonly blocks: Uint8Array[] = [];

  constructor(
    private readonly ids: Ids,
    private readonly pattern: TextPattern,
  ) {}

  mark(numbers: Float64Array, found: Uint8Array): void {
    for (let at = 0; at < found.length; at++) {
      const number = numbers[at]!;
      if (found[at] === 1 || Number.isNaN(number)) continue;
      const block = this.blocks[number >> BLOCK_BITS] ?? this.look(number >> BLOCK_BITS);
      const may = block[number & ((1 << BLOCK_BITS) - 1)];
      // Undefined: it has come since.
      if (may !== 0 && this.ids.matches(number, this.pattern)) found[at] = 1;
    }
  }

  private look(block: number): Uint8Array {
    const first = block << BLOCK_BITS;
    const made = this.ids.mayMatch(this.pattern, first, Math.min(this.ids.size, first + (1 << BLOCK_BITS)));
    this.blocks[block] = made;
    return made;
  }
}
