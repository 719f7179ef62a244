import assert from "node:assert/strict";
import { erlangB, erlangC } from "../../../src/model/queueing/erlang";
import { answerRates, closedPool } from "../../../src/model/queueing/layered";
import { meanValueAnalysis, type Station } from "../../../src/model/queueing/mva";
import { calmRate, pool } from "../../../src/model/queueing/pool";
import { predictClosed } from "../../../src/model/queueing/predict";
import { random } from "./random";

const close = (actual: number, expected: number, within = 1e-9): void =>
  assert.ok(Math.abs(actual - expected) <= within * Math.max(1, Math.abs(expected)), `${actual} ≠ ${expected}`);

describe("Erlang's formulas", () => {
  it("equal the tables", () => {
    // B: Erlang's own tables, 5 servers at 3 Erlang; C: 2 servers at 1 Erlang is 1/3.
    close(erlangB(5, 3), 0.110054, 1e-5);
    close(erlangB(10, 5), 0.018385, 1e-4);
    close(erlangC(2, 1), 1 / 3);
    close(erlangC(5, 3), 0.236152, 1e-5);
    close(erlangC(1, 0.7), 0.7);
    assert.equal(erlangC(4, 4), 1);
    assert.ok(erlangB(2000, 1990) > 0 && erlangB(2000, 1990) < 0.1);
  });
});

describe("a pool of workers", () => {
  it("is M/M/1: ρ ÷ (1 − ρ) services of wait", () => {
    for (const rho of [0.2, 0.5, 0.9])
      close(pool({ service: 2, variation: 1 }, 1, rho / 2).queue, (2 * rho) / (1 - rho));
  });

  it("is M/M/2 with a load of 1: a third of a service of wait, a third of a request waiting", () => {
    const state = pool({ service: 1, variation: 1 }, 2, 1);
    close(state.queue, 1 / 3);
    close(state.waiting, 1 / 3);
    close(state.response, 4 / 3);
    close(state.utilisation, 0.5);
  });

  it("is M/D/1 (Pollaczek and Khinchine): half of M/M/1's wait", () => {
    close(pool({ service: 1, variation: 0 }, 1, 0.8).queue, pool({ service: 1, variation: 1 }, 1, 0.8).queue / 2);
  });

  it("at overload the wait has no end, and the throughput is what the workers can do", () => {
    const state = pool({ service: 0.5, variation: 1 }, 2, 5);
    assert.equal(state.queue, Number.POSITIVE_INFINITY);
    assert.equal(state.throughput, 4);
  });

  it("the calm rate is where a tenth of a service is waited", () => {
    for (const workers of [1, 2, 8]) {
      const demand = { service: 3, variation: 0.4 };
      close(pool(demand, workers, calmRate(demand, workers)).queue, 0.3, 1e-6);
    }
    close(calmRate({ service: 1, variation: 1 }, 1), 1 / 11, 1e-6);
  });

  it("agrees with a simulated M/G/c queue within 8 %", () => {
    const dice = random(1);
    for (const workers of [1, 2, 4]) {
      // Service: two exponential stages, so that its squared variation is a half.
      const service = () => dice.exponential(0.5) + dice.exponential(0.5);
      const rate = 0.8 * workers;
      const free = new Float64Array(workers);
      let time = 0;
      let waited = 0;
      const requests = 400_000;
      for (let i = 0; i < requests; i++) {
        time += dice.exponential(1 / rate);
        const next = free.indexOf(Math.min(...free));
        const start = Math.max(time, free[next]!);
        waited += start - time;
        free[next] = start + service();
      }
      close(pool({ service: 1, variation: 0.5 }, workers, rate).queue, waited / requests, 0.08);
    }
  });
});

/** Throughput of a closed network from its product form (Buzen's convolution): another way to the same number. */
function convolution(stations: readonly Station[], clients: number, think: number): number {
  let constants = [1, ...Array<number>(clients).fill(0)];
  for (const { demand, servers } of [...stations, { demand: think, servers: Number.POSITIVE_INFINITY }]) {
    const factor = [1];
    for (let n = 1; n <= clients; n++) factor.push((factor[n - 1]! * demand) / Math.min(n, servers));
    constants = constants.map((_, n) => factor.slice(0, n + 1).reduce((sum, f, j) => sum + f * constants[n - j]!, 0));
  }
  return constants[clients - 1]! / constants[clients]!;
}

