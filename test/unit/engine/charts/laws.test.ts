/** What charts count is what there is: laws over a session of some thousand requests, and plain loops as the judge. */
import assert from "node:assert/strict";
import { chartOf } from "../../../../src/engine/charts/chart";
import { RowFacts } from "../../../../src/engine/row-facts";
import { Session } from "../../../../src/engine/session";
import { nativeFormat } from "../../../../src/formats/native-format";
import { isChartQuery, isChartScope } from "../../../../src/protocol/chart-guards";
import {
  type ChartKind,
  type ChartOf,
  type ChartQuery,
  type ChartScope,
  type LogBins,
  MEASURES,
} from "../../../../src/protocol/charts";
import { shop } from "../../../ui/fixture/logs";

const N = 3_000;
const ALL: ChartScope = { filter: "", span: null, zone: [[0, 0]] };
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
const edge = ({ first, perDecade }: LogBins, at: number): number => 10 ** ((first + at) / perDecade);

describe("charts of a session", () => {
  let session: Session;
  let facts: RowFacts;

  before(() => {
    session = new Session("/shop", "shop", "/shop");
    for (const { name, text } of shop(N).files) {
      const decoder = nativeFormat.open(session.store.addFile(`/shop/${name}`, name), { file: name });
      decoder.push(new TextEncoder().encode(text));
      decoder.end();
    }
    session.store.pairing.settle();
    facts = new RowFacts(session.store);
  });

  function chart<K extends ChartKind>(
    query: Extract<ChartQuery, { chart: K }>,
    scope: Partial<ChartScope> = {},
  ): ChartOf<K> {
    const steps = chartOf(session.store, { ...ALL, ...scope }, query);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value as ChartOf<K>;
    }
  }
  const rows = () => Array.from(session.store.spine.rows());

  for (const of of MEASURES)
    it(`count each request with ${of} in the bin that its value lies in`, () => {
      const { bins, counts, failed, count, unknown, below, quantiles, min, max } = chart({ chart: "latency", of });
      const values = rows().map((row) => facts.duration(row, of));
      const known = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
      assert.equal(count, known.length);
      assert.equal(unknown, values.length - known.length);
      assert.equal(sum(counts) + below, count);
      assert.ok(sum(failed) <= sum(counts));
      assert.deepEqual([min, max], [known[0], known.at(-1)]);
      for (let bin = 0; bin < bins.length; bin++) {
        // Values a hair from an edge may be on either side of it.
        const within = (slack: number) =>
          known.filter((v) => v >= edge(bins, bin) * (1 + slack) && v < edge(bins, bin + 1) * (1 - slack)).length;
        assert.ok(counts[bin]! >= within(1e-9) && counts[bin]! <= within(-1e-9), `bin ${bin}`);
      }
      for (const { value, interval } of quantiles)
        if (interval) assert.ok(interval[0] <= value && value <= interval[1]);
    });

  it("have the same requests in the heat map as in the distribution, column by column, and all failures", () => {
    const of = "clientResponse";
    const heat = chart({ chart: "heat", of, columns: 50 });
    assert.ok(heat.columns > 20 && heat.columns <= 51);
    assert.equal(sum(heat.counts) + heat.below, heat.count);
    assert.equal(sum(heat.failures), rows().filter((row) => facts.isFailure(row)).length);
    const { base } = session.info();
    const width = (heat.to - heat.from) / heat.columns;
    for (let column = 0; column < heat.columns; column++) {
      const inColumn = rows().filter((row) => {
        const at = facts.stamp(row, "fetchStart") - base;
        return at >= heat.from + column * width && at < heat.from + (column + 1) * width;
      });
      const { length } = heat.bins;
      assert.equal(sum(heat.counts.subarray(column * length, (column + 1) * length)), inColumn.length);
    }
  });

  it("are of what the filter and the span let through", () => {
    const post = chart({ chart: "choices", by: "route" }, { filter: "method:POST" });
    assert.equal(post.requests, rows().filter((row) => facts.method(row) === "POST").length);
    assert.ok(post.series.every(({ key }) => key.startsWith("POST ")));
    const [from, to] = session.info().span;
    const half = chart({ chart: "choices", by: "route" }, { span: [from, (from + to) / 2] });
    assert.ok(half.requests > N * 0.3 && half.requests < N * 0.7);
  });

  it("offer each series with terms that choose it and nothing else", () => {
    for (const by of ["route", "url"] as const) {
      const { series, of } = chart({ chart: "choices", by });
      assert.ok(of >= series.length);
      for (const { filter, count } of series.slice(0, 12))
        assert.equal(chart({ chart: "choices", by }, { filter }).requests, count, filter);
    }
  });

  it("have as many at once as overlap, at the client and at the server", () => {
    const load = chart({ chart: "load", columns: 40 });
    const { base } = session.info();
    const spans = rows().map((row) => [
      facts.stamp(row, "requestStart") - base,
      facts.stamp(row, "responseEnd") - base,
    ]);
    const width = (load.to - load.from) / load.columns;
    assert.equal(sum(load.started), N);
    for (let column = 0; column < load.columns; column++) {
      const [from, to] = [load.from + column * width, load.from + (column + 1) * width];
      const inside = spans.filter(([start, end]) => start! < to && end! > from);
      const area = sum(inside.map(([start, end]) => Math.min(end!, to) - Math.max(start!, from)));
      assert.ok(Math.abs(load.client!.mean[column]! - area / width) < 1e-6);
      // The most at once begins where some request begins, or with the column.
      const most = Math.max(
        ...[from, ...inside.map(([start]) => start!)].map(
          (at) => inside.filter(([start, end]) => start! <= at && end! > at && at >= from).length,
        ),
      );
      assert.equal(load.client!.max[column], most);
    }
    const queued = rows().map((row) => facts.duration(row, "queue"));
    assert.equal(Math.max(...load.queue!.max), Math.max(...queued));
    // What the server has the client waits for.
    assert.ok(sum(load.server!.mean) <= sum(load.client!.mean));
  });

  it("predict from the measured R S, calm where a tenth of it is waited, with the session itself as a point", () => {
    const { measured, curves, points, workers, atOnce } = chart({ chart: "prediction" });
    const complete = rows().filter((row) => facts.state(row) === "complete");
    const mean = (of: "serverResponse" | "clientResponse") =>
      sum(complete.map((row) => facts.duration(row, of))) / complete.length;
    assert.equal(measured!.requests, complete.length);
    const { demand, network } = measured!;
    assert.ok(Math.abs(demand.service - mean("serverResponse")) < 1e-6);
    assert.deepEqual([workers, curves.map((one) => one.workers)], [4, [1, 2, 4]]);
    for (const one of curves) {
      const unloaded = demand.service + network;
      assert.ok(Math.abs(one.points[0]!.clientResponse - unloaded) < 1e-6);
      const knee = one.points.find(({ rate }) => rate === one.calm)!;
      assert.ok(Math.abs(knee.clientResponse - unloaded - demand.service / 10) < 1e-3);
      for (const [at, { rate, clientResponse }] of one.points.entries())
        assert.ok(!at || (rate > one.points[at - 1]!.rate && clientResponse >= one.points[at - 1]!.clientResponse));
      assert.ok(one.points.at(-1)!.rate < one.most);
    }
    assert.ok(Math.abs(points[0]!.clientResponse - mean("clientResponse")) < 1e-6);
    assert.equal(sum(points.slice(1).map(({ requests }) => requests)), complete.length);
    assert.equal(atOnce, Math.max(...chart({ chart: "load", columns: 40 }).server!.max));
  });

  it("predict nothing from few requests, and say how many it takes", () => {
    const few = chart({ chart: "prediction" }, { span: [0, 2e6] });
    assert.ok(few.measured!.requests > 0 && few.measured!.requests < few.needed);
    assert.deepEqual([few.curves, few.points], [[], []]);
  });

  it("count each request once by path, by folder, by hour and by day, errors under their codes", () => {
    for (const by of ["path", "folder", "hour", "day"] as const) {
      const { items, others, requests } = chart({ chart: "traffic", by });
      assert.equal(requests, N);
      assert.equal(sum(items.map(({ count }) => count)) + others.count, N, by);
      for (const { count, failed } of items) assert.ok(failed <= count);
    }
    const codes = chart({ chart: "traffic", by: "folder" }).items.filter(({ code }) => code);
    const statuses = rows().map((row) => facts.status(row));
    for (const { label, count } of codes)
      assert.equal(count, statuses.filter((status) => label.startsWith(`Code ${status} `)).length, label);
    assert.ok(codes.some(({ label }) => label === "Code 404 Not Found"));
  });

  it("put an hour where the wall clock has it, summer time included", () => {
    const { base } = session.info();
    const at = (zone: ChartScope["zone"]) =>
      chart({ chart: "traffic", by: "hour" }, { zone }).items.flatMap(({ count }, hour) => (count > 0 ? [hour] : []));
    assert.deepEqual(at([[0, 0]]), [9, 10]);
    assert.deepEqual(at([[0, 330]]), [15]);
    assert.deepEqual(
      at([[0, -600]]),
      [23, 0].sort((a, b) => a - b),
    );
    // The clock is put back by an hour a minute later: 9:59 is 8:59.
    const change = base + 60e6;
    const zone: ChartScope["zone"] = [
      [0, 0],
      [change, -60],
    ];
    assert.deepEqual(at(zone), [8, 9]);
  });

  it("relate size and duration as plain sums do", () => {
    const size = chart({ chart: "size", of: "serverResponse" });
    const pairs = rows()
      .map((row) => [facts.bytes(row), facts.duration(row, "serverResponse")] as const)
      .filter(([x, y]) => x > 0 && y > 0);
    assert.equal(size.count, pairs.length);
    assert.equal(size.unknown, N - pairs.length);
    const mean = (at: 0 | 1) => sum(pairs.map((pair) => pair[at])) / pairs.length;
    const [mx, my] = [mean(0), mean(1)];
    const xy = sum(pairs.map(([x, y]) => (x - mx) * (y - my)));
    const xx = sum(pairs.map(([x]) => (x - mx) ** 2));
    const yy = sum(pairs.map(([, y]) => (y - my) ** 2));
    assert.ok(Math.abs(size.pearson - xy / Math.sqrt(xx * yy)) < 1e-9);
    assert.ok(Math.abs(size.fit!.slope - xy / xx) < 1e-9);
    assert.equal(sum(size.grid!.counts), size.count);
    assert.ok(size.interval![0] <= size.spearman && size.spearman <= size.interval![1]);
    const few = chart({ chart: "size", of: "serverResponse" }, { filter: "path:/checkout" });
    assert.equal(few.points!.bytes.length, few.count);
  });

  it("list objects in order of size", () => {
    const { items, of } = chart({ chart: "objects", page: null });
    assert.ok(items.length > 3 && items.length <= of);
    assert.deepEqual(
      items,
      [...items].sort((a, b) => a.bytes - b.bytes),
    );
    assert.equal(items.at(-1)!.path, "/assets/hero.jpg");
  });

  it("of nothing are empty, not wrong", () => {
    const scope = { filter: "path:/nowhere" };
    assert.equal(chart({ chart: "latency", of: "clientResponse" }, scope).count, 0);
    assert.equal(chart({ chart: "heat", of: "clientResponse", columns: 9 }, scope).columns, 0);
    assert.deepEqual(chart({ chart: "day", by: "route", over: "day", peaks: "mad" }, scope).series, []);
    assert.equal(chart({ chart: "load", columns: 9 }, scope).client, null);
    assert.equal(chart({ chart: "size", of: "clientResponse" }, scope).count, 0);
    assert.deepEqual(chart({ chart: "objects", page: null }, scope).items, []);
    assert.deepEqual(chart({ chart: "traffic", by: "day" }, scope).items, []);
    assert.deepEqual(chart({ chart: "choices", by: "url" }, scope).measures, []);
    assert.equal(chart({ chart: "prediction" }, scope).measured, null);
  });
});

