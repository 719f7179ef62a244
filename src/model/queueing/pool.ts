/** A pool of workers with one queue before it, fed by an open stream of requests: M/M/c, and M/G/c from it. */
import { erlangC } from "./erlang";
import { answerRates, openPool, type Processors } from "./layered";

export interface Demand {
  /** Mean time that a worker is busy with a request, in any unit; results are in the same. */
  service: number;
  /** Squared coefficient of variation of the service time: 1 is exponential (M/M/c), 0 is constant. */
  variation: number;
  /** What the workers wait for each other for, besides; absent where it is not known. */
  processors?: Processors;
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
  /** Mean time that a worker is kept: the service, and in it the wait for a processor. */
  kept: number;
  /** Mean of wait and what a worker is kept for. */
  response: number;
  /** Requests that are answered per unit of time. */
  throughput: number;
}

/**
 * Exact for exponential service. For other variations the wait is scaled by (1 + variation) ÷ 2 (Lee and Longton): exact
 * for one worker, within a few percent for several.
 */
export function pool(demand: Demand, workers: number, rate: number): PoolState {
  if (demand.processors) return layered(demand, answerRates(demand.service, demand.processors, workers), rate);
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
    kept: demand.service,
    response: queue + demand.service,
    throughput: Math.min(rate, workers / demand.service),
  };
}

function layered({ service, variation }: Demand, rates: readonly number[], rate: number): PoolState {
  const most = rates.at(-1)!;
  const endless = Number.POSITIVE_INFINITY;
  const over = {
    utilisation: rate / most,
    waits: 1,
    queue: endless,
    waiting: endless,
    kept: (rates.length - 1) / most,
  };
  if (rate >= most) return { ...over, response: endless, throughput: most };
  const { waits, waiting, served, throughput } = openPool(rates, rate);
  const queue = rate > 0 ? ((waiting / rate) * (1 + variation)) / 2 : 0;
  const kept = rate > 0 ? served / rate : service;
  const utilisation = served / (rates.length - 1);
  return { utilisation, waits, queue, waiting: rate * queue, kept, response: queue + kept, throughput };
}

/** Requests per unit of time that a pool answers at most. */
export const capacity = ({ service, processors }: Demand, workers: number): number =>
  processors ? answerRates(service, processors, workers)[workers]! : workers / service;

/** The wait for a worker and for a processor, as a part of the service time, that still counts as small. */
const SMALL = 0.1;

/** The greatest rate at which the mean wait is at most a tenth of the service time. */
export function calmRate(demand: Demand, workers: number): number {
  let low = 0;
  let high = capacity(demand, workers);
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (pool(demand, workers, middle).response - demand.service <= SMALL * demand.service) low = middle;
    else high = middle;
  }
  return low;
}
