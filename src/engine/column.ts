/**
 * One growing column of numbers; NaN is unknown. A column that is mostly unknown stays a small map and becomes a typed
 * array once an eighth of it is known, so that a field nobody writes costs nothing a record. A value that does not fit
 * the element type is kept beside it, exactly.
 */

export const ELEMENTS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, i32: Int32Array, f64: Float64Array };
export type ElementType = keyof typeof ELEMENTS;
type Elements = InstanceType<(typeof ELEMENTS)[ElementType]>;

/** Per integer type the stored value of "unknown"; the next value inwards says "look in `beside`". */
const ABSENT: Record<ElementType, number> = {
  u8: 0xff,
  u16: 0xffff,
  u32: 0xffff_ffff,
  i32: -0x8000_0000,
  f64: Number.NaN,
};
const ELSEWHERE: Record<ElementType, number> = {
  u8: 0xfe,
  u16: 0xfffe,
  u32: 0xffff_fffe,
  i32: -0x7fff_ffff,
  f64: Number.NaN,
};
const FIRST_CAPACITY = 1024;
const SPARSE_UP_TO = 64;
/** Doubling, but by half from here on: the slack of a large column is memory that nobody reads. */
const GENTLE_FROM = 1 << 20;

export class Column {
  private data: Elements | null = null;
  private beside = new Map<number, number>();
  private readonly absent: number;
  private readonly elsewhere: number;
  private readonly least: number;
  private readonly most: number;

  constructor(readonly type: ElementType) {
    this.absent = ABSENT[type];
    this.elsewhere = ELSEWHERE[type];
    this.least = type === "i32" ? this.elsewhere + 1 : 0;
    this.most = type === "i32" ? 0x7fff_ffff : this.elsewhere - 1;
  }

  get(index: number): number {
    const data = this.data;
    if (data === null) return this.beside.get(index) ?? Number.NaN;
    if (index >= data.length) return Number.NaN;
    const value = data[index]!;
    if (value === this.absent) return Number.NaN;
    return value === this.elsewhere ? this.beside.get(index)! : value;
  }

  set(index: number, value: number): void {
    if (this.data === null) {
      if (Number.isNaN(value)) {
        this.beside.delete(index);
        return;
      }
      this.beside.set(index, value);
      if (this.beside.size > SPARSE_UP_TO && this.beside.size * 8 > index) this.densify(index);
    } else this.store(index, value);
  }

  /** Bytes held, for the memory bound. */
  get bytes(): number {
    return (this.data?.byteLength ?? 0) + this.beside.size * 40;
  }

  private store(index: number, value: number): void {
    const data = index < this.data!.length ? this.data! : this.grow(index + 1);
    if (this.type === "f64") data[index] = value;
    else if (value >= this.least && value <= this.most && Math.trunc(value) === value) {
      // What stood beside is found by its marker alone, so a stale entry is only memory.
      data[index] = value;
    } else if (Number.isNaN(value)) data[index] = this.absent;
    else {
      data[index] = this.elsewhere;
      this.beside.set(index, value);
    }
  }

  private densify(index: number): void {
    const sparse = this.beside;
    this.beside = new Map();
    this.grow(index + 1);
    for (const [at, value] of sparse) this.store(at, value);
  }

  private grow(needed: number): Elements {
    const old = this.data;
    let capacity = old?.length || FIRST_CAPACITY;
    while (capacity < needed) capacity = capacity < GENTLE_FROM ? capacity * 2 : Math.ceil(capacity * 1.5);
    const data = new ELEMENTS[this.type](capacity);
    if (old) data.set(old);
    data.fill(this.absent, old?.length ?? 0);
    this.data = data;
    return data;
  }
}
