/** Orders interned texts by their bytes, a few bytes at a time, without making strings of them. */
import type { Interner } from "./interner";
import { sortSteps } from "./sort";
import { inSteps, ROWS_A_STEP, type Steps } from "./steps";

/** So many bytes and an end mark each fit a double exactly. */
const BYTES_A_KEY = 5;
const BASE = 257;
/** Runs of fewer are compared byte by byte. */
const FEW = 16;
const RUNS_A_STEP = 1024;

/** The rank of every text of a pool among all of them: worked out once, until there are more. */
export class TextRanks {
  private ranks = new Uint32Array();
  private working: Steps<void> | null = null;

  constructor(private readonly pool: Interner) {}

  /** Bytes held, for the memory bound. */
  get bytes(): number {
    return this.ranks.byteLength;
  }

  /** By the numbers of the texts that there are when it is asked. Who asks meanwhile takes its steps of the same work. */
  *steps(): Steps<Uint32Array> {
    const needed = this.pool.size;
    while (this.ranks.length < needed) {
      this.working ??= this.work();
      if (this.working.next().done) this.working = null;
      else yield;
    }
    return this.ranks;
  }

  private *work(): Steps<void> {
    const count = this.pool.size;
    const numbers = new Uint32Array(count);
    for (let number = 0; number < count; number++) numbers[number] = number;
    const order = yield* ordered(this.pool, numbers, 0);
    const ranks = new Uint32Array(count);
    for (let rank = 0; rank < count; rank++) ranks[order[rank]!] = rank;
    this.ranks = ranks;
  }
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
