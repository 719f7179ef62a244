/** Orders interned texts by their bytes, a few bytes at a time, without making strings of them. */
import type { Interner } from "./interner";
import { sortSteps } from "./sort";
import { finish, inSteps, ROWS_A_STEP, type Steps } from "./steps";

/** So many bytes and an end mark each fit a double exactly. */
const BYTES_A_KEY = 5;
const BASE = 257;
/** Runs of fewer are compared byte by byte. */
const FEW = 16;
const RUNS_A_STEP = 1024;

/** The rank of each text that `wanted` marks, among all of those; others are NaN. Equal texts have equal numbers. */
export function textRanks(pool: Interner, wanted: Uint8Array): Float64Array {
  return finish(textRankSteps(pool, wanted));
}

export function* textRankSteps(pool: Interner, wanted: Uint8Array): Steps<Float64Array> {
  let count = 0;
  const numbers = new Uint32Array(wanted.length);
  for (let number = 0; number < wanted.length; number++) if (wanted[number]) numbers[count++] = number;
  const order = yield* ordered(pool, numbers.subarray(0, count), 0);
  const ranks = new Float64Array(wanted.length).fill(Number.NaN);
  for (let rank = 0; rank < count; rank++) ranks[order[rank]!] = rank;
  return ranks;
}

/** The texts in order, when all before `offset` is equal. */
function* ordered(pool: Interner, numbers: Uint32Array, offset: number): Steps<Uint32Array> {
  if (numbers.length <= FEW) return numbers.slice().sort((a, b) => compared(pool, a, b, offset));
  const keys = new Float64Array(numbers.length);
  yield* inSteps(numbers.length, ROWS_A_STEP, (from, to) => {
    for (let at = from; at < to; at++) keys[at] = keyAt(pool, numbers[at]!, offset);
  });
  const sorted = yield* sortSteps(numbers, keys, false);
  let runs = 0;
  for (let from = 0; from < sorted.length; ) {
    const key = keyAt(pool, sorted[from]!, offset);
    let to = from + 1;
    while (to < sorted.length && keyAt(pool, sorted[to]!, offset) === key) to++;
    // A key that has an end mark in it is the same text to its end.
    if (to - from > 1 && key % BASE !== 0)
      sorted.set(yield* ordered(pool, sorted.subarray(from, to), offset + BYTES_A_KEY), from);
    from = to;
    if (++runs % RUNS_A_STEP === 0) yield;
  }
  return sorted;
}

function keyAt(pool: Interner, number: number, offset: number): number {
  let key = 0;
  for (let at = 0; at < BYTES_A_KEY; at++) key = key * BASE + pool.byteAt(number, offset + at) + 1;
  return key;
}

function compared(pool: Interner, a: number, b: number, offset: number): number {
  for (let at = offset; ; at++) {
    const byteOfA = pool.byteAt(a, at);
    const byteOfB = pool.byteAt(b, at);
    if (byteOfA !== byteOfB) return byteOfA - byteOfB;
    if (byteOfA < 0) return 0;
  }
}
