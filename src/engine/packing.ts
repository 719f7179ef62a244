/**
 * A store as a few large arrays and a little JSON, for the index beside a log: what `pack` gives, `unpack` takes. Arrays
 * are named by their place among the packed ones.
 */

export type PackedArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

export class Packer {
  readonly arrays: PackedArray[] = [];

  put(array: PackedArray): number {
    return this.arrays.push(array) - 1;
  }
}

export class Unpacker {
  constructor(private readonly arrays: readonly PackedArray[]) {}

  take<T extends PackedArray>(place: number): T {
    const array = this.arrays[place];
    if (!array) throw new RangeError("the index has no such array");
    return array as T;
  }
}
