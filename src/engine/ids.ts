/**
 * Request ids ⇄ numbers. Nearly all are a trace and a span id, `<32 hex>-<16 hex>`, and lie packed as 24 bytes each; any
 * other text stands in an interner, with its number in its place here. About every request has an id of its own: so an
 * id is only appended, and equal ones are found out once somebody wants to join by them (`index`).
 */
import { bitsOf, spell } from "./hex";
import { Interner, type PackedInterner } from "./interner";
import type { Packer, Unpacker } from "./packing";
import { interlude, STEP } from "./steps";
import { hashOf, hashOfWords } from "./text-hash";
import type { HexWord, TextPattern } from "./text-pattern";
import { Utf8 } from "./utf8";

/** Words of a packed id. */
export const ID_WORDS = 6;
/** Bytes of a trace and a span id, and where the dash between them stands: before the fifth word. */
export const ID_LENGTH = 49;
const DASH_AT = 32;
const DASH_BEFORE = 4;
const DASH = 45;
const FIRST_CAPACITY = 256;
/** The lowest and the highest bit of each byte of a word. */
const EACH_BYTE = 0x0101_0101;
const HIGH_BITS = 0x8080_8080 | 0;
/** Doubling, but by half from here on. */
const GENTLE_FROM = 1 << 16;

export interface PackedIds {
  count: number;
  words: number;
  others: number;
  texts: PackedInterner;
}

export class Ids {
  private words = new Int32Array(FIRST_CAPACITY * ID_WORDS);
  /** A bit an id: set where its first word is a number of `texts`. */
  private others = new Uint8Array(FIRST_CAPACITY / 8);
  private readonly texts = new Interner();
  private count = 0;
  private expected = 0;
  private joined = false;
  /**
   * Open addressing, 0 is empty, else number + 1 and, in the bits above the mask that no number reaches, those of the id's
   * hash: so others that stand in its way are passed by without a look at them. Null while nobody needs it.
   */
  private slots: Uint32Array | null = null;
  /** Of what was asked of memory ahead, so that it is read. */
  private warmed = 0;
  /** An id as text, for whoever looks at it. */
  private readonly scratch = new Uint8Array(ID_LENGTH);
  private readonly utf8 = new Utf8();

  get size(): number {
    return this.count;
  }

  /** Bytes held, for the memory bound. */
  get bytes(): number {
    return this.words.byteLength + this.others.length + this.texts.bytes + (this.slots?.byteLength ?? 0);
  }

  /** Room for so many is taken at once, when it is next short. */
  expect(count: number): void {
    this.expected = Math.max(this.expected, count);
  }

  add(text: string): number {
    const length = this.utf8.encode(text);
    return this.intern(this.utf8.view, 0, length);
  }

  /** The number of the id whose valid UTF-8 stands at `[from, to)`; `view` reaches three bytes beyond. */
  intern(view: DataView, from: number, to: number): number {
    const packed = to - from === ID_LENGTH ? this.internPacked(view, from) : -1;
    if (packed >= 0) return packed;
    if (this.count * ID_WORDS === this.words.length) this.grow();
    const { count, words } = this;
    words.fill(0, count * ID_WORDS, (count + 1) * ID_WORDS);
    words[count * ID_WORDS] = this.texts.intern(view, from, to, hashOf(view, from, to));
    this.others[count >> 3]! |= 1 << (count & 7);
    return this.kept();
  }

  /** The number of the trace and span id that begins at a place; −1 where none does. */
  internPacked(view: DataView, from: number): number {
    if (this.count * ID_WORDS === this.words.length) this.grow();
    return packId(view, from, this.words, this.count * ID_WORDS) ? this.keptPacked() : -1;
  }

  /** The number of an id that was packed elsewhere. */
  internWords(words: Int32Array, from: number): number {
    if (this.joined) {
      const held = this.heldOf(words, from, false);
      if (held < this.count) return held;
    }
    if (this.count * ID_WORDS === this.words.length) this.grow();
    for (let word = 0; word < ID_WORDS; word++) this.words[this.count * ID_WORDS + word] = words[from + word]!;
    this.others[this.count >> 3]! &= ~(1 << (this.count & 7));
    return this.count++;
  }

