/** Sorts a long column without keeping a hover waiting: parts are sorted at once, and merged, with interludes. */
import { interlude, STEP } from "./steps";

/** Ascending, in place; none is NaN. */
export function sortPaced(values: Float64Array): Float64Array {
  const { length } = values;
  for (let from = 0; from < length; from += STEP) {
    values.subarray(from, from + STEP).sort();
    interlude();
  }
  let sorted = values;
  let merged: Float64Array = new Float64Array(length > STEP ? length : 0);
  for (let size = STEP; size < length; size *= 2) {
    for (let from = 0; from < length; from += 2 * size) merge(sorted, merged, from, size);
    [sorted, merged] = [merged, sorted];
  }
  if (sorted !== values) values.set(sorted);
  return values;
}

/** Two neighbouring parts of a size, the second of which may be shorter or none. */
function merge(of: Float64Array, into: Float64Array, from: number, size: number): void {
  const middle = Math.min(from + size, of.length);
  const end = Math.min(middle + size, of.length);
  let [left, right] = [from, middle];
  for (let at = from; at < end; at++) {
    if ((at & (STEP - 1)) === 0) interlude();
    into[at] = right === end || (left < middle && of[left]! <= of[right]!) ? of[left++]! : of[right++]!;
  }
}
