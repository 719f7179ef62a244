import assert from "node:assert/strict";
import fc from "fast-check";
import { Pyramid } from "../../../src/model/pyramid";

const value = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -50, max: 1000 }) }, fc.constant(Number.NaN));

/** What `Pyramid.range` says, by looking at everything. */
function plain(values: number[], marks: number[], from: number, to: number) {
  const known = values.slice(from, to).filter((one) => !Number.isNaN(one));
  return {
    min: known.length ? known.reduce((a, b) => Math.min(a, b)) : Number.NaN,
    max: known.length ? known.reduce((a, b) => Math.max(a, b)) : Number.NaN,
    known: known.length,
    marked: marks.slice(from, to).reduce((sum, mark) => sum + mark, 0),
  };
}

describe("Pyramid", () => {
  it("gives the extremes and counts of any range, whatever was replaced at its end", () => {
    // Three levels from 4096 on: a few drawn values, repeated with a shift, make enough of them.
    const step = fc.record({
      back: fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 5000 }) }, fc.constant(30_000)),
      drawn: fc.array(value, { minLength: 1, maxLength: 40 }),
      length: fc.oneof({ weight: 4, arbitrary: fc.nat({ max: 9000 }) }, fc.constantFrom(0, 64, 4096)),
    });
    const range = fc.tuple(fc.nat({ max: 10_000 }), fc.nat({ max: 10_000 }));
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 4 }),
        fc.array(range, { maxLength: 10 }),
        (steps, ranges) => {
          const pyramid = new Pyramid();
          let values: number[] = [];
          let marks: number[] = [];
          for (const { back, drawn, length } of steps) {
            const from = Math.max(0, values.length - back);
            const more = Array.from({ length }, (_, at) => Math.fround(drawn[at % drawn.length]! + (at % 97)));
            const marked = more.map((_, at) => (at % 13 === 0 ? 1 : 0));
            pyramid.replaceFrom(from, Float32Array.from(more), Uint8Array.from(marked));
            values = [...values.slice(0, from), ...more];
            marks = [...marks.slice(0, from), ...marked];
          }
          assert.equal(pyramid.length, values.length);
          for (const [a, b] of [...ranges, [0, values.length]] as [number, number][])
            assert.deepEqual(pyramid.range(a, b), plain(values, marks, a, Math.max(a, b)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("knows what was there before it got another level, also where that was full to the brim", () => {
    for (const brim of [64, 64 ** 2])
      for (const length of [brim - 1, brim, brim + 1]) {
        const pyramid = new Pyramid();
        const values = Array.from({ length: length + 64 }, (_, at) => at);
        pyramid.replaceFrom(0, Float32Array.from(values.slice(0, length)), new Uint8Array(length).fill(1));
        pyramid.replaceFrom(length, Float32Array.from(values.slice(length)), new Uint8Array(64));
        const all = { min: 0, max: length + 63, known: length + 64, marked: length };
        assert.deepEqual(pyramid.range(0, length + 64), all);
      }
  });
});
