/**
 * Strings ⇄ small numbers. The bytes (UTF-8) lie in one pool and the hash table is a typed array: a million distinct
 * strings cost their bytes and some twenty more each, and no object. A string is made only when somebody looks at it.
 */

import type { Packer, Unpacker } from "./packing";
import { equalTexts, hashOf } from "./text-hash";
import type { TextPattern } from "./text-pattern";
import { Utf8 } from "./utf8";

/** Texts that are asked for again and again (methods, hosts) are decoded once. */
const CACHED = 4096;
/** Doubling, but by half from here on: the slack of a large pool is memory that nobody reads. */
const GENTLE_FROM = 1 << 20;
const FIRST_SLOTS = 256;
/** Words of a slot, and where each stands behind the hash. */
const SLOT = 4;
const NUMBER = 1;
const START = 2;
const LENGTH = 3;
/** A text's place in a view: where its bytes begin and end, and their hash. */
export const TEXT_WORDS = 3;
/** Words are read four bytes at a time, so a pool reaches beyond its last text. */
const PADDING = 4;

export interface PackedInterner {
  count: number;
  pool: number;
  starts: number;
}

export class Interner {
  private pool = new Uint8Array(1 << 12);
  private view = new DataView(this.pool.buffer);
  private used = 0;
  /** Start of each string in the pool; its end is the next one's start. */
  private starts = new Uint32Array(256);
  private count = 0;
  /**
   * Open addressing, four words a slot: a text's hash, its number + 1 (0 is empty), where it begins, and its length. So a
   * look-up misses the cache twice, here and in the pool. Null until somebody asks.
   */
  private slots: Int32Array | null = null;
  /** Of what was asked of memory ahead, so that it is read. */
  private warmed = 0;
  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  private readonly utf8 = new Utf8();
  private readonly cache: (string | undefined)[] = [];

  get size(): number {
    return this.count;
  }

  /** Bytes held, for the memory bound. */
  get bytes(): number {
    return this.pool.length + this.starts.byteLength + (this.slots?.byteLength ?? 0);
  }

  /** The number of a text; texts are equal where their UTF-8 is (lone surrogates become U+FFFD). */
  add(text: string): number {
    const length = this.utf8.encode(text);
    const { view } = this.utf8;
    return this.intern(view, 0, length, hashOf(view, 0, length));
  }

  /** The number of a text that is there already, else −1. */
  find(text: string): number {
    const length = this.utf8.encode(text);
    const { view } = this.utf8;
    const slots = this.table();
    return slots[this.slotOf(slots, view, 0, length, hashOf(view, 0, length)) + NUMBER]! - 1;
  }

  /** The number of the text whose valid UTF-8 stands at `[from, to)`, with its hash (text-hash.ts). */
  intern(view: DataView, from: number, to: number, hash: number): number {
    const slots = this.table();
    const slot = this.slotOf(slots, view, from, to - from, hash);
    const held = slots[slot + NUMBER]!;
    if (held !== 0) return held - 1;
    const number = this.append(view, from, to);
    fill(slots, slot, hash, number + 1, this.starts[number]!, to - from);
    if (this.isFull(slots.length)) this.slots = this.indexed(slots.length * 2);
    return number;
  }

  /**
   * The texts of a column, which has numbers of places in a view, get their own numbers. What looking them up will read is
   * asked of memory for all of them before, so that nobody waits for one after the other.
   */
  internAll(view: DataView, places: Int32Array, column: Float64Array): void {
    const slots = this.table();
    const { pool } = this;
    const mask = slots.length - 1;
    for (let at = 0; at < column.length; at++)
      this.warmed ^= slots[slotOfHash(places[(column[at]! >>> 0) * TEXT_WORDS + 2]!) & mask]!;
    for (let at = 0; at < column.length; at++) {
      const slot = slotOfHash(places[(column[at]! >>> 0) * TEXT_WORDS + 2]!) & mask;
      this.warmed ^= pool[slots[slot + START]! >>> 0]!;
    }
    for (let at = 0; at < column.length; at++) {
      if (!(column[at]! >= 0)) continue;
      const place = column[at]! * TEXT_WORDS;
      column[at] = this.intern(view, places[place]!, places[place + 1]!, places[place + 2]!);
    }
  }

  /** Whether the bytes at a place are those of a text that is there. */
  isAt(view: DataView, at: number, number: number): boolean {
    const start = this.starts[number]!;
    return equalTexts(this.view, start, view, at, this.starts[number + 1]! - start);
  }

  /** Bytes of a text. */
  lengthOf(number: number): number {
    return this.starts[number + 1]! - this.starts[number]!;
  }

  /** Writes a text's bytes to a place. */
  copyTo(bytes: Uint8Array, to: number, number: number): void {
    const from = this.starts[number]!;
    const length = this.lengthOf(number);
    for (let at = 0; at < length; at++) bytes[to + at] = this.pool[from + at]!;
  }

