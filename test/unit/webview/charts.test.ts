/** Laws of the charts' pictures: everything lies within them, whatever the data and the width. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { isPicture } from "../../../src/extension/picture";
import { curve } from "../../../src/model/queueing/curve";
import type { HeatData, LatencyData, PredictionData, TrafficData } from "../../../src/protocol/charts";
import { clockAxis, clockLabel, durationAxis, logAxis, roundDuration } from "../../../webview/charts/axes";
import type { Figure } from "../../../webview/charts/figure";
import { nearest, step } from "../../../webview/charts/figure-step";
import { heatChart } from "../../../webview/charts/heat";
import { latencyChart } from "../../../webview/charts/latency";
import { predictionChart } from "../../../webview/charts/prediction";
import { filterFor, regionBox, regionIn, requestsIn, spanIn } from "../../../webview/charts/region";
import { readSettings } from "../../../webview/charts/settings";
import { plainColour, svgText } from "../../../webview/charts/svg-text";
import { trafficChart } from "../../../webview/charts/traffic";
import { zoneOf } from "../../../webview/charts/zone";

const CONTEXT = { base: 1_791_971_880_000_000, zone: [[0, 120]] as const };
const widths = fc.integer({ min: 280, max: 2_000 });
/** From below a µs to some hours. */
const bins = fc
  .record({
    decade: fc.integer({ min: -1, max: 8 }),
    perDecade: fc.constantFrom(2, 5, 10, 20),
    bin: fc.nat(19),
    wide: fc.integer({ min: 1, max: 40 }),
  })
  .map(({ decade, perDecade, bin, wide }) => ({
    first: decade * perDecade + (bin % perDecade),
    perDecade,
    length: Math.min(wide, perDecade * 4),
  }));

function assertInside({ width, height, shapes, marks }: Figure): void {
  for (const { tag, at } of shapes) {
    for (const value of Object.values(at))
      assert.ok(!/NaN|Infinity/.test(String(value)), `${tag} ${JSON.stringify(at)}`);
    if (tag !== "rect") continue;
    assert.ok(Number(at.x) >= -1 && Number(at.x) + Number(at.width) <= width + 1, JSON.stringify(at));
    assert.ok(Number(at.y) >= -1 && Number(at.y) + Number(at.height) <= height + 1, JSON.stringify(at));
  }
  for (const mark of marks) assert.ok(mark.words.length > 0 && !/NaN/.test(mark.words), mark.words);
}

const latencies = bins.chain((given) =>
  fc
    .array(fc.integer({ min: 0, max: 1e6 }), { minLength: given.length, maxLength: given.length })
    .map((counts): LatencyData => {
      const count = counts.reduce((a, b) => a + b, 0);
      const at = (share: number) => 10 ** ((given.first + share * given.length) / given.perDecade);
      return {
        ...{ chart: "latency", of: "clientResponse", bins: given, count, unknown: 0, below: 0 },
        counts: Uint32Array.from(counts),
        failed: Uint32Array.from(counts, (n) => n >> 3),
        ...{ min: at(0), max: at(1), mean: at(0.5) },
        quantiles: [0.5, 0.95, 0.99].map((p) => ({ p, value: at(p), interval: [at(p - 0.05), at(1)] as const })),
      };
    }),
);

const heats = fc
  .record({ bins, columns: fc.integer({ min: 2, max: 90 }), n: fc.nat(50) })
  .map(({ bins: given, columns, n }): HeatData => {
    const cells = columns * given.length;
    return {
      ...{ chart: "heat", of: "clientResponse", from: 0, to: columns * 5e6, columns, bins: given },
      counts: Uint32Array.from({ length: cells }, (_, at) => (at * 7 + n) % 50),
      failed: Uint32Array.from({ length: cells }, (_, at) => (at % 11 === 0 ? 1 : 0)),
      failures: Uint32Array.from({ length: columns }, (_, at) => at % 3),
      ...{ count: 1, unknown: 0, below: 0 },
    };
  });

/** Services from a µs to minutes, constant to wild; the measured anywhere. */
const predictions = fc
  .record({
    service: fc.double({ min: 1, max: 1e8, noNaN: true }),
    variation: fc.double({ min: 0, max: 50, noNaN: true }),
    network: fc.double({ min: 0, max: 1e7, noNaN: true }),
    rate: fc.double({ min: 1e-4, max: 1e5, noNaN: true }),
    workers: fc.constantFrom(0, 1, 3, 64),
  })
  .map(({ service, variation, network, rate, workers }): PredictionData => {
    const measured = { requests: 90, demand: { service, variation }, network, rate, queue: null };
    return {
      ...{ chart: "prediction", measured, needed: 30, workers, atOnce: 7 },
      curves: [1, 2, workers || 4].map((size) => curve(measured, size)),
      points: [1, 0.5, 2].map((part) => ({ rate: rate * part, clientResponse: service + network, requests: 45 })),
    };
  });

