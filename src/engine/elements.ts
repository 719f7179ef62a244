/** The elements of a column as they are stored: their types, what a stored number stands for, and many of them at once. */

export type ElementType = "u8" | "u16" | "u32" | "i32" | "f64";

export const U8 = 0;
export const U16 = 1;
export const U32 = 2;
export const F64 = 3;
export const ARRAYS = [Uint8Array, Uint16Array, Uint32Array, Float64Array] as const;
export const KINDS: Record<ElementType, number> = { u8: U8, u16: U16, u32: U32, i32: U32, f64: F64 };
/** What a value is stored above: a stored 0 is "unknown", so that fresh memory needs no filling; 1 is `ELSEWHERE`. */
export const BIAS: Record<ElementType, number> = { u8: 2, u16: 2, u32: 2, i32: 0x8000_0000, f64: 0 };
/** The greatest stored number, by kind; doubles are stored as they are. */
export const MOST = [0xff, 0xffff, 0xffff_ffff, 0];
/** Stored for a value that does not fit, and stands beside the array. */
export const ELSEWHERE = 1;

/** What stored numbers stand for. */
interface Meaning {
  readonly bias: number;
  /** Values that do not fit, by place. */
  readonly beside: ReadonlyMap<number, number>;
}

/**
 * The values at many places; NaN where there is none. Each value is stored where it is found: in a variable that may hold
 * what a map gave, every number would be an object of its own.
 */
export function gatherNarrow(
  elements: ArrayLike<number>,
  { bias, beside }: Meaning,
  places: Uint32Array,
  into: Float64Array,
): void {
  const { length } = elements;
  for (let at = 0; at < places.length; at++) {
    const place = places[at]!;
    const stored = place < length ? elements[place]! : 0;
    if (stored > ELSEWHERE) into[at] = stored - bias;
    else into[at] = stored === ELSEWHERE ? beside.get(place)! : Number.NaN;
  }
}

/** The same of stamps, which are most of what is gathered: code that has met one type of array only is faster. */
export function gatherWide(u32: Uint32Array, { bias, beside }: Meaning, places: Uint32Array, into: Float64Array): void {
  for (let at = 0; at < places.length; at++) {
    const place = places[at]!;
    const stored = place < u32.length ? u32[place]! : 0;
    if (stored > ELSEWHERE) into[at] = stored - bias;
    else into[at] = stored === ELSEWHERE ? beside.get(place)! : Number.NaN;
  }
}

/** The same of doubles, which are stored as they are. */
export function gatherExact(f64: Float64Array, places: Uint32Array, into: Float64Array): void {
  for (let at = 0; at < places.length; at++) into[at] = places[at]! < f64.length ? f64[places[at]!]! : Number.NaN;
}
