/**
 * Values at some ranks without sorting all: in a first pass the values are only counted, by bins in their order, and in a
 * second one those of the few bins that hold a rank are set apart and looked at one by one.
 */
import { selectBetween } from "./select";

/** Fewer are selected among at once. */
const FEW = 256;
/** A bin is told by the leading bits of a value's distance from the least one: 64 bins an octave. */
const BITS = 7;
const LEAST_WHOLE = (1 << BITS) - 1;
const RANGE = 2 ** 30;
const BINS = (33 - BITS) << (BITS - 1);
const ELSEWHERE = -1;

const counts = new Uint32Array(BINS);
/** Where the next value of a bin is put. */
const places = new Int32Array(BINS);

/** `ranks` ascend; no value may be NaN. */
export function valuesAt(values: Float64Array, ranks: readonly number[]): Float64Array {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least === most) return new Float64Array(ranks.length).fill(least);
  const scale = RANGE / (most - least);
  // What is infinite, or has hardly a range, cannot be scaled.
  const isScaled = scale > 0 && scale < Number.POSITIVE_INFINITY;
  return values.length >= FEW && isScaled ? counted(values, ranks, least, scale) : selected(values.slice(), ranks);
}

function selected(values: Float64Array, ranks: readonly number[]): Float64Array {
  selectBetween(values, 0, values.length - 1, ranks, 0, ranks.length);
  return valuesFrom(values, ranks);
}

function counted(values: Float64Array, ranks: readonly number[], least: number, scale: number): Float64Array {
  counts.fill(0);
  const binsOf = new Uint16Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const own = binOf((values[at]! - least) * scale);
    binsOf[at] = own;
    counts[own]!++;
  }
  places.fill(ELSEWHERE);
  const bins = new Uint16Array(ranks.length);
  const placed = new Uint32Array(ranks.length);
  let bin = 0;
  let before = 0;
  let apart = 0;
  for (let at = 0; at < ranks.length; at++) {
    const rank = ranks[at]!;
    for (; before + counts[bin]! <= rank; bin++) before += counts[bin]!;
    bins[at] = bin;
    if (places[bin] === ELSEWHERE) {
      places[bin] = apart;
      apart += counts[bin]!;
    }
    placed[at] = places[bin]! + rank - before;
  }
  const held = new Float64Array(apart);
  for (let at = 0; at < values.length; at++) {
    const own = binsOf[at]!;
    const place = places[own]!;
    if (place === ELSEWHERE) continue;
    held[place] = values[at]!;
    places[own] = place + 1;
  }
  for (let first = 0, end = 0; first < bins.length; first = end) {
    while (bins[end] === bins[first]) end++;
    const high = places[bins[first]!]! - 1;
    const low = high + 1 - counts[bins[first]!]!;
    selectBetween(held, low, high, placed, first, end);
  }
  return valuesFrom(held, placed);
}

function valuesFrom(values: Float64Array, places: ArrayLike<number>): Float64Array {
  const found = new Float64Array(places.length);
  for (let at = 0; at < found.length; at++) found[at] = values[places[at]!]!;
  return found;
}

/** Of a distance from the least value: a greater one is in no earlier bin. */
function binOf(distance: number): number {
  const whole = distance | 0;
  const shift = 32 - BITS - Math.clz32(whole | LEAST_WHOLE);
  return (shift << (BITS - 1)) + (whole >>> shift);
}