describe("mean value analysis", () => {
  it("balanced stations: n ÷ (demand × (n + stations − 1))", () => {
    for (const clients of [1, 5, 40]) {
      const stations = Array.from({ length: 3 }, () => ({ demand: 0.2, servers: 1 }));
      close(meanValueAnalysis(stations, clients, 0).throughput, clients / (0.2 * (clients + 2)));
    }
  });

  it("the interactive system of Lazowska et al., chapter 6: 0.152 requests a second for three users", () => {
    const stations = [0.605, 2.1, 1.35].map((demand) => ({ demand, servers: 1 }));
    const { throughput } = meanValueAnalysis(stations, 3, 15);
    close(throughput, convolution(stations, 3, 15));
    assert.equal(throughput.toFixed(3), "0.152");
  });

  it("equals the product form for pools, delays and thinking clients", () => {
    const dice = random(3);
    for (let i = 0; i < 50; i++) {
      const stations = Array.from({ length: 1 + dice.below(3) }, () => ({
        demand: 0.05 + dice.next(),
        servers: [1, 2, 4, Number.POSITIVE_INFINITY][dice.below(4)]!,
      }));
      const clients = 1 + dice.below(15);
      const think = dice.next() * 3;
      close(meanValueAnalysis(stations, clients, think).throughput, convolution(stations, clients, think), 1e-6);
    }
  });
});

describe("workers that share processors", () => {
  const sharing = (service: number, time: number, count: number) => ({
    service,
    variation: 1,
    processors: { time, count },
  });

  it("are M/M/c where no processor time is needed, or where each has a processor to itself", () => {
    for (const workers of [1, 2, 5, 40])
      for (const load of [0, 0.2, 0.7, 0.95]) {
        const rate = (load * workers) / 3;
        const plain = pool({ service: 3, variation: 1 }, workers, rate);
        for (const time of [0, 1, 3]) {
          const state = pool(sharing(3, time, workers), workers, rate);
          for (const key of ["queue", "response", "waits", "utilisation", "throughput", "kept"] as const)
            close(state[key], plain[key], 1e-9);
        }
      }
  });

  it("are as many workers as there are processors where they do nothing but calculate", () => {
    for (const [workers, count] of [
      [4, 1],
      [4, 2],
      [50, 3],
    ] as const)
      for (const load of [0.3, 0.8]) {
        const state = pool(sharing(2, 2, count), workers, (load * count) / 2);
        close(state.response, pool({ service: 2, variation: 1 }, count, (load * count) / 2).response, 1e-9);
        assert.equal(pool(sharing(2, 2, count), workers, count).response, Number.POSITIVE_INFINITY);
      }
  });

  it("answer no less with each more, and never more than the workers or the processors can", () => {
    const rates = answerRates(5, { time: 2, count: 3 }, 400);
    for (let busy = 1; busy < rates.length; busy++) {
      assert.ok(rates[busy]! >= rates[busy - 1]! * (1 - 1e-12));
      assert.ok(rates[busy]! <= Math.min(busy / 5, 3 / 2) * (1 + 1e-12));
    }
    close(rates[400]!, 1.5, 1e-6);
  });

  it("are exact mean value analysis for a closed population that no worker is missing for", () => {
    for (const clients of [1, 3, 12])
      for (const think of [0, 7]) {
        const measured = { requests: 1, demand: sharing(5, 2, 2), network: 1, rate: 1, queue: null };
        const { throughput, clientResponse, queue } = predictClosed(measured, 12, clients, think);
        const stations = [
          { demand: 1, servers: Number.POSITIVE_INFINITY },
          { demand: 3, servers: Number.POSITIVE_INFINITY },
          { demand: 2, servers: 2 },
        ];
        const exact = meanValueAnalysis(stations, clients, think);
        close(throughput / 1e6, exact.throughput, 1e-9);
        close(clientResponse, exact.response, 1e-9);
        close(queue, 0);
      }
    assert.deepEqual(closedPool([0, 2, 3], 5, 0), { waits: 1, waiting: 3, served: 2, throughput: 3 });
  });

  it("agree with a simulation within 8 %", () => {
    const [workers, processors] = [4, 2];
    for (const load of [0.5, 0.85]) {
      // Two exponential stages: a squared variation of a half.
      const demand = { ...sharing(2, 1, processors), variation: 0.5 };
      const rate = load * answerRates(2, demand.processors, workers)[workers]!;
      close(pool(demand, workers, rate).response, simulated(workers, processors, rate, 300_000), 0.08);
    }
  });
});

/** Mean time from arrival to end: a worker, then one of the processors for 1 in the mean, then a wait of 1 in the mean. */
function simulated(workers: number, processors: number, rate: number, requests: number): number {
  const dice = random(11);
  const worker = new Float64Array(workers);
  const processor = new Float64Array(processors);
  const soonest = (free: Float64Array): number => free.indexOf(Math.min(...free));
  let [arrival, whole] = [0, 0];
  for (let i = 0; i < requests; i++) {
    arrival += dice.exponential(1 / rate);
    // Both are taken in the order of arrival, so that each request finds the one that is free first.
    const [mine, on] = [soonest(worker), soonest(processor)];
    const began = Math.max(arrival, worker[mine]!, processor[on]!);
    processor[on] = began + dice.exponential(1);
    worker[mine] = processor[on]! + dice.exponential(1);
    whole += worker[mine]! - arrival;
  }
  return whole / requests;
}
