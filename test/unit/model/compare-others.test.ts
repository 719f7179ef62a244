import assert from "node:assert/strict";
import { AllButOne } from "../../../src/model/compare/all-but-one";
import type { Estimate } from "../../../src/model/compare/run-noise";
import { median } from "../../../src/model/statistics/select";
import { random } from "./random";

/** As it is defined: of these alone. */
function common(others: readonly Estimate[]) {
  const values = others.map(({ value }) => value);
  const middle = median(Float64Array.from(values));
  const distances = values.map((value) => Math.abs(value - middle)).sort((a, b) => a - b);
  const kept = distances.slice(0, Math.max(1, Math.ceil(distances.length * 0.75)));
  const square = kept.reduce((sum, distance) => sum + distance ** 2, 0) / kept.length;
  return { middle, scatter: Math.sqrt(square) / 0.607, error: median(Float64Array.from(others, ({ error }) => error)) };
}

const near = (found: number, expected: number): void =>
  assert.ok(Math.abs(found - expected) <= 1e-9 * Math.max(1, Math.abs(expected)), `${found} for ${expected}`);

describe("what all routes but one share", () => {
  it("is what the others alone have in common: few and many, with ties, with far ones", () => {
    const { next } = random(11);
    for (let count = 2; count < 60; count++) {
      const far = count % 3 ? 1 : 1e7;
      const estimates = Array.from({ length: count }, () => ({
        value: (next() < 0.2 ? far : 1) * (next() < 0.5 ? Math.floor(next() * 5) - 2 : next() - 0.5),
        error: Math.floor(next() * 10),
      }));
      const all = new AllButOne(estimates);
      near(all.all().middle, common(estimates).middle);
      near(all.all().scatter, common(estimates).scatter);
      estimates.forEach((one, index) => {
        const [found, expected] = [all.without(index), common(estimates.filter((other) => other !== one))];
        assert.equal(found.count, count - 1);
        near(found.middle, expected.middle);
        near(found.scatter, expected.scatter);
        near(found.error, expected.error);
      });
    }
  });
});