describe("a chart's question", () => {
  it("is refused unless it is one", () => {
    const good: ChartQuery[] = [
      { chart: "choices", by: "url" },
      { chart: "day", by: "route", over: "session", peaks: "tukey" },
      { chart: "heat", of: "queue", columns: 1 },
      { chart: "objects", page: null },
      { chart: "load", columns: 1_000 },
      { chart: "prediction" },
    ];
    for (const query of good) assert.ok(isChartQuery(query), JSON.stringify(query));
    const bad: unknown[] = [
      null,
      "heat",
      {},
      { chart: "toString" },
      { chart: "latency", of: "constructor" },
      { chart: "heat", of: "queue", columns: 1e6 },
      { chart: "heat", of: "queue", columns: 1.5 },
      { chart: "load", columns: 10, more: 1 },
      { chart: "objects", page: 7 },
      { chart: "prediction", workers: 1 },
    ];
    for (const query of bad) assert.ok(!isChartQuery(query), JSON.stringify(query));
    assert.ok(isChartScope({ filter: "", span: [0, 1], zone: [[0, 60]] }));
    for (const scope of [
      {},
      { filter: "", span: null },
      { filter: "", span: [0, "1"], zone: [] },
      { filter: "", span: null, zone: [[0]] },
    ])
      assert.ok(!isChartScope(scope), JSON.stringify(scope));
  });
});
