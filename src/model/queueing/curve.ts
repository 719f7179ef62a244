/** R C over load, as a curve for each size of the pool, with points that were measured: for charts. Pure. */
import { limits, type Measured, predictOpen } from "./predict";

export interface Point {
  /** Requests per second. */
  rate: number;
  /** Mean R C, µs. */
  clientResponse: number;
}

export interface Curve {
  workers: number;
  /** In order of the rate, from none to shortly before the pool is full; one is at `calm`. */
  points: Point[];
  /** The rate below which queueing stays small, and that at which the pool is full. */
  calm: number;
  most: number;
}

/** Close to the pool's capacity a mean is a number that no recording is long enough for. */
const FULLEST = 0.95;
const POINTS = 60;

export function curve(measured: Measured, workers: number): Curve {
  const { most, calm } = limits(measured, workers);
  const rates = Array.from({ length: POINTS + 1 }, (_, at) => (most * FULLEST * at) / POINTS);
  // A service that never varies has no wait worth the name before the pool is all but full.
  const knee = Math.min(calm, most * FULLEST);
  const points = [...rates.filter((rate) => rate !== knee), knee]
    .sort((a, b) => a - b)
    .map((rate) => ({ rate, clientResponse: predictOpen(measured, workers, rate).clientResponse }));
  return { workers, points, calm, most };
}