  /**
   * Asks memory for what looking up packed ids will read, whose numbers among some words are in a column: so nobody waits for
   * one after the other.
   */
  warm(words: Int32Array, column: Float64Array): void {
    const { slots } = this;
    if (!this.joined || slots === null) return;
    for (let at = 0; at < column.length; at++)
      if (column[at]! >= 0)
        this.warmed ^= slots[hashOfWords(words, column[at]! * ID_WORDS, ID_WORDS) & (slots.length - 1)]!;
  }

  text(number: number): string {
    if (this.isOther(number)) return this.texts.text(this.words[number * ID_WORDS]!);
    return String.fromCharCode(...this.spelt(number));
  }

  matches(number: number, pattern: TextPattern): boolean {
    if (this.isOther(number)) return this.texts.matches(this.words[number * ID_WORDS]!, pattern);
    if (!pattern.isOfHex) return false;
    const word = pattern.hexWord;
    // Most ids do not have the word, and are not spelt to find that out.
    if (word !== null && !this.hasDigits(number, word)) return false;
    return (word !== null && word.length === word.digits) || pattern.matches(this.spelt(number), 0, ID_LENGTH);
  }

  /** 1 for each of the ids [from, to) that the pattern matches. */
  matching(pattern: TextPattern, from: number, to: number): Uint8Array {
    const matched = new Uint8Array(to - from);
    const bytes = pattern.isOfHex ? pattern.hexBytes : null;
    const { words } = this;
    const [first, second] = (bytes ?? [0, 0]).map((byte) => Math.imul(byte, EACH_BYTE)) as [number, number];
    for (let number = from; number < to; number++) {
      // Most are ruled out by the bytes that they do not have.
      let hits = bytes === null ? 1 : 0;
      for (let word = number * ID_WORDS; word < (number + 1) * ID_WORDS; word++)
        hits |= zeroBytes(words[word]! ^ first) | zeroBytes(words[word]! ^ second);
      if ((hits !== 0 || this.isOther(number)) && this.matches(number, pattern)) matched[number - from] = 1;
    }
    return matched;
  }

  /** Whether a packed id has a word's first digits, within its trace's or its span's. */
  private hasDigits(number: number, { digits, bits, mask }: HexWord): boolean {
    let window = 0;
    let seen = 0;
    for (let word = 0; word < ID_WORDS; word++) {
      if (word === DASH_BEFORE) seen = 0;
      const packed = this.words[number * ID_WORDS + word]!;
      for (let shift = 28; shift >= 0; shift -= 4) {
        window = (window << 4) | ((packed >>> shift) & 0xf);
        if (++seen >= digits && (window & mask) === bits) return true;
      }
    }
    return false;
  }

  /** From now on equal ids get equal numbers. */
  join(): void {
    this.joined = true;
  }

  /** Of each number given so far: 1 where an earlier one stands for the same id. */
  repeats(): Uint8Array {
    const repeated = new Uint8Array(this.count);
    this.slots = this.indexed(roomFor(Math.max(this.count + 1, this.expected)), repeated);
    return repeated;
  }

  /** The first number that an id got, of those that were given before `join`. */
  canonical(number: number): number {
    return this.heldOf(this.words, number * ID_WORDS, this.isOther(number), number);
  }

  pack(out: Packer): PackedIds {
    const { count } = this;
    return {
      count,
      words: out.put(this.words.subarray(0, count * ID_WORDS)),
      others: out.put(this.others.subarray(0, (count + 7) >> 3)),
      texts: this.texts.pack(out),
    };
  }

  unpack({ count, words, others, texts }: PackedIds, from: Unpacker): void {
    this.count = count;
    this.words = from.take(words);
    this.others = from.take(others);
    this.texts.unpack(texts, from);
  }

  private isOther(number: number): boolean {
    return ((this.others[number >> 3]! >> (number & 7)) & 1) === 1;
  }

