import assert from "node:assert/strict";
import fc from "fast-check";
import type { ClockEpoch } from "../../../src/model/clock";
import { halfAt, layoutOffsets, offsetAt } from "../../../webview/clocks/offset-chart";

const WIDTH = 640;
const HEIGHT = 120;
/** A band is never thinner than this on each side of its line. */
const LEAST = 1.5;
const BASE = 1_700_000_000_000_000;

const epoch = (change: Partial<ClockEpoch> = {}): ClockEpoch => ({
  from: BASE,
  to: BASE + 60e6,
  at: BASE + 30e6,
  offset: 3e6,
  uncertainty: 100,
  drift: 0,
  samples: 10,
  minRtt: 200,
  quality: "bounded",
  ...change,
});

/** Epochs one after the other, however long, steep and uncertain. */
const someEpochs = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 1e7 }),
      length: fc.integer({ min: 0, max: 1e9 }),
      offset: fc.integer({ min: -1e10, max: 1e10 }),
      uncertainty: fc.integer({ min: 0, max: 1e7 }),
      drift: fc.integer({ min: -500, max: 500 }),
      unsure: fc.integer({ min: 0, max: 100 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) => {
    let from = BASE;
    return all.map(({ gap, length, offset, uncertainty, drift, unsure }) => {
      from += gap;
      const to = from + length;
      const driftRange = [drift - unsure, drift + unsure] as const;
      const one = epoch({ from, to, at: (from + to) / 2, offset, uncertainty, drift, driftRange });
      from = to;
      return one;
    });
  });

describe("chart of the offset over time", () => {
  it("has every line within its band, and every band within the picture", () => {
    fc.assert(
      fc.property(someEpochs, (epochs) => {
        const chart = layoutOffsets(epochs, WIDTH, HEIGHT)!;
        assert.equal(chart.epochs.length, epochs.length);
        assert.equal(chart.steps.length, epochs.length - 1);
        for (const { line, band } of chart.epochs) {
          const [x0, y0, x1, y1] = line;
          assert.ok(x0 <= x1);
          assert.ok(
            band[1]! <= y0 - LEAST && band[3]! <= y1 - LEAST && band[5]! >= y1 + LEAST && band[7]! >= y0 + LEAST,
          );
          for (let corner = 0; corner < band.length; corner += 2) {
            assert.ok(band[corner]! >= 0 && band[corner]! <= WIDTH);
            assert.ok(band[corner + 1]! >= 0 && band[corner + 1]! <= HEIGHT);
          }
        }
      }),
    );
  });

  it("goes from the first moment to the last, and a greater offset is higher", () => {
    const step = BASE + 60e6;
    const later = epoch({ from: step, to: step + 60e6, at: step + 30e6, offset: 5e6 });
    const { epochs, steps, span } = layoutOffsets([epoch(), later], WIDTH, HEIGHT)!;
    assert.deepEqual(span, [BASE, step + 60e6]);
    assert.deepEqual([epochs[0]!.line[0], epochs[1]!.line[2]], [0, WIDTH]);
    assert.ok(epochs[1]!.line[1] < epochs[0]!.line[3]);
    assert.deepEqual(steps, [{ x: WIDTH / 2, y0: epochs[0]!.line[3], y1: epochs[1]!.line[1] }]);
  });

  it("widens the band with the distance from where the offset is known, as far as the drift is not", () => {
    const unsure = epoch({ drift: 100, driftRange: [90, 120] });
    assert.equal(offsetAt(unsure, unsure.to), 3e6 + 3_000);
    assert.equal(halfAt(unsure, unsure.at), 100);
    assert.equal(halfAt(unsure, unsure.to), 100 + 20 * 30);
    assert.equal(halfAt(epoch({ driftRange: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] }), BASE), 100);
  });

  it("is not drawn where nothing is known, and takes a single moment", () => {
    assert.equal(layoutOffsets([], WIDTH, HEIGHT), null);
    assert.equal(layoutOffsets([epoch({ uncertainty: Number.POSITIVE_INFINITY })], WIDTH, HEIGHT), null);
    const [one] = layoutOffsets([epoch({ to: BASE, at: BASE })], WIDTH, HEIGHT)!.epochs;
    assert.deepEqual([one!.line[0], one!.line[2]], [0, WIDTH]);
  });
});
