/**
 * Sorts row numbers by keys, stable: radix passes over 32 bits where the keys are whole numbers of a range that fits, as
 * durations, ranks and sizes are, else over the bits of doubles.
 */
import { sortPaced } from "./paced-sort";
import { finish, inSteps, interlude, STEP, type Steps } from "./steps";

const DIGIT_BITS = 16;
const DIGITS = 1 << DIGIT_BITS;
/** The counters of a digit of a code fit the nearest cache, whose misses are what sorting many costs. */
const CODE_BITS = 11;
/** Below this a comparison sort is faster than clearing the counters. */
const FEW = 4096;
const MOST_CODE = 0xffff_ffff;

/**
 * The rows in ascending order of `keys` (position by position), or descending; equal keys keep their order either way,
 * unknown keys (NaN) stand last either way.
 */
export function sortByKeys(rows: Uint32Array, keys: Float64Array, descending: boolean): Uint32Array {
  return finish(sortSteps(rows, keys, descending));
}

export function* sortSteps(rows: Uint32Array, keys: Float64Array, descending: boolean): Steps<Uint32Array> {
  const known = new Uint32Array(rows.length);
  let count = 0;
  const unknown = new Uint32Array(rows.length);
  yield* inSteps(rows.length, STEP, (from, to) => {
    let next = count;
    for (let at = from; at < to; at++)
      if (Number.isNaN(keys[at]!)) unknown[at - next] = rows[at]!;
      else known[next++] = at;
    count = next;
  });
  const positions = known.subarray(0, count);
  const result = new Uint32Array(rows.length);
  result.set(unknown.subarray(0, rows.length - count), count);
  const codes = count < FEW ? null : yield* codesOf(positions, keys, descending);
  if (codes) {
    yield* inSteps(count, STEP, (from, to) => {
      for (let at = from; at < to; at++) positions[at] = rows[positions[at]!]!;
    });
    result.set(yield* radixOfCodes(codes, positions));
    return result;
  }
  const sorted = count < FEW ? compared(positions, keys, descending) : yield* radix(positions, keys, descending);
  yield* inSteps(count, STEP, (from, to) => {
    for (let at = from; at < to; at++) result[at] = rows[sorted[at]!]!;
  });
  return result;
}

/** Ascending, in place: by radix passes where the values are whole numbers of a range that fits; none may be NaN. */
export function sortNumbers(values: Float64Array): Float64Array {
  if (values.length < FEW) return values.sort();
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (Math.floor(value) !== value) return sortPaced(values);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (!(most - least <= MOST_CODE && Number.isSafeInteger(least) && Number.isSafeInteger(most)))
    return sortPaced(values);
  let source = new Uint32Array(values.length);
  let target = new Uint32Array(values.length);
  for (let at = 0; at < source.length; at++) source[at] = values[at]! - least;
  const counts = new Uint32Array(1 << CODE_BITS);
  const mask = counts.length - 1;
  for (let shift = 0; shift < 32 && (most - least) / 2 ** shift >= 1; shift += CODE_BITS) {
    interlude();
    counts.fill(0);
    countDigits(source, 0, source.length, shift, counts);
    toPlaces(counts);
    for (let at = 0; at < source.length; at++) {
      const code = source[at]!;
      target[counts[(code >>> shift) & mask]!++] = code;
    }
    [source, target] = [target, source];
  }
  interlude();
  for (let at = 0; at < source.length; at++) values[at] = source[at]! + least;
  return values;
}

/** Unsigned numbers in the order of the keys at some positions; null where they do not fit 32 bits. */
function* codesOf(positions: Uint32Array, keys: Float64Array, descending: boolean): Steps<Uint32Array | null> {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let from = 0; from < positions.length; from += STEP) {
    for (let at = from; at < Math.min(positions.length, from + STEP); at++) {
      const key = keys[positions[at]!]!;
      if (Math.floor(key) !== key) return null;
      if (key < least) least = key;
      if (key > most) most = key;
    }
    yield;
  }
  // Not so for infinite keys, and for those that are too large to be subtracted exactly.
  if (!(most - least <= MOST_CODE && Number.isSafeInteger(least) && Number.isSafeInteger(most))) return null;
  const codes = new Uint32Array(positions.length);
  yield* inSteps(positions.length, STEP, (from, to) => {
    for (let at = from; at < to; at++) {
      const key = keys[positions[at]!]!;
      codes[at] = descending ? most - key : key - least;
    }
  });
  return codes;
}

