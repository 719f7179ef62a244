/** How two measurements go together: a line through them, and two coefficients. */

export interface Line {
  slope: number;
  intercept: number;
}

/** Least squares; null where x does not vary. */
export function leastSquares(x: Float64Array, y: Float64Array): Line | null {
  const { xx, xy, meanX, meanY } = products(x, y);
  if (!(xx > 0)) return null;
  const slope = xy / xx;
  return { slope, intercept: meanY - slope * meanX };
}

/** Pearson's r; NaN where one of the two does not vary. */
export function pearson(x: Float64Array, y: Float64Array): number {
  const { xx, yy, xy } = products(x, y);
  return xx > 0 && yy > 0 ? Math.min(1, Math.max(-1, xy / Math.sqrt(xx * yy))) : Number.NaN;
}

/** Mean ranks from 1, ties sharing theirs, given the positions in ascending order of the values. */
export function ranks(values: Float64Array, ascending: Uint32Array): Float64Array {
  const ranked = new Float64Array(values.length);
  let first = 0;
  while (first < ascending.length) {
    const value = values[ascending[first]!]!;
    let end = first + 1;
    while (end < ascending.length && values[ascending[end]!] === value) end++;
    for (let at = first; at < end; at++) ranked[ascending[at]!] = (first + end + 1) / 2;
    first = end;
  }
  return ranked;
}

const LEAST_FOR_INTERVAL = 10;

/**
 * 95 % interval of Spearman's coefficient: Fisher's z with the variance of Bonett & Wright (2000). Null where n is too
 * small for it, or the coefficient is ±1 and the interval a point.
 */
export function spearmanInterval(rho: number, n: number): readonly [number, number] | null {
  if (n < LEAST_FOR_INTERVAL || !(Math.abs(rho) < 1)) return null;
  const half = 1.96 * Math.sqrt((1 + rho ** 2 / 2) / (n - 3));
  return [Math.tanh(Math.atanh(rho) - half), Math.tanh(Math.atanh(rho) + half)];
}

/** Sums of products about the means, in two passes so that large means lose nothing. */
function products(x: Float64Array, y: Float64Array) {
  const n = x.length;
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanX += x[i]!;
    meanY += y[i]!;
  }
  meanX /= n;
  meanY /= n;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x[i]! - meanX;
    const dy = y[i]! - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return { xx, yy, xy, meanX, meanY };
}