describe("pictures of charts", () => {
  it("have everything within them, and a bar for each bin that is not empty", () => {
    fc.assert(
      fc.property(latencies, widths, (data, width) => {
        const figure = latencyChart.layout(data, { width, ...CONTEXT });
        assertInside(figure);
        assert.equal(figure.marks.length, data.counts.filter((n) => n > 0).length);
        assert.equal(latencyChart.table(data, { width, ...CONTEXT }).rows.length, figure.marks.length + 3);
      }),
    );
    fc.assert(
      fc.property(heats, widths, (data, width) => assertInside(heatChart.layout(data, { width, ...CONTEXT }))),
      { numRuns: 30 },
    );
  });

  it("have a prediction's curves and points within them, each read by keyboard and in the table", () => {
    fc.assert(
      fc.property(predictions, widths, (data, width) => {
        const figure = predictionChart.layout(data, { width, ...CONTEXT });
        assertInside(figure);
        for (const { x, y, width: wide, height } of figure.marks) {
          assert.ok(x >= 0 && x + wide <= figure.width + 1 && y >= 0 && y + height <= figure.height + 1);
        }
        assert.equal(predictionChart.table(data, { width, ...CONTEXT }).rows.length, figure.marks.length);
        assert.equal(predictionChart.empty(data), null);
      }),
    );
  });

  it("say why nothing can be predicted, and what it takes", () => {
    const none = { chart: "prediction", needed: 30, workers: 0, atOnce: 0 } as const;
    const few = { requests: 12, demand: { service: 5, variation: 1 }, network: 0, rate: 1, queue: null };
    const sentence = (measured: PredictionData["measured"]) =>
      predictionChart.empty({ ...none, curves: [], points: [], measured })!;
    assert.match(sentence(null), /needs R S, and no request here has the server's marks/);
    assert.match(sentence(few), /^Only 12 requests here have R S: a prediction needs at least 30\.$/);
    assert.match(sentence({ ...few, requests: 40, demand: { service: 0, variation: 0 } }), /R S is 0/);
  });

  it("show a bar for each archive, the longest the most, and say a single day in words", () => {
    const item = (label: string, count: number, code = false) => ({
      label,
      count,
      failed: code ? count : 0,
      bytes: 0,
      code,
    });
    const data: TrafficData = {
      ...{ chart: "traffic", by: "path", requests: 35, others: { items: 2, count: 5 } },
      items: [item("/", 20), item("Code 404 Not Found", 10, true)],
    };
    const figure = trafficChart.layout(data, { width: 600, ...CONTEXT });
    assertInside(figure);
    const [first, second] = figure.shapes.filter(({ tag }) => tag === "rect");
    assert.equal(second!.fill, "failed");
    assert.ok(Math.abs(Number(first!.at.width) - 2 * Number(second!.at.width)) < 0.5);
    assert.match(
      trafficChart.empty({ ...data, by: "day", items: [item("2026-10-14", 35)] })!,
      /of one day, 2026-10-14/,
    );
    assert.equal(trafficChart.empty(data), null);
  });
});

describe("the axes of charts", () => {
  it("have ticks in the range, in one direction, each with another label", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e10, noNaN: true }),
        fc.double({ min: 1.05, max: 1e7, noNaN: true }),
        (from, factor) => {
          const axis = logAxis([from, from * factor], [0, 500], 8, roundDuration);
          const places = axis.ticks.map(({ value }) => axis.scale(value));
          assert.ok(places.every((at, i) => at >= -1 && at <= 501 && (i === 0 || at > places[i - 1]!)));
          const linear = durationAxis(from, [500, 0], 5);
          assert.ok(linear.ticks.length >= 2);
          assert.equal(new Set(linear.ticks.map(({ label }) => label)).size, linear.ticks.length);
          assert.ok(linear.ticks.at(-1)!.value >= from * 0.9999);
        },
      ),
    );
  });

  it("of a clock stand at round times, with dates where days change", () => {
    const day = 86_400e6;
    const from = 20_000 * day + 22.5 * 3_600e6;
    const { ticks } = clockAxis([from, from + 4 * 3_600e6], [0, 600], 8);
    assert.deepEqual(ticks.map(({ label }) => label).slice(0, 4), ["22:30", "23:00", "23:30", "10-05"]);
    assert.equal(clockLabel(10.5 * 3_600e6, 60e6), "10:30");
    assert.equal(clockLabel(10.5 * 3_600e6 + 5.25e6, 1e4), "10:30:05.25");
  });
});

