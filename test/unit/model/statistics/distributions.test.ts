import assert from "node:assert/strict";
import {
  binomialCdf,
  normalCdf,
  normalQuantile,
  studentQuantile,
} from "../../../../src/model/statistics/distributions";
import { incompleteBeta, logGamma } from "../../../../src/model/statistics/special";

/** Expected values: SciPy 1.17.1. */
function close(actual: number, expected: number, relative = 1e-12): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.max(1e-3, Math.abs(expected)), `${actual} ≠ ${expected}`);
}

describe("distributions", () => {
  it("ln Γ equals scipy.special.gammaln", () => {
    const table = [
      [0.1, 2.252712651734206],
      [0.5, 0.5723649429247],
      [1.5, -0.12078223763524526],
      [10, 12.801827480081469],
      [1e3, 5905.220423209181],
      [1e6, 12815504.569147611],
    ] as const;
    for (const [x, expected] of table) close(logGamma(x), expected);
  });

  it("I_x(a, b) equals scipy.special.betainc, for a million trials too", () => {
    const table = [
      [0.3, 2, 5, 0.5798250000000003],
      [0.5, 0.5, 0.5, 0.5],
      [0.95, 71, 1, 0.026204505914936217],
      [0.5, 500, 501, 0.5126125090891802],
      [0.01, 1e4, 1e6, 0.8425446061748842],
      [0.7, 3.5, 0.5, 0.12687036692367099],
    ] as const;
    for (const [x, a, b, expected] of table) close(incompleteBeta(x, a, b), expected, 1e-8);
  });

  it("the normal, Student and binomial equal scipy.stats", () => {
    close(normalCdf(-8), 6.22096057427174e-16);
    close(normalCdf(-1.96), 0.024997895148220435);
    close(normalCdf(1.5), 0.9331927987311419);
    close(normalQuantile(0.975), 1.959963984540054);
    close(studentQuantile(0.975, 1), 12.706204736174694);
    close(studentQuantile(0.975, 9), 2.262157162798205);
    close(studentQuantile(0.975, 99), 1.9842169515864174);
    close(studentQuantile(0.025, 30), -2.042272456301238);
    close(binomialCdf(2, 10, 0.5), 0.0546875);
    close(binomialCdf(94, 100, 0.95), 0.3840008720438596);
    close(binomialCdf(949_900, 1_000_000, 0.95), 0.3238060621050892, 1e-7);
  });
});
