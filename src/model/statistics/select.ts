/** The k-th smallest of values without sorting them all: medians of a million in some ten milliseconds. */

/**
 * Reorders `values`, so that none before `k` is greater and none behind it less; none may be NaN. From `low` on: where
 * none before it is greater.
 */
export function selectKth(values: Float64Array, k: number, low = 0): number {
  let high = values.length - 1;
  while (low < high) {
    const pivot = medianOfThree(values[low]!, values[(low + high) >>> 1]!, values[high]!);
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! < pivot) left++;
      while (values[right]! > pivot) right--;
      if (left > right) break;
      const held = values[left]!;
      values[left++] = values[right]!;
      values[right--] = held;
    }
    if (k <= right) high = right;
    else if (k >= left) low = left;
    else break;
  }
  return values[k]!;
}

/** Reorders `values`; NaN where there are none. Of an even number the middle of the two in the middle. */
export function median(values: Float64Array): number {
  if (values.length === 0) return Number.NaN;
  const upper = values.length >>> 1;
  const above = selectKth(values, upper);
  if (values.length % 2 === 1) return above;
  let below = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < upper; at++) if (values[at]! > below) below = values[at]!;
  return (below + above) / 2;
}

const medianOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
