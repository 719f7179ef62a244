import assert from "node:assert/strict";
import fc from "fast-check";
import { panned, type TimeSpan, timeScale, within, zoomed } from "../../../webview/time/scale";
import { tickLabel, timeTicks } from "../../../webview/time/ticks";

const bounds: TimeSpan = [0, 75_000_000];
const span = fc
  .tuple(fc.integer({ min: 0, max: 74_000_000 }), fc.integer({ min: 100, max: 1_000_000 }))
  .map(([from, length]): TimeSpan => [from, from + length]);

describe("time scale", () => {
  it("is undone by its inverse", () => {
    fc.assert(
      fc.property(
        span,
        fc.integer({ min: 100, max: 4_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (domain, width, part) => {
          const scale = timeScale(domain, width);
          assert.ok(Math.abs(scale.x(scale.time(part * width)) - part * width) < 1e-6);
        },
      ),
    );
  });

  it("zooms with the anchor standing still, unless the session's border holds it", () => {
    const domain: TimeSpan = [10_000_000, 20_000_000];
    const closer = zoomed(domain, 2, 12_000_000, bounds);
    assert.deepEqual(closer, [11_000_000, 16_000_000]);
    assert.deepEqual(zoomed(domain, 0.001, 12_000_000, bounds), bounds);
  });

  it("stays inside the session and keeps its length, wherever it is moved", () => {
    fc.assert(
      fc.property(span, fc.integer({ min: -200_000_000, max: 200_000_000 }), (domain, micros) => {
        const moved = panned(domain, micros, bounds);
        assert.ok(moved[0] >= bounds[0] && moved[1] <= bounds[1] + 1e-6);
        assert.ok(Math.abs(moved[1] - moved[0] - (domain[1] - domain[0])) < 1e-6);
      }),
    );
  });

  it("cuts what is longer than the session", () => assert.deepEqual(within([-5, 90_000_000], bounds), bounds));

  it("can be zoomed in to 20 µs and no closer", () => {
    const closest = zoomed([0, 40], 1_000, 10, bounds);
    assert.equal(closest[1] - closest[0], 20);
  });
});

describe("ticks", () => {
  const labels = (from: number, to: number) => {
    const ticks = timeTicks([from, to], 7);
    return ticks.values.map((tick) => tickLabel(tick, ticks));
  };

  it("count in the unit of their step", () => {
    assert.deepEqual(labels(0, 700_000).slice(0, 3), ["0 ms", "100 ms", "200 ms"]);
    assert.deepEqual(labels(0, 700).slice(0, 3), ["0 µs", "100 µs", "200 µs"]);
    assert.deepEqual(labels(0, 70_000_000).slice(0, 3), ["0 s", "10 s", "20 s"]);
    assert.deepEqual(labels(0, 7 * 3_600_000_000).slice(0, 3), ["0", "2 h", "4 h"]);
  });

  it("count from a round time that is named once when the span is far from the start", () => {
    const ticks = timeTicks([62_312_000, 62_412_000], 5);
    assert.equal(ticks.origin % 100_000, 0);
    assert.ok(ticks.values.every((tick) => tickLabel(tick, ticks).startsWith("+")));
  });

  it("count from where the session begins, wherever its zero is", () => {
    fc.assert(
      fc.property(span, fc.integer({ min: -100_000, max: 100_000 }), ([from, to], zero) => {
        const [plain, moved] = [timeTicks([from, to], 7), timeTicks([from + zero, to + zero], 7, zero)];
        const label = (ticks: typeof plain) => ticks.values.map((tick) => tickLabel(tick, ticks));
        assert.deepEqual(label(moved), label(plain));
        assert.deepEqual(
          moved.values,
          plain.values.map((tick) => tick + zero),
        );
      }),
    );
  });

  it("are never minus zero and never too many", () => {
    fc.assert(
      fc.property(span, fc.integer({ min: 1, max: 20 }), ([from, to], wanted) => {
        const ticks = timeTicks([from - 1_000, to], wanted);
        assert.ok(ticks.values.length <= wanted * 4 + 2);
        for (const tick of ticks.values) assert.ok(!Object.is(tick, -0));
      }),
    );
  });
});
