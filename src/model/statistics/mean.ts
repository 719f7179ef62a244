/** Mean, deviation and skewness of a sample, and the mean's interval. */
import { studentQuantile } from "./distributions";

export interface Moments {
  count: number;
  mean: number;
  /** Sample standard deviation (n − 1); 0 for a single value. */
  deviation: number;
  /** Third standardised moment of the sample; 0 where all values are equal. */
  skewness: number;
}

export const meanOf = (values: Float64Array): number => meanBetween(values, 0, values.length);

/** Of the values in [from, to). */
export function meanBetween(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return sum / (to - from);
}

/** NaN is unknown; NaN where none is known. */
export function meanOfKnown(values: Float64Array): number {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < values.length; at++) {
    const value = values[at]!;
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}

/** Two passes, so that µs since 1970 lose nothing either. */
export function moments(values: Float64Array): Moments {
  const count = values.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const mean = sum / count;
  let second = 0;
  let third = 0;
  for (let i = 0; i < count; i++) {
    const distance = values[i]! - mean;
    second += distance * distance;
    third += distance * distance * distance;
  }
  const variance = second / count;
  return {
    count,
    mean,
    deviation: count > 1 ? Math.sqrt(second / (count - 1)) : 0,
    skewness: variance > 0 ? third / count / variance ** 1.5 : 0,
  };
}

/** Below this number of values no interval of a mean is given. */
export const COUNT_FOR_MEAN = 10;

/**
 * The mean's confidence interval: bootstrap-t in closed form. Durations are skewed, which the usual t interval ignores;
 * bootstrap-t mends that by resampling, and its limit is Hall's cubic transformation of t (Hall 1992, "On the removal of
 * skewness by transformation"), which needs no resampling and no seed. On a log-normal with σ = 1 the t interval covers
 * 91.6 % at n = 100, bootstrap-t (999 resamples) and this one 93 %; see the coverage test.
 * Null below ten values.
 */
export function meanInterval(of: Moments, confidence = 0.95): readonly [number, number] | null {
  if (of.count < COUNT_FOR_MEAN) return null;
  const t = cachedStudent(1 - (1 - confidence) / 2, of.count - 1);
  const error = of.deviation / Math.sqrt(of.count);
  const skew = of.skewness / Math.sqrt(of.count);
  return [of.mean - error * untransform(t, skew), of.mean - error * untransform(-t, skew)];
}

/** T where Hall's T + skew·T²/3 + skew²·T³/27 + skew/6 equals t. */
function untransform(t: number, skew: number): number {
  // The cube's closed form cancels for tiny skewness, where the first terms of its series are exact.
  if (Math.abs(skew) < 1e-6) return t - skew / 6 - (skew * t * t) / 3;
  return (3 / skew) * (Math.cbrt(1 + skew * (t - skew / 6)) - 1);
}

const quantiles = new Map<number, number>();

/** Routes come by the thousand, their counts repeat, and from 10,000 on the normal's quantile is within 1e-4. */
function cachedStudent(p: number, df: number): number {
  const key = Math.min(df, 10_000) + p;
  let value = quantiles.get(key);
  if (value === undefined) {
    value = studentQuantile(p, Math.min(df, 10_000));
    quantiles.set(key, value);
  }
  return value;
}
