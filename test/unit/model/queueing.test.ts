import assert from "node:assert/strict";
import { erlangB, erlangC } from "../../../src/model/queueing/erlang";
import { meanValueAnalysis, type Station } from "../../../src/model/queueing/mva";
import { calmRate, pool } from "../../../src/model/queueing/pool";
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
