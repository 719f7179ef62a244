/**
 * Exact mean value analysis of a closed network with one class (Reiser and Lavenberg): so many clients, each with one
 * request on its way or thinking. Multi-server stations by the probabilities of the numbers of busy servers.
 */
export interface Station {
  /** Mean time a request needs here, visits included. */
  demand: number;
  /** Requests served at a time; Infinity: nobody waits (a network's delay). */
  servers: number;
}

export interface Network {
  throughput: number;
  /** Mean time from sending to the end, thinking not included. */
  response: number;
  /** Per station, in the order given. */
  stations: { response: number; queue: number; utilisation: number }[];
}

/** `think`: mean time between a response and the client's next request. */
export function meanValueAnalysis(stations: readonly Station[], clients: number, think: number): Network {
  /** Mean number at each station, and the probabilities that 0, 1, … of its servers but the last are busy. */
  const present = stations.map(() => 0);
  const busy = stations.map(({ servers }) => (Number.isFinite(servers) ? [1, ...Array(servers - 1).fill(0)] : []));
  let responses = stations.map(() => 0);
  let throughput = 0;
  for (let population = 1; population <= clients; population++) {
    responses = stations.map(({ demand, servers }, k) => {
      if (!Number.isFinite(servers)) return demand;
      let free = 0;
      for (let j = 0; j <= servers - 2; j++) free += (servers - 1 - j) * busy[k]![j]!;
      return (demand / servers) * (1 + present[k]! + free);
    });
    const whole = responses.reduce((sum, response) => sum + response, 0);
    throughput = population / (think + whole);
    for (const [k, { demand, servers }] of stations.entries()) {
      present[k] = throughput * responses[k]!;
      if (Number.isFinite(servers)) busy[k] = nextBusy(busy[k]!, throughput * demand, servers);
    }
  }
  return {
    throughput,
    response: responses.reduce((sum, response) => sum + response, 0),
    stations: stations.map(({ demand, servers }, k) => ({
      response: responses[k]!,
      queue: Math.max(0, responses[k]! - demand),
      utilisation: Number.isFinite(servers) ? (throughput * demand) / servers : 0,
    })),
  };
}

/** `load`: mean number of busy servers at the new population. */
function nextBusy(before: readonly number[], load: number, servers: number): number[] {
  const after = before.map((_, j) => (j === 0 ? 0 : (load / j) * before[j - 1]!));
  let rest = load;
  for (let j = 1; j < servers; j++) rest += (servers - j) * after[j]!;
  // Close to saturation the difference of two numbers near 1 can fall below 0 by rounding.
  after[0] = Math.max(0, 1 - rest / servers);
  return after;
}
