/**
 * Strings ⇄ small numbers. The bytes (UTF-8) lie in one pool and the hash table is a typed array: a million distinct
 * strings cost their bytes and sixteen more each, and no object. A string is made only when somebody looks at it.
 */

import type { Packer, Unpacker } from "./packing";
import { equalTexts, hashOf } from "./text-hash";
import type { TextPattern } from "./text-pattern";

/** Texts that are asked for again and again (methods, hosts) are decoded once. */
const CACHED = 4096;
/** Words are read four bytes at a time, so a pool reaches beyond its last text. */
const PADDING = 4;

export interface PackedInterner {
  count: number;
  pool: number;
  starts: number;
  hashes: number;
}

export class Interner {
  private pool = new Uint8Array(1 << 12);
  private view = new DataView(this.pool.buffer);
  private used = 0;
  /** Start of each string in the pool; its end is the next one's start. */
  private starts = new Uint32Array(256);
  private hashes = new Int32Array(256);
  private count = 0;
  /** Open addressing; 0 is empty, else number + 1. */
  private slots = new Uint32Array(512);
  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  private readonly encoder = new TextEncoder();
  private readonly cache: (string | undefined)[] = [];

  get size(): number {
    return this.count;
  }

  /** Bytes held, for the memory bound. */
  get bytes(): number {
    return this.pool.length + this.starts.byteLength + this.hashes.byteLength + this.slots.byteLength;
  }

  /** The number of a text; texts are equal where their UTF-8 is (lone surrogates become U+FFFD). */
  add(text: string): number {
    const { view, length } = this.encoded(text);
    return this.intern(view, 0, length, hashOf(view, 0, length));
  }

  /** The number of a text that is there already, else −1. */
  find(text: string): number {
    const { view, length } = this.encoded(text);
    const held = this.slots[this.slotOf(view, 0, length, hashOf(view, 0, length))]!;
    return held - 1;
  }

  /** The number of the text whose valid UTF-8 stands at `[from, to)`, with its hash (text-hash.ts). */
  intern(view: DataView, from: number, to: number, hash: number): number {
    const slot = this.slotOf(view, from, to - from, hash);
    const held = this.slots[slot]!;
    return held === 0 ? this.insert(view, from, to, hash, slot) : held - 1;
  }

  pack(out: Packer): PackedInterner {
    const { count, used } = this;
    return {
      count,
      pool: out.put(this.pool.subarray(0, used)),
      starts: out.put(this.starts.subarray(0, count + 1)),
      hashes: out.put(this.hashes.subarray(0, count)),
    };
  }

  /** The slots are made anew: they follow from the hashes. */
  unpack({ count, pool, starts, hashes }: PackedInterner, from: Unpacker): void {
    const bytes = from.take<Uint8Array>(pool);
    this.count = count;
    this.used = bytes.length;
    this.enlargePool(bytes.length + PADDING);
    this.pool.set(bytes);
    this.starts = enlarged(from.take<Uint32Array>(starts), new Uint32Array(count + 256));
    this.hashes = enlarged(from.take<Int32Array>(hashes), new Int32Array(count + 256));
    let slots = this.slots.length;
    while (count * 2 > slots) slots *= 2;
    this.rehash(slots);
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

  private encoded(text: string): { view: DataView; length: number } {
    const bytes = this.encoder.encode(text);
    const padded = new Uint8Array(bytes.length + PADDING);
    padded.set(bytes);
    return { view: new DataView(padded.buffer), length: bytes.length };
  }

  /** Where the text is, or where it would be put. */
  private slotOf(view: DataView, from: number, length: number, hash: number): number {
    const { slots, hashes, starts } = this;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      const start = starts[held - 1]!;
      if (
        hashes[held - 1] === hash &&
        starts[held]! - start === length &&
        equalTexts(this.view, start, view, from, length)
      )
        return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private insert(view: DataView, from: number, to: number, hash: number, slot: number): number {
    const number = this.count++;
    const end = this.used + to - from;
    if (end + PADDING > this.pool.length) this.enlargePool(end + PADDING);
    // A subarray and `set` cost more than the copy: most texts have fewer than fifty bytes.
    for (let at = 0; at < to - from; at += 4) this.view.setInt32(this.used + at, view.getInt32(from + at, true), true);
    if (number + 2 > this.starts.length) {
      this.starts = enlarged(this.starts, new Uint32Array(this.starts.length * 2));
      this.hashes = enlarged(this.hashes, new Int32Array(this.hashes.length * 2));
    }
    this.hashes[number] = hash;
    this.starts[number] = this.used;
    this.starts[number + 1] = end;
    this.used = end;
    this.slots[slot] = number + 1;
    if (this.count * 2 > this.slots.length) this.rehash(this.slots.length * 2);
    return number;
  }

  private enlargePool(needed: number): void {
    this.pool = enlarged(this.pool, new Uint8Array(Math.max(this.pool.length * 2, needed)));
    this.view = new DataView(this.pool.buffer);
  }

  private rehash(length: number): void {
    const slots = new Uint32Array(length);
    const mask = slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      let slot = this.hashes[number]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.slots = slots;
  }
}

function enlarged<T extends Uint8Array | Uint32Array | Int32Array>(old: ArrayLike<number>, bigger: T): T {
  bigger.set(old);
  return bigger;
}