  /** The first number that stands for an id; where none does, it is from now on `number`: the next one unless it has one. */
  private heldOf(words: Int32Array, from: number, isOther: boolean, number = this.count): number {
    const least = Math.max(this.count + 1, this.expected);
    if (this.slots === null || (this.count + 1) * 3 > this.slots.length * 2) this.slots = this.indexed(roomFor(least));
    const { slots } = this;
    const mask = slots.length - 1;
    const hash = hashOfWords(words, from, ID_WORDS);
    const slot = this.slotOf(slots, words, from, isOther, hash);
    if (slots[slot] === 0) slots[slot] = (hash & ~mask) | (number + 1);
    return (slots[slot]! & mask) - 1;
  }

  private keptPacked(): number {
    this.others[this.count >> 3]! &= ~(1 << (this.count & 7));
    return this.kept();
  }

  /** Keeps the id that was just written behind the others, unless it is there already. */
  private kept(): number {
    const number = this.joined ? this.canonical(this.count) : this.count;
    if (number === this.count) this.count++;
    return number;
  }

  private spelt(number: number): Uint8Array {
    for (let word = 0; word < ID_WORDS; word++)
      spell(this.words[number * ID_WORDS + word]!, this.scratch, word * 8 + (word < DASH_BEFORE ? 0 : 1));
    this.scratch[DASH_AT] = DASH;
    return this.scratch;
  }

  private indexed(length: number, repeated?: Uint8Array): Uint32Array {
    const { words } = this;
    const slots = new Uint32Array(length);
    const mask = length - 1;
    // Where several numbers have one id, the first of them stands for it.
    for (let number = 0; number < this.count; number++) {
      if (number % STEP === STEP - 1) interlude();
      const from = number * ID_WORDS;
      const hash = hashOfWords(words, from, ID_WORDS);
      const slot = this.slotOf(slots, words, from, this.isOther(number), hash);
      if (slots[slot] === 0) slots[slot] = (hash & ~mask) | (number + 1);
      else if (repeated) repeated[number] = 1;
    }
    return slots;
  }

  /** Where an id is, or where it would be put. */
  private slotOf(slots: Uint32Array, words: Int32Array, from: number, isOther: boolean, hash: number): number {
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      if (((held ^ hash) & ~mask) === 0 && this.isEqual((held & mask) - 1, words, from, isOther)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private isEqual(number: number, words: Int32Array, from: number, isOther: boolean): boolean {
    const held = number * ID_WORDS;
    for (let word = 0; word < ID_WORDS; word++) if (this.words[held + word] !== words[from + word]) return false;
    return this.isOther(number) === isOther;
  }

  private grow(): void {
    const { count } = this;
    const more = Math.max(FIRST_CAPACITY, count < GENTLE_FROM ? count * 2 : count * 1.5);
    const capacity = Math.ceil((this.expected > count ? this.expected : more) / 8) * 8;
    const { words, others } = this;
    this.words = new Int32Array(capacity * ID_WORDS);
    this.words.set(words);
    this.others = new Uint8Array(capacity / 8);
    this.others.set(others);
  }
}

/** Not 0 where one of a word's bytes is. */
const zeroBytes = (word: number): number => (word - EACH_BYTE) & ~word & HIGH_BITS;

/** Packs the trace and span id that begins at a place; false where none does. */
export function packId(view: DataView, from: number, into: Int32Array, at: number): boolean {
  if (view.getUint8(from + DASH_AT) !== DASH) return false;
  for (let word = 0; word < ID_WORDS; word++) {
    const place = from + word * 8 + (word < DASH_BEFORE ? 0 : 1);
    const high = bitsOf(view, place);
    const low = bitsOf(view, place + 4);
    if ((high | low) < 0) return false;
    into[at + word] = (high << 16) | low;
  }
  return true;
}

/** A power of two, of which at most two thirds will be taken. */
function roomFor(count: number): number {
  let length = 512;
  while (count * 3 > length * 2) length *= 2;
  return length;
}
