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
  /** In order of the rate, up to shortly before the pool is full. */
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
  const points = Array.from({ length: POINTS }, (_, at) => {
    const rate = (most * FULLEST * (at + 1)) / POINTS;
    return { rate, clientResponse: predictOpen(measured, workers, rate).clientResponse };
  });
  return { workers, points, calm, most };
}
