/** When an open loop's requests are due: µs from the start, without end, one a call. */
import type { Random } from "./random";

export type ArrivalKind = "constant" | "poisson";

export type Arrivals = () => number;

/** `rate` in requests per second. The n-th time is reckoned from the start, so that rounding never adds up. */
export function arrivals(kind: ArrivalKind, rate: number, random: Random): Arrivals {
  const gap = 1e6 / rate;
  let count = 0;
  let at = 0;
  return kind === "constant"
    ? () => count++ * gap
    : () => {
        at += -Math.log(1 - random()) * gap;
        return at;
      };
}
