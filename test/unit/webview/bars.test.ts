import assert from "node:assert/strict";
import fc from "fast-check";
import { layoutBars } from "../../../webview/layout/bars";
import { DrawList } from "../../../webview/layout/draw-list";
import { LEAST_BAR, phasesOf, pieces } from "../../../webview/layout/phases";
import { timeScale } from "../../../webview/time/scale";
import { aRow, rectsOf } from "./rows";

const NaN_ = Number.NaN;
const scale = timeScale([0, 1_000_000], 1_000);
const draw = (row = aRow(), paired = false, aligned = true) => {
  const list = new DrawList();
  const extent = layoutBars(list, row, scale, 0, 26, { paired, aligned });
  return { list, extent };
};

describe("two-lane bar", () => {
  it("draws the client's bracket from Q Net,Client to R C,Load with the header's diamond on it", () => {
    const { list, extent } = draw();
    const line = rectsOf(list, "client").find(([x0, , x1]) => x1 - x0 > 1)!;
    assert.deepEqual([line[0], line[2]], [0, 100]);
    assert.deepEqual(
      list.marks.map(({ shape, x }) => [shape, x]),
      [["diamond", 70]],
    );
    assert.deepEqual(extent, [0, 100]);
  });

  it("draws parse, process and send below it, edge to edge", () => {
    const { list } = draw();
    const edges = (["parse", "process", "send"] as const).map((ink) =>
      rectsOf(list, ink).map(([x0, , x1]) => [x0, x1]),
    );
    assert.deepEqual(edges, [[[20, 25]], [[25, 70]], [[70, 80]]]);
  });

  it("draws the queue thinner than work, and as long as its number says", () => {
    const { list } = draw(
      aRow({ times: { arrivalEarliest: 8_000, arrivalLatest: 12_000 }, values: { ...aRow().values, queue: 10_000 } }),
    );
    const [queue] = rectsOf(list, "queue");
    const [process] = rectsOf(list, "process");
    assert.deepEqual([queue![0], queue![2]], [10, 20]);
    assert.ok(queue![3] - queue![1] < process![3] - process![1]);
  });

  it("never loses a request, however short: at least two pixels in its longest phase's colour", () => {
    const short = aRow({
      times: {
        requestStart: 0,
        responseStart: 40,
        responseEnd: 50,
        parseStart: 10,
        parseEnd: 12,
        processEnd: 30,
        sendEnd: 33,
      },
    });
    assert.deepEqual(pieces(phasesOf(short), scale), [{ ink: "process", x0: 0, x1: LEAST_BAR }]);
  });

  it("shows how far the clocks leave the server's bar open, where that can be seen and the clocks are aligned", () => {
    const known = (clockUncertainty: number) => aRow({ values: { ...aRow().values, clockUncertainty } });
    const spans = (...of: Parameters<typeof draw>) =>
      rectsOf(draw(...of).list, "arrival")
        .filter(([x0, , x1]) => x1 - x0 > 1)
        .map(([x0, , x1]) => [x0 - 1, x1 + 1]);
    assert.deepEqual(spans(known(5_000)), [
      [15, 25],
      [75, 85],
    ]);
    assert.deepEqual(spans(known(1_000)), []);
    assert.deepEqual(spans(known(5_000), false, false), []);
  });

  it("shows the same uncertainty at a zoom at which it is 3 pixels wide, and at none at which it is less", () => {
    const row = aRow({ values: { ...aRow().values, clockUncertainty: 150 } });
    const hasWhisker = (micros: number): boolean => {
      const list = new DrawList();
      layoutBars(list, row, timeScale([19_000, 19_000 + micros], 1_000), 0, 26, { paired: true, aligned: true });
      return rectsOf(list, "arrival").some(([x0, y0, x1, y1]) => x1 - x0 >= 1 && y1 - y0 === 1);
    };
    assert.deepEqual([1_000_000, 200_000, 50_000, 20_000].map(hasWhisker), [false, false, true, true]);
  });

  it("crosses where a failed request broke off, and has no end cap there", () => {
    const { list } = draw(
      aRow({
        state: "failed",
        hasServer: false,
        times: {
          responseStart: NaN_,
          responseEnd: NaN_,
          clientLast: 30_000,
          parseStart: NaN_,
          parseEnd: NaN_,
          processEnd: NaN_,
          sendEnd: NaN_,
          serverLast: NaN_,
        },
      }),
    );
    assert.deepEqual(
      list.marks.map(({ shape, x }) => [shape, x]),
      [["cross", 30]],
    );
    assert.equal(rectsOf(list, "client").length, 2, "the line and the cap of its start");
  });

  it("lets a pending request fade out in the phase that it was last seen in", () => {
    const { list } = draw(
      aRow({
        state: "pending",
        times: {
          responseStart: NaN_,
          responseEnd: NaN_,
          processEnd: NaN_,
          sendEnd: NaN_,
          clientLast: 400_000,
          serverLast: 400_000,
        },
      }),
    );
    assert.deepEqual(
      list.fades.map(({ ink, x1 }) => [ink, x1]),
      [
        ["client", 400],
        ["process", 400],
      ],
    );
    assert.deepEqual(list.marks, []);
  });

  it("outlines the missing lane only where the session has both sides", () => {
    const alone = aRow({
      hasServer: false,
      times: { parseStart: NaN_, parseEnd: NaN_, processEnd: NaN_, sendEnd: NaN_, serverLast: NaN_ },
    });
    assert.equal(rectsOf(draw(alone, false).list, "uncertain").length, 0);
    assert.ok(rectsOf(draw(alone, true).list, "uncertain").length > 0);
  });

  it("draws waiting for a connection as dots before the bracket, not as part of it", () => {
    const { list } = draw(aRow({ times: { fetchStart: 0, requestStart: 40_000 } }));
    const dots = rectsOf(list, "setup");
    assert.ok(dots.length > 5 && dots.every(([x0, , x1]) => x0 >= 0 && x1 <= 40));
  });

  it("holds its laws for any stamps in order: phases share edges, stay ordered, and cover what they measure", () => {
    const stamps = fc
      .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 4, maxLength: 4 })
      .map((all) => all.sort((a, b) => a - b));
    const ratios = fc.constantFrom(1, 1.25, 1.5, 2);
    fc.assert(
      fc.property(stamps, ratios, fc.integer({ min: 1, max: 3_000 }), ([a, b, c, d], ratio, width) => {
        const row = aRow({ times: { parseStart: a!, parseEnd: b!, processEnd: c!, sendEnd: d!, serverLast: d! } });
        const at = timeScale([0, 1_000_000], width, ratio);
        const drawn = pieces(phasesOf(row), at);
        for (const [i, piece] of drawn.entries()) {
          assert.ok(piece.x1 > piece.x0);
          assert.ok(Math.abs(piece.x0 * ratio - Math.round(piece.x0 * ratio)) < 1e-6, "on a device pixel");
          if (i > 0) assert.equal(piece.x0, drawn[i - 1]!.x1);
        }
        assert.ok(drawn.at(-1)!.x1 - drawn[0]!.x0 > LEAST_BAR - 1e-6);
        assert.ok(Math.abs(drawn[0]!.x0 - at.x(a!)) <= 1);
      }),
    );
  });
});
