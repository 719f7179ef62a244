/**
 * Holm's correction for many tests at once: adjusted values may be compared with the error rate of the whole family.
 * It needs no independence, and a route's phases have none.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, index) => index).sort((a, b) => ps[a]! - ps[b]!);
  const adjusted = new Array<number>(ps.length);
  let greatest = 0;
  for (const [rank, index] of order.entries()) {
    greatest = Math.max(greatest, Math.min(1, ps[index]! * (ps.length - rank)));
    adjusted[index] = greatest;
  }
  return adjusted;
}
