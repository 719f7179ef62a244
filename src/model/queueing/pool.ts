/** A pool of workers with one queue before it, fed by an open stream of requests: M/M/c, and M/G/c from it. */
import { erlangC } from "./erlang";

export interface Demand {
  /** Mean time that a worker is busy with a request, in any unit; results are in the same. */
  service: number;
  /** Squared coefficient of variation of the service time: 1 is exponential (M/M/c), 0 is constant. */
  variation: number;
}

export interface PoolState {
  /** Part of the workers that is busy; 1 and more: the queue grows without end. */
  utilisation: number;
  /** Probability that a request waits. */
  waits: number;
  /** Mean wait before a worker takes the request; infinite at overload. */
  queue: number;
  /** Mean number of requests that wait. */
  waiting: number;
  /** Mean of wait and service. */
  response: number;
  /** Requests that are answered per unit of time. */
  throughput: number;
}

/**
 * Exact for exponential service. For other variations the wait is scaled by (1 + variation) ÷ 2 (Lee and Longton): exact
 * for one worker, within a few percent for several.
 */
export function pool(demand: Demand, workers: number, rate: number): PoolState {
  const load = rate * demand.service;
  const utilisation = load / workers;
  const waits = erlangC(workers, load);
  const exponential = utilisation < 1 ? (waits * demand.service) / (workers - load) : Number.POSITIVE_INFINITY;
  const queue = utilisation > 0 ? (exponential * (1 + demand.variation)) / 2 : 0;
  return {
    utilisation,
    waits,
    queue,
    waiting: rate * queue,
    response: queue + demand.service,
    throughput: Math.min(rate, workers / demand.service),
  };
}

/** The wait, as a part of the service time, that still counts as small. */
const SMALL = 0.1;

/** The greatest rate at which the mean wait is at most a tenth of the service time. */
export function calmRate(demand: Demand, workers: number): number {
  let low = 0;
  let high = workers / demand.service;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (pool(demand, workers, middle).queue <= SMALL * demand.service) low = middle;
    else high = middle;
  }
  return low;
}
