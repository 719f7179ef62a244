import assert from "node:assert/strict";
import { separation } from "../../../src/model/verdict/separation";
import { random } from "./random";

/** Requests with a trait of so many values, of which some are slow. */
function drawn(seed: number, requests: number, values: number, isSlow: (code: number, dice: () => number) => boolean) {
  const { next, below } = random(seed);
  const codes = Uint32Array.from({ length: requests }, () => below(values));
  return separation(
    codes,
    Uint8Array.from(codes, (code) => Number(isSlow(code, next))),
    9,
  );
}

describe("how well a trait separates the slow ones", () => {
  it("is always where each value is of one kind, and chance where there is but one value", () => {
    const { auc, low } = drawn(1, 400, 10, (code) => code === 3);
    assert.equal(auc, 1);
    assert.ok(low > 0.9);
    assert.equal(drawn(1, 400, 1, (_, dice) => dice() < 0.05).auc, 0.5);
  });

  it("is no more than chance in noise, however many values there are: at most 1 of 100 is claimed", () => {
    for (const values of [2, 20, 200]) {
      let claimed = 0;
      for (let seed = 0; seed < 100; seed++)
        if (drawn(seed, 600, values, (_, dice) => dice() < 0.05).low > 0.5) claimed++;
      assert.ok(claimed <= 1, `${claimed} of 100 with ${values} values`);
    }
  });

  it("finds one value of ten that is slow half the time, beside one in a hundred of the others", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { auc, low } = drawn(seed, 1000, 10, (code, dice) => dice() < (code === 7 ? 0.5 : 0.01));
      assert.ok(auc > 0.85 && low > 0.7, `${auc}, at least ${low}`);
    }
  });

  it("does not mind a lack of either kind", () => {
    for (const isSlow of [true, false]) {
      const { auc, low } = drawn(1, 100, 5, () => isSlow);
      assert.equal(auc, 0.5);
      assert.ok(!(low > 0.5));
    }
  });
});
