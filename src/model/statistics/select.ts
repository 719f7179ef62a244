/** The k-th smallest of values without sorting them all: medians of a million in some ten milliseconds. */

/** Fewer values are sorted. */
const FEW = 24;

/**
 * Reorders the values in [low, high], so that each of the ascending ranks[first] to ranks[end − 1] holds the value that it
 * would have in order, none before it is greater and none behind it less; none may be NaN.
 */
export function selectBetween(
  values: Float64Array,
  low: number,
  high: number,
  ranks: ArrayLike<number>,
  first: number,
  end: number,
): void {
  while (first < end) {
    if (high - low < FEW) {
      insertionSort(values, low, high);
      return;
    }
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
    // What lies between the two parts equals the pivot.
    let below = first;
    while (below < end && ranks[below]! <= right) below++;
    let above = below;
    while (above < end && ranks[above]! < left) above++;
    selectBetween(values, low, right, ranks, first, below);
    low = left;
    first = above;
  }
}

/** Of the values in [low, high]. */
export function insertionSort(values: Float64Array, low: number, high: number): void {
  for (let at = low + 1; at <= high; at++) {
    const value = values[at]!;
    let place = at;
    for (; place > low && values[place - 1]! > value; place--) values[place] = values[place - 1]!;
    values[place] = value;
  }
}

/** The value at one rank of those in order. From `low` on: where none before it is greater. */
export function selectKth(values: Float64Array, k: number, low = 0): number {
  selectBetween(values, low, values.length - 1, [k], 0, 1);
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
