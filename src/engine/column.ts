/**
 * One growing column of numbers; NaN is unknown. A column that is mostly unknown stays a small map and becomes a typed
 * array once an eighth of it is known, so that a field nobody writes costs nothing a record. A value that does not fit
 * the element type is kept beside it, exactly. Its first elements may be in a file (pages.ts).
 */

import {
  ARRAYS,
  BIAS,
  ELSEWHERE,
  type ElementType,
  F64,
  gatherExact,
  gatherNarrow,
  gatherWide,
  KINDS,
  MOST,
  U8,
  U16,
  U32,
} from "./elements";
import type { Packer, Unpacker } from "./packing";
import { type Elements, PagedElements, type Pages } from "./pages";

const FIRST_CAPACITY = 1024;
const SPARSE_UP_TO = 64;
/** Doubling, but by half from here on: the slack of a large column is memory that nobody reads. */
const GENTLE_FROM = 1 << 16;
/** Of the elements in memory so many go to a file at once, when some have to. */
const RELEASED = 3 / 4;

export interface PackedColumn {
  elements: number | null;
  beside: number;
}

export class Column {
  private readonly kind: number;
  /** Elements there is room for, the first of which are in a file. */
  private capacity = 0;
  /** The first element that is in memory. */
  private held = 0;
  private paged: PagedElements | null = null;
  private isDense = false;
  /** How many elements there will be, as far as anybody knows. */
  private expected = 0;
  // One of these is used. An access that always meets the same array type is several times faster than a shared one.
  private u8: Uint8Array = new Uint8Array();
  private u16: Uint16Array = new Uint16Array();
  private u32: Uint32Array = new Uint32Array();
  private f64: Float64Array = new Float64Array();
  private beside = new Map<number, number>();
  /** What a value is stored above. */
  readonly bias: number;
  private readonly most: number;

  constructor(readonly type: ElementType) {
    this.kind = KINDS[type];
    this.bias = BIAS[type];
    this.most = MOST[this.kind]!;
  }

  get(index: number): number {
    if (!this.isDense) return this.beside.get(index) ?? Number.NaN;
    if (!(index < this.capacity)) return Number.NaN;
    const stored = this.element(index);
    if (this.kind === F64) return stored;
    if (stored > ELSEWHERE) return stored - this.bias;
    return stored === ELSEWHERE ? this.beside.get(index)! : Number.NaN;
  }

  /** The values at many places; NaN where there is none. */
  gather(places: Uint32Array): Float64Array {
    const found = new Float64Array(places.length);
    if (this.isEmpty) return found.fill(Number.NaN);
    const meaning = { bias: this.bias, beside: this.beside };
    if (!this.isDense || this.held > 0) for (let at = 0; at < places.length; at++) found[at] = this.get(places[at]!);
    else if (this.kind === U8) gatherNarrow(this.u8, meaning, places, found);
    else if (this.kind === U16) gatherNarrow(this.u16, meaning, places, found);
    else if (this.kind === U32) gatherWide(this.u32, meaning, places, found);
    else gatherExact(this.f64, places, found);
    return found;
  }

  /** The values at many places of a column of numbers of records; `unknown` where there is none. */
  gatherNumbers(places: Uint32Array, unknown: number): Uint32Array {
    const found = new Uint32Array(places.length);
    if (this.isEmpty) return found.fill(unknown);
    const { u32, bias } = this;
    const inMemory = this.isDense && this.held === 0 && this.kind === U32;
    for (let at = 0; at < places.length; at++) {
      const place = places[at]!;
      const stored = inMemory && place < u32.length ? u32[place]! : ELSEWHERE;
      if (stored === ELSEWHERE) {
        const value = this.get(place);
        found[at] = Number.isNaN(value) ? unknown : value;
      } else found[at] = stored === 0 ? unknown : stored - bias;
    }
    return found;
  }

  /** Its elements as they are stored, where all are in memory in an array; those behind them are unknown. */
  get inMemory(): Elements | null {
    return this.isDense && this.held === 0 ? this.elements : null;
  }

  /** Room for so many elements is taken at once, when the first of them comes. */
  expect(count: number): void {
    this.expected = Math.max(this.expected, count);
  }

  /** Whether no value was ever known. */
  get isEmpty(): boolean {
    return !this.isDense && this.beside.size === 0;
  }

  set(index: number, value: number): void {
    const stored = value + this.bias;
    // Nearly always: a capacity says that it is dense, and a greatest value that it is no double.
    if (index < this.capacity && stored > ELSEWHERE && stored <= this.most && Math.floor(value) === value)
      this.put(index, stored);
    else if (this.isDense) this.store(index, value);
    else if (Number.isNaN(value)) this.beside.delete(index);
    else {
      this.beside.set(index, value);
      if (this.beside.size > SPARSE_UP_TO && this.beside.size * 8 > index) this.densify(index);
    }
  }