  pack(out: Packer): PackedInterner {
    const { count, used } = this;
    return {
      count,
      pool: out.put(this.pool.subarray(0, used)),
      starts: out.put(this.starts.subarray(0, count + 1)),
    };
  }

  unpack({ count, pool, starts }: PackedInterner, from: Unpacker): void {
    const bytes = from.take<Uint8Array>(pool);
    this.count = count;
    this.used = bytes.length;
    this.enlargePool(bytes.length + PADDING);
    this.pool.set(bytes);
    this.starts = enlarged(from.take<Uint32Array>(starts), new Uint32Array(count + 256));
    this.slots = null;
  }

  text(number: number): string {
    const cached = this.cache[number];
    if (cached !== undefined) return cached;
    const text = this.decoder.decode(this.pool.subarray(this.starts[number]!, this.starts[number + 1]!));
    if (number < CACHED) this.cache[number] = text;
    return text;
  }

  /** The number of the text that another one begins with, up to (not including) its first `byte`. */
  before(number: number, byte: number): number {
    const from = this.starts[number]!;
    const end = this.starts[number + 1]!;
    let to = from;
    while (to < end && this.pool[to] !== byte) to++;
    return to === end ? number : this.intern(this.view, from, to, hashOf(this.view, from, to));
  }

  /** Whether a text is matched, in the pool itself: no string is made of it. */
  matches(number: number, pattern: TextPattern): boolean {
    return pattern.matches(this.pool, this.starts[number]!, this.starts[number + 1]!);
  }

  /** The byte at a place of a text, −1 behind its end: what sorting compares. */
  byteAt(number: number, offset: number): number {
    const at = this.starts[number]! + offset;
    return at < this.starts[number + 1]! ? this.pool[at]! : -1;
  }

  private table(): Int32Array {
    this.slots ??= this.indexed(FIRST_SLOTS * SLOT);
    return this.slots;
  }

  /** Whether more than two thirds of a table of so many words are taken. */
  private isFull(words: number): boolean {
    return this.count * SLOT * 3 > words * 2;
  }

  /** Place of the slot where the text is, or where it would be put. */
  private slotOf(slots: Int32Array, view: DataView, from: number, length: number, hash: number): number {
    const mask = slots.length - 1;
    let slot = slotOfHash(hash) & mask;
    while (slots[slot + NUMBER] !== 0) {
      if (
        slots[slot] === hash &&
        slots[slot + LENGTH] === length &&
        equalTexts(this.view, slots[slot + START]! >>> 0, view, from, length)
      )
        return slot;
      slot = (slot + SLOT) & mask;
    }
    return slot;
  }

  private append(view: DataView, from: number, to: number): number {
    const number = this.count++;
    const end = this.used + to - from;
    if (end + PADDING > this.pool.length) this.enlargePool(end + PADDING);
    // A subarray and `set` cost more than the copy: most texts have fewer than fifty bytes.
    for (let at = 0; at < to - from; at += 4) this.view.setInt32(this.used + at, view.getInt32(from + at, true), true);
    if (number + 2 > this.starts.length)
      this.starts = enlarged(this.starts, new Uint32Array(larger(this.starts.length)));
    this.starts[number] = this.used;
    this.starts[number + 1] = end;
    this.used = end;
    return number;
  }

  private enlargePool(needed: number): void {
    this.pool = enlarged(this.pool, new Uint8Array(Math.max(larger(this.pool.length), needed)));
    this.view = new DataView(this.pool.buffer);
  }

  /** All texts in a table of so many words, or of twice as many until it is not full. */
  private indexed(least: number): Int32Array {
    let length = least;
    while (this.isFull(length)) length *= 2;
    const slots = new Int32Array(length);
    const mask = length - 1;
    const old = this.slots;
    const put = (hash: number, held: number, start: number, bytes: number): void => {
      let slot = slotOfHash(hash) & mask;
      while (slots[slot + NUMBER] !== 0) slot = (slot + SLOT) & mask;
      fill(slots, slot, hash, held, start, bytes);
    };
    if (old) {
      for (let at = 0; at < old.length; at += SLOT)
        if (old[at + NUMBER] !== 0) put(old[at]!, old[at + NUMBER]!, old[at + START]!, old[at + LENGTH]!);
      return slots;
    }
    for (let number = 0; number < this.count; number++) {
      const [from, to] = [this.starts[number]!, this.starts[number + 1]!];
      put(hashOf(this.view, from, to), number + 1, from, to - from);
    }
    return slots;
  }
}

const slotOfHash = (hash: number): number => Math.imul(hash, SLOT);

function fill(slots: Int32Array, slot: number, hash: number, held: number, start: number, length: number): void {
  slots[slot] = hash;
  slots[slot + NUMBER] = held;
  slots[slot + START] = start;
  slots[slot + LENGTH] = length;
}

const larger = (length: number): number => (length < GENTLE_FROM ? length * 2 : Math.ceil(length * 1.5));

function enlarged<T extends Uint8Array | Uint32Array>(old: ArrayLike<number>, bigger: T): T {
  bigger.set(old);
  return bigger;
}
