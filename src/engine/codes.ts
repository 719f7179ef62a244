/** Values as numbers from 0 on, in order of first sight: what groups are counted and laid out by. */

import { interlude, STEP } from "./steps";

/** Values up to here are looked up in a table, others in a map. */
const DENSE = 1 << 16;

export interface Codes {
  /** Of each value, by its place. */
  readonly codeOf: Uint32Array;
  /** Where each code is seen first. */
  readonly firsts: readonly number[];
}

/** NaN is a value like others. */
export function codesOf(values: ArrayLike<number>): Codes {
  const codeOf = new Uint32Array(values.length);
  const firsts: number[] = [];
  // A code + 1; 0 has not been seen.
  const dense = new Uint32Array(DENSE);
  const sparse = new Map<number, number>();
  for (let at = 0; at < codeOf.length; at++) {
    if (at % STEP === STEP - 1) interlude();
    const value = values[at]!;
    const isDense = value >>> 0 === value && value < DENSE;
    let code = isDense ? dense[value]! : (sparse.get(value) ?? 0);
    if (code === 0) {
      code = firsts.push(at);
      if (isDense) dense[value] = code;
      else sparse.set(value, code);
    }
    codeOf[at] = code - 1;
  }
  return { codeOf, firsts };
}

/** The places of each code's values among all, laid out code by code: those of code n from offsets[n] to offsets[n + 1]. */
export function offsetsOf(codeOf: Uint32Array, codes: number): Uint32Array {
  const offsets = new Uint32Array(codes + 1);
  for (let at = 0; at < codeOf.length; at++) offsets[codeOf[at]! + 1]!++;
  for (let code = 0; code < codes; code++) offsets[code + 1]! += offsets[code]!;
  return offsets;
}
