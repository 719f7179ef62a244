/**
 * A store as a few large arrays and a little JSON, for the index beside a log: what `pack` gives, `unpack` takes. Arrays
 * are named by their place among the packed ones.
 */

export type PackedArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export class Packer {
  readonly arrays: PackedArray[] = [];

  put(array: PackedArray): number {
    return this.arrays.push(array) - 1;
  }
}

const TYPES = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array };
/** A typed array must begin at a multiple of its elements' size. */
const ALIGNMENT = 8;

/** Type and length of each array, in the order of their bytes. */
export type ArrayList = [type: keyof typeof TYPES, length: number][];

export const listOf = (arrays: readonly PackedArray[]): ArrayList =>
  arrays.map((array) => [array.constructor.name as keyof typeof TYPES, array.length]);

/** To the next place that an array may begin at. */
export const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

/** The arrays whose bytes stand from an aligned place on, each aligned; null where there are too few bytes. */
export function arraysIn(bytes: Uint8Array<ArrayBuffer>, from: number, list: ArrayList): PackedArray[] | null {
  const whole = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes);
  const arrays: PackedArray[] = [];
  let at = from;
  for (const [type, length] of list) {
    const Made = TYPES[type];
    if (at + length * Made.BYTES_PER_ELEMENT > whole.length) return null;
    arrays.push(new Made(whole.buffer, whole.byteOffset + at, length));
    at = aligned(at + length * Made.BYTES_PER_ELEMENT);
  }
  return arrays;
}

/** What `arraysIn` reads. */
export function bytesOf(arrays: readonly PackedArray[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(arrays.reduce((sum, array) => sum + aligned(array.byteLength), 0));
  let at = 0;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += aligned(array.byteLength);
  }
  return bytes;
}

export class Unpacker {
  constructor(private readonly arrays: readonly PackedArray[]) {}

  take<T extends PackedArray>(place: number): T {
    const array = this.arrays[place];
    if (!array) throw new RangeError("the index has no such array");
    return array as T;
  }
}