  /** Those of many values that are known, the first of which has an index. */
  setAll(first: number, values: Float64Array): void {
    for (let at = 0; at < values.length; ) {
      const end = this.isDense ? Math.min(values.length, this.capacity - first) : 0;
      if (at < end) {
        if (this.kind === F64) this.f64.set(values.subarray(at, end), first + at - this.held);
        else this.storeIn(this.elements, values, at, end, first);
        at = end;
      } else {
        // Room is made, or what is known is counted, one by one.
        if (!Number.isNaN(values[at]!)) this.set(first + at, values[at]!);
        at++;
      }
    }
  }

  /** Bytes held, for the memory bound. */
  get bytes(): number {
    return this.elements.byteLength + this.beside.size * 40;
  }

  /** Most of the elements in memory, the oldest of `count`, go to a file; they are still to be had and to be changed. */
  release(count: number, pages: Pages): void {
    if (!this.isDense) return;
    const { held, elements } = this;
    this.paged ??= new PagedElements(pages, ARRAYS[this.kind]!);
    const { perPage } = this.paged;
    const end = Math.min(count, this.capacity);
    const whole = Math.floor(Math.max(0, end - held) / perPage);
    const released = Math.ceil(whole * RELEASED) * perPage;
    if (released === 0) return;
    for (let at = 0; at < released; at += perPage) this.paged.append(elements.subarray(at, at + perPage));
    this.held += released;
    this.capacity = end;
    this.expected = 0;
    this.elements = elements.slice(released, end - held);
  }

  /** The first `count` values, all of which are in memory. */
  pack(out: Packer, count: number): PackedColumn {
    return {
      elements: this.isDense ? out.put(this.elements.subarray(0, Math.min(count, this.capacity))) : null,
      beside: out.put(Float64Array.from([...this.beside].flat())),
    };
  }

  unpack({ elements, beside }: PackedColumn, from: Unpacker): void {
    const pairs = from.take<Float64Array>(beside);
    for (let at = 0; at < pairs.length; at += 2) this.beside.set(pairs[at]!, pairs[at + 1]!);
    if (elements === null) return;
    this.isDense = true;
    this.capacity = from.take(elements).length;
    this.elements = from.take(elements);
  }

  /** The array that is used. */
  private get elements(): Elements {
    return [this.u8, this.u16, this.u32, this.f64][this.kind]!;
  }

  private set elements(elements: Elements) {
    if (elements instanceof Uint8Array) this.u8 = elements;
    else if (elements instanceof Uint16Array) this.u16 = elements;
    else if (elements instanceof Uint32Array) this.u32 = elements;
    else this.f64 = elements;
  }

  private store(index: number, value: number): void {
    if (index >= this.capacity) this.grow(index + 1);
    const stored = value + this.bias;
    if (this.kind === F64) this.put(index, value);
    // What stood beside is found by its marker alone, so a stale entry is only memory.
    else if (stored > ELSEWHERE && stored <= this.most && Math.floor(value) === value) this.put(index, stored);
    else if (Number.isNaN(value)) this.put(index, 0);
    else {
      this.put(index, ELSEWHERE);
      this.beside.set(index, value);
    }
  }

  private storeIn(elements: Elements, values: Float64Array, from: number, to: number, first: number): void {
    const { bias, most } = this;
    const place = first - this.held;
    for (let at = from; at < to; at++) {
      const value = values[at]!;
      const stored = value + bias;
      if (stored > ELSEWHERE && stored <= most && Math.floor(value) === value) elements[place + at] = stored;
      else if (!Number.isNaN(value)) this.store(first + at, value);
    }
  }

  private element(index: number): number {
    const at = index - this.held;
    if (at < 0) return this.paged!.get(index);
    switch (this.kind) {
      case U8:
        return this.u8[at]!;
      case U16:
        return this.u16[at]!;
      case U32:
        return this.u32[at]!;
      default:
        return this.f64[at]!;
    }
  }

  private put(index: number, stored: number): void {
    const at = index - this.held;
    if (at < 0) {
      this.paged!.set(index, stored);
      return;
    }
    switch (this.kind) {
      case U8:
        this.u8[at] = stored;
        break;
      case U16:
        this.u16[at] = stored;
        break;
      case U32:
        this.u32[at] = stored;
        break;
      default:
        this.f64[at] = stored;
    }
  }

  private densify(index: number): void {
    const sparse = this.beside;
    this.beside = new Map();
    this.isDense = true;
    this.grow(index + 1);
    for (const [at, value] of sparse) this.store(at, value);
  }

  private grow(needed: number): void {
    const from = this.capacity - this.held;
    const least = needed - this.held;
    let length = from || FIRST_CAPACITY;
    while (length < least) length = length < GENTLE_FROM ? length * 2 : Math.ceil(length * 1.5);
    if (needed <= this.expected) length = this.expected - this.held;
    this.capacity = this.held + length;
    if (this.kind === U8) this.u8 = larger(this.u8, new Uint8Array(length));
    else if (this.kind === U16) this.u16 = larger(this.u16, new Uint16Array(length));
    else if (this.kind === U32) this.u32 = larger(this.u32, new Uint32Array(length));
    else this.f64 = larger(this.f64, new Float64Array(length)).fill(Number.NaN, from);
  }
}

function larger<T extends { set(from: ArrayLike<number>): void }>(old: ArrayLike<number>, made: T): T {
  made.set(old);
  return made;
}
