import assert from "node:assert/strict";
import { judge, PARTS, type Sample } from "../../../src/model/verdict/judge";

/** A thousand requests of 2 ms, one every 10 ms, but for some that all wait for the end of one stall. */
function judgedWith(stalled: { from: number; to: number }) {
  const sample = Object.fromEntries(PARTS.map((part) => [part, new Float64Array(1000)])) as Sample;
  sample.process.fill(2000);
  const starts = Float64Array.from({ length: 1000 }, (_, index) => index * 10_000);
  for (let index = stalled.from; index < stalled.to; index++)
    sample.queue[index] = 1_000_000 + starts[stalled.to]! - starts[index]!;
  return judge(sample, starts)!;
}

describe("judge", () => {
  it("takes a stall for a cold start only where the very first requests are in it", () => {
    const { first, moments, amounts } = judgedWith({ from: 15, to: 45 });
    assert.deepEqual({ first, moments }, { first: false, moments: 1 });
    assert.ok(amounts.queue > 1_000_000);
    assert.equal(judgedWith({ from: 0, to: 30 }).first, true);
  });

  it("does not speak of one moment at which few requests were slow", () =>
    assert.equal(judgedWith({ from: 500, to: 505 }).of, "none"));
});
