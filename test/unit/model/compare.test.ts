import assert from "node:assert/strict";
import { compare, hasChanged, hasSlowed } from "../../../src/model/compare/compare";
import type { Compared, Run } from "../../../src/model/compare/run";
import { holm } from "../../../src/model/statistics/correction";
import { rankTest, shift } from "../../../src/model/statistics/rank-test";
import { random } from "./random";

const SEEDS = 100;
const ROUTES = 10;
const REQUESTS = 1000;

/** Ten routes of a mean of 20 ms and a coefficient of variation of 0.2, log-normal; `slow` makes one slower. */
function run(seed: number, { slow = 1, correlation = 0 } = {}): Run {
  const { normal } = random(seed);
  const sigma = Math.sqrt(Math.log(1 + 0.2 ** 2));
  return new Map(
    Array.from({ length: ROUTES }, (_, route) => {
      let state = normal();
      const values = Float64Array.from({ length: REQUESTS }, () => {
        state = correlation * state + Math.sqrt(1 - correlation ** 2) * normal();
        return 20_000 * Math.exp(sigma * state - sigma ** 2 / 2) * (route === 3 ? slow : 1);
      });
      return [`GET /${route}`, new Map<Compared, Float64Array>([["clientResponse", values]])] as const;
    }),
  );
}

const claims = (base: Run, other: Run): string[] =>
  compare([base], [other])
    .routes.filter(({ durations }) => durations.some(({ word }) => word === "slower" || word === "faster"))
    .map(({ key }) => key);

describe("rank test", () => {
  it("equals scipy.stats.mannwhitneyu with ties, and Cliff's delta", () => {
    const a = Float64Array.of(1.1, 2.2, 3.3, 3.3, 5, 6, 7.7, 8, 9, 10);
    const b = Float64Array.of(2, 3.3, 6.5, 7.1, 8.8, 9.9, 11, 12, 13, 14);
    const { p, delta } = rankTest(a, b);
    assert.ok(Math.abs(p - 0.0884925707322318) < 1e-12, `${p}`);
    assert.ok(Math.abs(delta - 0.46) < 1e-12, `${delta}`);
    assert.deepEqual(rankTest(a, a), { p: 1, delta: 0 });
  });

  it("the shift is Hodges' and Lehmann's, and its interval covers it in at least 94 % of 2,000 samples", () => {
    assert.equal(shift(Float64Array.of(1, 2, 3), Float64Array.of(11, 12, 13)).estimate, 10);
    const { normal } = random(1);
    let held = 0;
    for (let i = 0; i < 2000; i++) {
      const sample = (mean: number) => Float64Array.from({ length: 20 }, () => mean + normal());
      const { low, high } = shift(sample(0), sample(1));
      if (low <= 1 && 1 <= high) held++;
    }
    assert.ok(held >= 1880, `${held}`);
  });

  it("Holm's correction equals R's p.adjust", () => {
    assert.deepEqual(
      holm([0.01, 0.04, 0.03, 0.005]).map((p) => Math.round(p * 1e6) / 1e6),
      [0.03, 0.06, 0.06, 0.02],
    );
  });
});

describe("comparison", () => {
  it("claims a difference in at most 10 of 100 pairs of identical runs, correlated ones too", () => {
    for (const correlation of [0, 0.9]) {
      let claimed = 0;
      for (let seed = 0; seed < SEEDS; seed++)
        if (claims(run(2 * seed, { correlation }), run(2 * seed + 1, { correlation })).length > 0) claimed++;
      assert.ok(claimed <= 10, `correlation ${correlation}: ${claimed}`);
    }
  });

  it("finds 5 % in one of ten routes in 95 of 100 seeds, and claims another in at most 5", () => {
    let found = 0;
    let elsewhere = 0;
    for (let seed = 0; seed < SEEDS; seed++) {
      const claimed = claims(run(2 * seed + 1000), run(2 * seed + 1001, { slow: 1.05 }));
      if (claimed.includes("GET /3")) found++;
      if (claimed.some((key) => key !== "GET /3")) elsewhere++;
    }
    assert.ok(found >= 95, `found ${found}`);
    assert.ok(elsewhere <= 5, `elsewhere ${elsewhere}`);
  });

  it("claims nothing of one session a side that is slower as a whole, and says so; four a side show that it is the code", () => {
    const slower = (seed: number, all: number): Run =>
      new Map(
        [...run(seed)].map(([key, durations]) => [
          key,
          new Map([...durations].map(([name, values]) => [name, values.map((one) => one * all)])),
        ]),
      );
    const { routes, notes } = compare([run(1)], [slower(2, 1.4)]);
    assert.deepEqual(routes.filter(hasChanged), []);
    assert.match(notes[1]!, /^Most routes are slower alike, by (39|40|41) %/);
    const four = (from: number, all: number) => [0, 1, 2, 3].map((one) => slower(from + one, all));
    assert.equal(compare(four(10, 1), four(20, 1.4)).routes.filter(hasSlowed).length, ROUTES);
    // Runs that differ by as much among themselves show nothing.
    const noisy = (from: number) => [1, 1.5, 0.8, 1.2].map((all, one) => slower(from + one, all));
    assert.deepEqual(compare(noisy(30), noisy(40)).routes.filter(hasChanged), []);
  });

  it("says how many requests are missing instead of guessing, and when runs cannot be told from code", () => {
    const few = (count: number): Run =>
      new Map([["GET /", new Map([["clientResponse", new Float64Array(count).map((_, i) => 1000 + i)] as const])]]);
    const { routes, notes } = compare([few(12)], [few(40)]);
    assert.deepEqual([routes[0]!.durations[0]!.word, routes[0]!.durations[0]!.missing], ["not enough data", 18]);
    assert.match(notes[0]!, /One session a side cannot show the noise from run to run/);
    assert.deepEqual(compare(Array(4).fill(few(40)), Array(4).fill(few(40))).notes, []);
  });

  it("a difference that is too small to matter is none, however certain", () => {
    const constant = (micros: number): Run =>
      new Map([["GET /", new Map([["clientResponse", new Float64Array(500).fill(micros)] as const])]]);
    const wordOf = (a: number, b: number) => compare([constant(a)], [constant(b)]).routes[0]!.durations[0]!.word;
    assert.equal(wordOf(100_000, 101_000), "no difference shown");
    assert.equal(wordOf(1_000, 1_400), "no difference shown");
    assert.equal(wordOf(1_000, 1_600), "slower");
    assert.equal(wordOf(100_000, 90_000), "faster");
    assert.equal(wordOf(0, 90_000), "slower");
  });
});
