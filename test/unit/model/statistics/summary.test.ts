import assert from "node:assert/strict";
import { meanInterval, moments } from "../../../../src/model/statistics/mean";
import {
  countForQuantile,
  quantileInterval,
  quantileRanks,
  quantileSorted,
} from "../../../../src/model/statistics/quantile";
import { summarise } from "../../../../src/model/statistics/summary";
import { random } from "../random";

const SAMPLE = Float64Array.of(12, 7, 3, 45, 21, 9, 14, 2, 30, 18, 5, 11.5);
const close = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} ≠ ${expected}`);

/** Share of simulated samples whose interval holds the truth. */
function coverage(n: number, truth: number, draw: () => number, interval: (sorted: Float64Array) => readonly number[]) {
  const samples = 10_000;
  let held = 0;
  for (let i = 0; i < samples; i++) {
    const [low, high] = interval(Float64Array.from({ length: n }, draw).sort());
    if (low! <= truth && truth <= high!) held++;
  }
  return held / samples;
}

describe("summarise", () => {
  it("equals NumPy's mean, std(ddof=1) and quantile, and SciPy's skew", () => {
    const summary = summarise(SAMPLE);
    assert.equal(summary.count, 12);
    close(summary.mean, 14.791666666666666);
    close(summary.deviation, 12.448910747044449);
    close(summary.p50, 11.75);
    close(summary.p95, 36.75);
    close(summary.p99, 43.35);
    assert.deepEqual([summary.min, summary.max], [2, 45]);
    close(moments(SAMPLE).skewness, 1.2776356595812544);
  });

  it("does not change its input, nor care for its order or for unknown values", () => {
    const values = Float64Array.of(3, Number.NaN, 1, 2);
    const summary = summarise(values);
    assert.deepEqual([...values], [3, Number.NaN, 1, 2]);
    assert.deepEqual(summary, summarise(Float64Array.of(1, 2, 3)));
  });

  it("are the values that a sort puts at their ranks, whatever ties there are", () => {
    const dice = random(5);
    for (let round = 0; round < 300; round++) {
      const distinct = 1 + dice.below(round % 3 === 0 ? 3 : 2000);
      const values = Float64Array.from({ length: 1 + dice.below(1500) }, () => dice.below(distinct) - 50.5);
      const sorted = values.slice().sort();
      const { p50, p95, p99, min, max, ci95 } = summarise(values);
      const read = {
        p50: quantileSorted(sorted, 0.5),
        p95: quantileSorted(sorted, 0.95),
        p99: quantileSorted(sorted, 0.99),
      };
      assert.deepEqual({ p50, p95, p99, min, max }, { ...read, min: sorted[0], max: sorted.at(-1) });
      for (const p of [0.5, 0.95, 0.99]) assert.deepEqual(ci95[`p${p * 100}` as "p50"], quantileInterval(sorted, p));
    }
  });

  it("an empty sample has no numbers, a single value no deviation and no interval", () => {
    assert.equal(summarise(new Float64Array()).count, 0);
    assert.ok(Number.isNaN(summarise(new Float64Array()).p50));
    const one = summarise(Float64Array.of(7));
    assert.deepEqual([one.mean, one.p99, one.deviation], [7, 7, 0]);
    assert.deepEqual(one.ci95, { mean: null, p50: null, p95: null, p99: null });
  });

  it("equal values have an interval of no width", () => {
    assert.deepEqual(summarise(new Float64Array(1000).fill(5)).ci95, {
      mean: [5, 5],
      p50: [5, 5],
      p95: [5, 5],
      p99: [5, 5],
    });
  });
});

describe("intervals from order statistics", () => {
  it("the median's ranks are the textbook's (Conover; Hahn & Meeker)", () => {
    assert.deepEqual(quantileRanks(6, 0.5), [0, 5]);
    assert.deepEqual(quantileRanks(10, 0.5), [1, 8]);
    assert.deepEqual(quantileRanks(25, 0.5), [7, 17]);
    assert.deepEqual(quantileRanks(100, 0.5), [39, 60]);
  });

  it("are null until n admits one, and say which n does", () => {
    for (const [p, needed] of [
      [0.5, 6],
      [0.95, 72],
      [0.99, 368],
    ] as const) {
      assert.equal(countForQuantile(p), needed);
      assert.equal(quantileRanks(needed - 1, p), null);
      assert.notEqual(quantileRanks(needed, p), null);
    }
  });

  it("hold the truth in at least 94 % of 10,000 samples", () => {
    const { exponential } = random(1);
    for (const [p, n] of [
      [0.5, 30],
      [0.95, 200],
      [0.99, 400],
    ] as const) {
      const held = coverage(
        n,
        -Math.log(1 - p),
        () => exponential(1),
        (sorted) => quantileInterval(sorted, p)!,
      );
      assert.ok(held >= 0.94, `p${p * 100}, n ${n}: ${held}`);
    }
  });
});

describe("the mean's interval", () => {
  it("is Student's where there is no skewness", () => {
    const values = Float64Array.of(-5, -4, -3, -2, -1, 1, 2, 3, 4, 5);
    const [low, high] = meanInterval(moments(values))!;
    // scipy.stats.t.interval(0.95, 9, 0, scipy.stats.sem(values))
    close(high, 2.500908841938854);
    close(low, -high);
  });

  it("holds the truth in 92.5 to 97 % of 10,000 log-normal samples with σ = 1, from n = 100 on", () => {
    const { normal } = random(2);
    for (const n of [100, 300]) {
      const held = coverage(
        n,
        Math.exp(0.5),
        () => Math.exp(normal()),
        (values) => meanInterval(moments(values))!,
      );
      assert.ok(held >= 0.925 && held <= 0.97, `n ${n}: ${held}`);
    }
  });

  it("turns over with the sample: the interval of −x is minus the interval of x", () => {
    const values = SAMPLE;
    const [low, high] = meanInterval(moments(values))!;
    const mirrored = meanInterval(moments(values.map((value) => -value)))!;
    close(mirrored[0], -high);
    close(mirrored[1], -low);
  });
});
