/**
 * A pool whose workers share processors: a worker is kept while its request is calculated, waits for a processor, or waits
 * for something else. How fast so many busy workers answer comes from the closed network of them (processors, and a delay);
 * the queue before the pool is a birth and death process with those rates (Chandy, Herzog and Woo's flow equivalence).
 */

/** What requests need of processors that all workers share. */
export interface Processors {
  /** Mean processor time of a request, at most its service time. */
  time: number;
  count: number;
}

/** A limit for sums of terms that grow from worker to worker. */
const HUGE = 1e200;

/** Requests per unit of time that 0, 1, … up to all of the workers answer when busy; `service` is without waiting. */
export function answerRates(service: number, { time, count }: Processors, workers: number): number[] {
  if (time === 0) return Array.from({ length: workers + 1 }, (_, busy) => busy / service);
  const processors = Array.from({ length: count + 1 }, (_, busy) => busy / time);
  const waited = Math.max(0, service - time);
  return Array.from({ length: workers + 1 }, (_, busy) => closedPool(processors, busy, waited).throughput);
}

export interface Layered {
  /** Probability that a request waits for a worker. */
  waits: number;
  /** Mean number of requests that wait for a worker, and that have one. */
  waiting: number;
  served: number;
  /** Requests that are answered per unit of time. */
  throughput: number;
}

/** An open stream at a rate that the workers can answer. */
export function openPool(rates: readonly number[], rate: number): Layered {
  const workers = rates.length - 1;
  const full = rate / rates[workers]!;
  let term = 1;
  let [sum, served] = [1, 0];
  for (let busy = 1; busy < workers; busy++) {
    term *= rate / rates[busy]!;
    sum += term;
    served += busy * term;
    if (sum > HUGE) [term, sum, served] = [term / HUGE, sum / HUGE, served / HUGE];
  }
  // All workers busy, and 0, 1, … requests before them: a geometric series.
  const all = (term * full) / (1 - full);
  sum += all;
  return {
    waits: all / sum,
    waiting: (all * full) / (1 - full) / sum,
    served: (served + workers * all) / sum,
    throughput: rate,
  };
}

/** `clients` that each send their next request so long after a response, in the mean. */
export function closedPool(rates: readonly number[], clients: number, between: number): Layered {
  const workers = rates.length - 1;
  if (between === 0) {
    const busy = Math.min(clients, workers);
    const waiting = clients - busy;
    return { waits: waiting > 0 ? 1 : 0, waiting, served: busy, throughput: rates[busy]! };
  }
  let term = 1;
  let [sum, waits, waiting, served, answered] = [1, 0, 0, 0, 0];
  for (let here = 1; here <= clients; here++) {
    const busy = Math.min(here, workers);
    term *= (clients - here + 1) / between / rates[busy]!;
    sum += term;
    served += busy * term;
    waiting += (here - busy) * term;
    answered += rates[busy]! * term;
    if (here > workers) waits += term;
    if (sum > HUGE)
      [term, sum, waits, waiting, served, answered] = [term, sum, waits, waiting, served, answered].map(
        (value) => value / HUGE,
      ) as [number, number, number, number, number, number];
  }
  return { waits: waits / sum, waiting: waiting / sum, served: served / sum, throughput: answered / sum };
}