/** The values in the order of their codes; both arrays are used up. */
function* radixOfCodes(codes: Uint32Array, values: Uint32Array): Steps<Uint32Array> {
  const { length } = codes;
  let source = codes;
  let target: Uint32Array = new Uint32Array(length);
  let held = values;
  let next: Uint32Array = new Uint32Array(length);
  let most = 0;
  for (let at = 0; at < length; at++) if (codes[at]! > most) most = codes[at]!;
  const counts = new Uint32Array(1 << CODE_BITS);
  const mask = counts.length - 1;
  for (let shift = 0; shift < 32 && most >>> shift > 0; shift += CODE_BITS) {
    counts.fill(0);
    yield* inSteps(length, STEP, (from, to) => countDigits(source, from, to, shift, counts));
    toPlaces(counts);
    yield* inSteps(length, STEP, (from, to) => {
      for (let at = from; at < to; at++) {
        const code = source[at]!;
        const place = counts[(code >>> shift) & mask]!++;
        target[place] = code;
        next[place] = held[at]!;
      }
    });
    [source, target] = [target, source];
    [held, next] = [next, held];
  }
  return held;
}

function countDigits(codes: Uint32Array, from: number, to: number, shift: number, counts: Uint32Array): void {
  const mask = counts.length - 1;
  for (let at = from; at < to; at++) counts[(codes[at]! >>> shift) & mask]!++;
}

/** How many there are of each digit becomes where its first one goes. */
function toPlaces(counts: Uint32Array): void {
  let sum = 0;
  for (let digit = 0; digit < counts.length; digit++) {
    const count = counts[digit]!;
    counts[digit] = sum;
    sum += count;
  }
}

function compared(positions: Uint32Array, keys: Float64Array, descending: boolean): Uint32Array {
  const direction = descending ? -1 : 1;
  return positions.sort((a, b) => {
    if (keys[a] === keys[b]) return a - b;
    return keys[a]! < keys[b]! ? -direction : direction;
  });
}

function* radix(positions: Uint32Array, keys: Float64Array, descending: boolean): Steps<Uint32Array> {
  const bits = yield* sortableBits(keys, descending);
  let source: Uint32Array = positions;
  let target: Uint32Array = new Uint32Array(positions.length);
  const counts = new Uint32Array(DIGITS);
  for (let digit = 0; digit < 64 / DIGIT_BITS; digit++) {
    counts.fill(0);
    yield* inSteps(source.length, STEP, (from, to) => {
      for (let at = from; at < to; at++) counts[bits[source[at]! * 4 + digit]!]!++;
    });
    // All keys have the same digit here: nothing would move.
    if (counts[bits[source[0]! * 4 + digit]!] === source.length) continue;
    toPlaces(counts);
    yield* inSteps(source.length, STEP, (from, to) => {
      for (let at = from; at < to; at++) {
        const position = source[at]!;
        target[counts[bits[position * 4 + digit]!]!++] = position;
      }
    });
    [source, target] = [target, source];
  }
  return source;
}

/** The keys' bits as 16-bit digits, lowest first, changed so that they order as unsigned integers. */
function* sortableBits(keys: Float64Array, descending: boolean): Steps<Uint16Array> {
  const copy = new Float64Array(keys.length);
  // Adding zero makes −0 the 0 that it is equal to.
  yield* inSteps(keys.length, STEP, (from, to) => {
    for (let at = from; at < to; at++) copy[at] = keys[at]! + 0;
  });
  const words = new Int32Array(copy.buffer);
  yield* inSteps(keys.length, STEP, (from, to) => {
    for (let at = 2 * from; at < 2 * to; at += 2) {
      const high = words[at + 1]!;
      // Negative numbers: all bits turn; others: the sign alone. Descending turns all once more.
      const turn = (high < 0 ? -1 : 0) ^ (descending ? -1 : 0);
      words[at] = words[at]! ^ turn;
      words[at + 1] = high ^ turn ^ -0x8000_0000 ^ (high < 0 ? -0x8000_0000 : 0);
    }
  });
  return new Uint16Array(copy.buffer);
}
