/**
 * Strings ⇄ small numbers. The bytes (UTF-8) lie in one pool and the hash table is a typed array: a million distinct
 * strings cost their bytes and twelve more each, and no object. A string is made only when somebody looks at it.
 */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
/** Texts that are asked for again and again (methods, hosts) are decoded once. */
const CACHED = 4096;

export class Interner {
  private pool = new Uint8Array(1 << 12);
  private used = 0;
  /** Start of each string in the pool; its end is the next one's start. */
  private starts = new Uint32Array(256);
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
    return this.pool.length + this.starts.byteLength + this.slots.byteLength;
  }

  /** The number of a text; texts are equal where their UTF-8 is (lone surrogates become U+FFFD). */
  add(text: string): number {
    const bytes = this.encoder.encode(text);
    return this.intern(bytes, 0, bytes.length);
  }

  /** The number of `bytes[from, to)`, which must be valid UTF-8. */
  intern(bytes: Uint8Array, from: number, to: number): number {
    const mask = this.slots.length - 1;
    let slot = hash(bytes, from, to) & mask;
    for (let held = this.slots[slot]!; held !== 0; held = this.slots[slot]!) {
      if (this.equals(held - 1, bytes, from, to)) return held - 1;
      slot = (slot + 1) & mask;
    }
    return this.insert(bytes, from, to, slot);
  }

  /** The number of a text that is there already, else −1. */
  find(text: string): number {
    const bytes = this.encoder.encode(text);
    const mask = this.slots.length - 1;
    let slot = hash(bytes, 0, bytes.length) & mask;
    for (let held = this.slots[slot]!; held !== 0; held = this.slots[slot]!) {
      if (this.equals(held - 1, bytes, 0, bytes.length)) return held - 1;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  text(number: number): string {
    const cached = this.cache[number];
    if (cached !== undefined) return cached;
    const text = this.decoder.decode(this.pool.subarray(this.starts[number]!, this.starts[number + 1]!));
    if (number < CACHED) this.cache[number] = text;
    return text;
  }

  private equals(number: number, bytes: Uint8Array, from: number, to: number): boolean {
    let at = this.starts[number]!;
    if (this.starts[number + 1]! - at !== to - from) return false;
    const pool = this.pool;
    for (let i = from; i < to; i++) if (pool[at++] !== bytes[i]) return false;
    return true;
  }

  private insert(bytes: Uint8Array, from: number, to: number, slot: number): number {
    const number = this.count++;
    const end = this.used + to - from;
    if (end > this.pool.length) this.pool = enlarged(this.pool, new Uint8Array(Math.max(this.pool.length * 2, end)));
    this.pool.set(bytes.subarray(from, to), this.used);
    if (number + 2 > this.starts.length) this.starts = enlarged(this.starts, new Uint32Array(this.starts.length * 2));
    this.starts[number] = this.used;
    this.starts[number + 1] = end;
    this.used = end;
    this.slots[slot] = number + 1;
    if (this.count * 2 > this.slots.length) this.rehash();
    return number;
  }

  private rehash(): void {
    const slots = new Uint32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      let slot = hash(this.pool, this.starts[number]!, this.starts[number + 1]!) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.slots = slots;
  }
}

function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = FNV_OFFSET;
  for (let i = from; i < to; i++) value = Math.imul(value ^ bytes[i]!, FNV_PRIME);
  // FNV's low bits mix little of the last byte's high ones.
  return (value ^ (value >>> 15)) >>> 0;
}

function enlarged<T extends Uint8Array | Uint32Array>(old: T, bigger: T): T {
  bigger.set(old as never);
  return bigger;
}
