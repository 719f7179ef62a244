/**
 * What a session would have been with other workers and loads: client → network → pool, and in the pool processors where
 * their time is known. A worker serves one request at a time; the network delays and nobody waits in it.
 */
import { answerRates, closedPool, type Processors } from "./layered";
import { meanValueAnalysis } from "./mva";
import { calmRate, capacity, type Demand, pool } from "./pool";

/** What was measured, µs and requests per second. */
export interface Measured {
  requests: number;
  demand: Demand;
  /** Mean of what is not the server's: R C − R S − queue; 0 where no client was measured. */
  network: number;
  /** Requests per second of the session, for orientation. */
  rate: number;
  /** Mean queue that was measured; null where the log does not say. */
  queue: number | null;
}

export interface Predicted {
  workers: number;
  /** Requests per second that come in; with a closed population, those that result. */
  rate: number;
  /** Clients of a closed population; null where requests come in whatever happens. */
  clients: number | null;
  utilisation: number;
  /** µs, means; infinite at overload. */
  queue: number;
  serverResponse: number;
  clientResponse: number;
  /** Requests per second that are answered. */
  throughput: number;
}

const SECOND = 1e6;

export function predictOpen({ demand, network }: Measured, workers: number, rate: number): Predicted {
  const state = pool(demand, workers, rate / SECOND);
  return {
    workers,
    rate,
    clients: null,
    utilisation: state.utilisation,
    queue: state.queue,
    serverResponse: state.kept,
    clientResponse: network + state.response,
    throughput: state.throughput * SECOND,
  };
}

/** `think`: µs. Service is taken as exponential: the closed network's exact answer. */
export function predictClosed(
  { demand, network }: Measured,
  workers: number,
  clients: number,
  think: number,
): Predicted {
  if (demand.processors) return predictLayered(demand, demand.processors, network, workers, clients, think);
  const stations = [
    { demand: network, servers: Number.POSITIVE_INFINITY },
    { demand: demand.service, servers: workers },
  ];
  const { throughput, response, stations: found } = meanValueAnalysis(stations, clients, think);
  const { queue, utilisation } = found[1]!;
  return {
    workers,
    rate: throughput * SECOND,
    clients,
    utilisation,
    queue,
    serverResponse: demand.service,
    clientResponse: response,
    throughput: throughput * SECOND,
  };
}

function predictLayered(
  { service }: Demand,
  processors: Processors,
  network: number,
  workers: number,
  clients: number,
  think: number,
): Predicted {
  const state = closedPool(answerRates(service, processors, workers), clients, network + think);
  const [queue, kept] = [state.waiting / state.throughput, state.served / state.throughput];
  return {
    workers,
    rate: state.throughput * SECOND,
    clients,
    utilisation: state.served / workers,
    queue,
    serverResponse: kept,
    clientResponse: network + queue + kept,
    throughput: state.throughput * SECOND,
  };
}

/** What more requests than a pool can answer come to. */
export interface Overload {
  workers: number;
  rate: number;
  /** Without admission: seconds by which the wait grows every second, for as long as the load lasts. */
  growth: number;
  /** With admission: the part that is refused at once, and requests per second that are answered. */
  refused: number;
  answered: number;
}

/**
 * As a flow: at overload chance no longer counts. Null where the pool can answer the rate.
 * @param admitted part of the pool's capacity that admission lets in
 */
export function overload(measured: Measured, workers: number, rate: number, admitted: number): Overload | null {
  const { most } = limits(measured, workers);
  if (rate < most) return null;
  const answered = Math.min(rate, admitted * most);
  return { workers, rate, growth: rate / most - 1, refused: 1 - answered / rate, answered };
}

/** Requests per second that a pool can answer, and below which queueing stays small. */
export const limits = ({ demand }: Measured, workers: number): { most: number; calm: number } => ({
  most: capacity(demand, workers) * SECOND,
  calm: calmRate(demand, workers) * SECOND,
});
