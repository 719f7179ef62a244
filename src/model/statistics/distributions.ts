/** Normal, Student's and binomial distribution: what the intervals and tests need of them. */
import { incompleteBeta } from "./special";

/** P(Z ≤ z), by Hart's rational approximation in double precision (West 2005). */
export function normalCdf(z: number): number {
  const x = Math.abs(z);
  let tail = 0;
  if (x < 37) {
    const bell = Math.exp((-x * x) / 2);
    if (x < 7.07106781186547) {
      const above =
        ((((((3.52624965998911e-2 * x + 0.700383064443688) * x + 6.37396220353165) * x + 33.912866078383) * x +
          112.079291497871) *
          x +
          221.213596169931) *
          x +
          220.206867912376) *
        bell;
      const below =
        ((((((8.83883476483184e-2 * x + 1.75566716318264) * x + 16.064177579207) * x + 86.7807322029461) * x +
          296.564248779674) *
          x +
          637.333633378831) *
          x +
          793.826512519948) *
          x +
        440.413735824752;
      tail = above / below;
    } else tail = bell / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65))))) / 2.506628274631;
  }
  return z > 0 ? 1 - tail : tail;
}

/** P(T ≤ t) with `df` degrees of freedom. */
export function studentCdf(t: number, df: number): number {
  const tail = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** P(B ≤ k) of n trials with probability p. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : incompleteBeta(1 - p, n - k, k + 1);
}

/** z with P(Z ≤ z) = p. */
export const normalQuantile = (p: number): number => invert(normalCdf, p);

/** t with P(T ≤ t) = p. */
export const studentQuantile = (p: number, df: number): number => invert((t) => studentCdf(t, df), p);

/** Bisection on a monotone distribution function: 60 halvings leave nothing to improve in a double. */
function invert(cdf: (value: number) => number, p: number): number {
  if (!(p > 0 && p < 1)) return p <= 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  let low = -1;
  let high = 1;
  while (cdf(low) > p) low *= 2;
  while (cdf(high) < p) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (cdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
