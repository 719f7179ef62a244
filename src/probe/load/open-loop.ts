/**
 * Calls `due` at each intended time, whatever became of the calls before: the schedule knows no server.
 * Timers are too coarse for that (0.6 ms late at the median); a loop of immediates is not (1 µs), but takes a whole core.
 * So the thread sleeps while nothing is under way, when no answer can come in and be stamped late, and spins otherwise.
 */
import { now } from "../../log/clock";
import type { Arrivals } from "./arrivals";

/** µs before a due time. Timers are for what is farther away than their error; a sleep is for less. */
const TIMER_AHEAD = 3_000;
/** A sleeping thread wakes up to this late (Linux: 50 µs of timer slack, and the way back into JavaScript). */
const SLEEP_AHEAD = 150;

const never = new Int32Array(new SharedArrayBuffer(4));

export interface OpenLoop {
  arrivals: Arrivals;
  /** µs since the epoch. */
  start: number;
  /** µs from the start: what is due later is not called. */
  duration: number;
  due(intended: number): void;
  /** Requests under way. */
  inFlight(): number;
  hasStopped(): boolean;
}

/** Resolves when the last request was called for. */
export function runOpenLoop({ arrivals, start, duration, due, inFlight, hasStopped }: OpenLoop): Promise<void> {
  return new Promise((resolve) => {
    let next = arrivals();
    const callDue = () => {
      for (let time = now(); next < duration && start + next <= time; next = arrivals()) due(Math.round(start + next));
    };
    const step = () => {
      if (hasStopped()) return resolve();
      callDue();
      if (next >= duration) return resolve();
      const gap = start + next - now();
      if (gap > 2 * TIMER_AHEAD) setTimeout(step, (gap - TIMER_AHEAD) / 1000);
      else {
        if (inFlight() === 0) awaitHere(start + next);
        setImmediate(step);
      }
    };
    /** A turn of the loop would be later than that by its own length (10 µs), and has nothing to read. */
    const awaitHere = (time: number) => {
      const gap = time - now();
      if (gap > 2 * SLEEP_AHEAD) Atomics.wait(never, 0, 0, (gap - SLEEP_AHEAD) / 1000);
      while (now() < time);
      callDue();
    };
    step();
  });
}