describe("a region of the heat map", () => {
  it("is the cells that the rectangle touches, and comes back as the same rectangle", () => {
    fc.assert(
      fc.property(heats, fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()), (data, [a, b, c, d]) => {
        const { plot } = heatChart.layout(data, { width: 800, ...CONTEXT });
        const order = (x: number, y: number, n: number): [number, number] => [
          Math.min(x % n, y % n),
          Math.max(x % n, y % n),
        ];
        const region = { columns: order(a, b, data.columns), bins: order(c, d, data.bins.length) };
        const { x, y, width, height } = regionBox(data, plot!, region);
        assert.deepEqual(
          regionIn(data, plot!, [
            [x, y],
            [x + width, y + height],
          ]),
          region,
        );
        assert.ok(requestsIn(data, region) <= data.counts.reduce((sum, n) => sum + n, 0));
        const [from, to] = spanIn(data, region);
        assert.ok(from >= data.from && to <= data.to && from < to);
      }),
    );
  });

  it("becomes terms of the filter in place of those that were there for the same duration", () => {
    const data = fc.sample(heats, 1)[0]!;
    const exact: HeatData = { ...data, bins: { first: 20, perDecade: 5, length: 10 }, columns: 2 };
    const region = { columns: [0, 1] as [number, number], bins: [0, 4] as [number, number] };
    assert.equal(
      filterFor('path:"/a b" rc:>5ms rs:<1s -rc:<1ms rc:<=9s', exact, region),
      'path:"/a b" rs:<1s -rc:<1ms rc:>=10ms rc:<100ms',
    );
  });
});

describe("a chart's picture as a file", () => {
  const figure = (words: string): Figure => ({
    ...{ width: 100, height: 50, marks: [], summary: words },
    shapes: [{ tag: "text", at: { x: 1, y: 2 }, fill: "text", text: words }],
  });
  const colours = {
    ...Object.fromEntries(["ground", "text", "strong"].map((ink) => [ink, "rgb(1, 2, 3)"])),
    font: '"Fira" <x>',
  };

  it("is one that the extension takes, whatever the names are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (words, title) => {
        assert.ok(isPicture(svgText(figure(words), title, colours as never)));
      }),
    );
    assert.ok(isPicture(svgText(figure("</text><script>alert(1)</script>"), "<img onerror=x>", colours as never)));
  });

  it("is refused by the extension with anything that runs or loads", () => {
    const around = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`;
    assert.ok(isPicture(around('<rect x="1" y="2"/>')));
    for (const inside of [
      "<script>1</script>",
      '<rect onload="1"/>',
      '<a href="x"/>',
      "<image/>",
      "<style>x</style>",
      "<!-- -->",
      "<!DOCTYPE a>",
      "<rect x=1/>",
      '<rect style="x"/>',
      "<foreignObject/>",
    ])
      assert.ok(!isPicture(around(inside)), inside);
    assert.ok(!isPicture("text"));
    assert.ok(!isPicture(7));
  });

  it("has colours that every viewer knows", () => {
    assert.equal(plainColour("color(srgb 1 0.5 0 / 0.38)"), "rgba(255, 128, 0, 0.38)");
    assert.equal(plainColour("rgb(1, 2, 3)"), "rgb(1, 2, 3)");
  });
});

describe("the charts' keyboard and pointer", () => {
  it("walks along a row of marks, and in two directions in a grid", () => {
    assert.equal(step("ArrowRight", 0, 3), 1);
    assert.equal(step("ArrowRight", 2, 3), 2);
    assert.equal(step("End", 0, 3), 2);
    assert.equal(step("x", 0, 3), null);
    assert.equal(step("ArrowRight", 0, 0), null);
    // Three columns of four.
    assert.equal(step("ArrowRight", 1, 12, 4), 5);
    assert.equal(step("ArrowLeft", 1, 12, 4), 1);
    assert.equal(step("ArrowUp", 1, 12, 4), 2);
    assert.equal(step("ArrowUp", 3, 12, 4), 3, "no step into the next column");
    assert.equal(step("ArrowDown", 4, 12, 4), 4);
  });

  it("finds the mark under the pointer or near it, and none far away", () => {
    const mark = (x: number) => ({ x, y: 0, width: 10, height: 10, words: "w" });
    assert.equal(nearest([mark(0), mark(10)], 15, 5), 1);
    assert.equal(nearest([mark(0), mark(20)], 13, 5), 0);
    assert.equal(nearest([mark(0)], 40, 5), -1);
  });
});

describe("what the charts remember", () => {
  it("is what was chosen, or the first settings where it is damaged", () => {
    const settings = readSettings(null);
    assert.deepEqual(readSettings(JSON.parse(JSON.stringify(settings))), settings);
    const chosen = { ...settings, of: "queue", peaks: "tukey", series: { key: "GET /", filter: "path:/" } };
    assert.deepEqual(readSettings(chosen), chosen);
    assert.deepEqual(readSettings({ by: 7, of: "x", series: { key: 1 }, peaks: "constructor", page: [] }), settings);
  });
});

describe("the wall clock of a session", () => {
  it("is that which was told; else the viewer's, with its changes to the minute", () => {
    assert.deepEqual(zoneOf({ zone: -420, base: 0, span: [0, 1] }), [[0, -420]]);
    const before = process.env.TZ;
    process.env.TZ = "Europe/Berlin";
    try {
      const base = Date.UTC(2026, 9, 24) * 1_000;
      const zone = zoneOf({ base, span: [0, 3 * 86_400e6] });
      assert.deepEqual(zone, [
        [base, 120],
        [Date.UTC(2026, 9, 25, 1) * 1_000, 60],
      ]);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });
});
