import assert from "node:assert/strict";
import { valuesAt } from "../../../../src/model/statistics/order-statistics";
import { differencesAt } from "../../../../src/model/statistics/pair-differences";
import { type Random, random, seeds } from "../random";

/** Durations as they come: few and many, alike, far apart, below 0, and not whole. */
const SHAPES: readonly ((dice: Random) => number)[] = [
  (dice) => dice.below(3),
  () => 50,
  (dice) => Math.exp(6 + 2 * dice.normal()),
  (dice) => dice.below(40_000) - 20_000 + dice.below(2) / 2,
  (dice) => dice.below(1000) + (dice.below(100) ? 0 : 3e10),
  (dice) => dice.normal() * 1e-12,
  (dice) => (dice.below(50) ? 1_700_000_000_000_000 + dice.below(1e9) : Number.POSITIVE_INFINITY),
];

describe("order statistics", () => {
  it("are what a sort puts at their ranks, and leave the values as they were", () => {
    for (let seed = 0; seed < seeds(40, 2_000); seed++) {
      const dice = random(seed);
      for (const shape of SHAPES) {
        const values = Float64Array.from({ length: 1 + dice.below(2_000) }, () => shape(dice));
        const before = values.slice();
        const sorted = values.slice().sort();
        const ranks = Array.from({ length: dice.below(12) }, () => dice.below(values.length)).sort((a, b) => a - b);
        assert.deepEqual(
          [...valuesAt(values, ranks)],
          ranks.map((rank) => sorted[rank]),
          `seed ${seed}`,
        );
        assert.deepEqual(values, before);
      }
    }
  });

  it("of all pairs' differences are what a sort of them all puts there", () => {
    for (let seed = 0; seed < seeds(40, 2_000); seed++) {
      const dice = random(seed);
      for (const shape of SHAPES.slice(0, -1)) {
        const [x, y] = [0, 1].map(() =>
          Float64Array.from({ length: 1 + dice.below(60) }, () => shape(dice)).sort(),
        ) as [Float64Array, Float64Array];
        const all = Float64Array.from([...x].flatMap((own) => Array.from(y, (other) => other - own))).sort();
        const ranks = Array.from({ length: 1 + dice.below(5) }, () => dice.below(all.length)).sort((a, b) => a - b);
        assert.deepEqual(
          differencesAt(x, y, ranks),
          ranks.map((rank) => all[rank]),
          `seed ${seed}`,
        );
      }
    }
  });
});
