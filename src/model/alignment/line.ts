/** Among the lines between the lower and the upper bounds the one with the widest margin to both. */
import { RHO } from "./envelope";
import type { Hull } from "./hull";

export interface Line {
  /** µs at time 0 of the hulls. */
  intercept: number;
  /** µs per µs. */
  slope: number;
  /** Least and greatest slope of any line that fits: what the data say of the drift. */
  slopes: readonly [number, number];
}

const HALVINGS = 60;

/** `upper` holds the upper bounds negated. Null where no line with |slope| ≤ RHO fits, or one side has no bound. */
export function widestLine(lower: Hull, upper: Hull): Line | null {
  if (lower.isEmpty || upper.isEmpty) return null;
  const intercepts = (slope: number): { low: number; high: number; lift: number } => {
    const l = lower.support(slope);
    const u = upper.support(-slope);
    return {
      low: l.value - slope * l.time,
      high: -u.value - slope * u.time,
      // Derivative of the gap by the slope.
      lift: l.time - u.time,
    };
  };
  const fits = (slope: number): boolean => {
    const { low, high } = intercepts(slope);
    return high >= low;
  };
  // The gap is concave in the slope.
  let low = -RHO;
  let high = RHO;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (intercepts(middle).lift > 0) low = middle;
    else high = middle;
  }
  const widest = (low + high) / 2;
  if (!fits(widest)) return null;
  const slopes = [edge(fits, widest, -RHO), edge(fits, widest, RHO)] as const;
  // Where any drift would do the data say nothing of it: no drift is the plainest answer.
  const slope = slopes[0] <= -RHO && slopes[1] >= RHO ? 0 : widest;
  const at = intercepts(slope);
  return { intercept: (at.low + at.high) / 2, slope, slopes };
}

/** How far from `inside` towards `limit` the slopes still fit. */
function edge(fits: (slope: number) => boolean, inside: number, limit: number): number {
  if (fits(limit)) return limit;
  let good = inside;
  let bad = limit;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (good + bad) / 2;
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return good;
}
