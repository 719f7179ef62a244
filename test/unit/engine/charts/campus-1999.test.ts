/** The measurements of February 1999 through the whole engine, against a script that knows the printed table alone. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chartOf } from "../../../../src/engine/charts/chart";
import { openSession } from "../../../../src/engine/node/open";
import type { Session } from "../../../../src/engine/session";
import type { PeakRule } from "../../../../src/model/statistics/peaks";
import type { ChartKind, ChartOf, ChartQuery, DaySeries, Level } from "../../../../src/protocol/charts";

interface Expected {
  values: { when: string; client: number; server: number }[];
  highest: { when: string; client: number };
  rules: Record<PeakRule, { peaks: string[]; client: Level; server: Level }>;
}

/** Object of the table → how its URL ends, in the order of the table. */
const TARGETS: Record<string, string> = {
  cudenver: "/",
  "header.jpg": "/home/ucd/head-images/header.jpg",
  gradrule: "/public/gradrules.html",
  aboutcamp: "/home/ucd/images/aboutcamp.gif",
  public_html: "/~dtsai/index.html",
  calendar: "/~dtsai/cgi-bin/calendar.cgi?2+1999",
};
const MST = -7 * 60;
/** Of the server's clock, µs: R S is a multiple of it in the logs, and anything in the table. */
const TICK = 1e6 / 1024;
/** The worked example has its own stamps: 137,695 µs where the table rounds to 136,000. */
const WORKED = 1_700;
const MINUTE = 60e6;

describe("charts of the session of February 1999", () => {
  let folder: string;
  let session: Session;
  let expected: Record<string, Expected>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "campus-1999-"));
    execFileSync(process.execPath, ["examples/campus-1999/write-logs.mjs", folder]);
    session = await openSession([folder], { zone: MST });
    const table = ["test/fixtures/thesis/series.mjs", "examples/campus-1999/appendix_j.csv"];
    expected = JSON.parse(execFileSync(process.execPath, table, { encoding: "utf8" }));
  });
  after(() => rmSync(folder, { recursive: true }));

  function chart<K extends ChartKind>(query: Extract<ChartQuery, { chart: K }>, filter = ""): ChartOf<K> {
    const steps = chartOf(session.store, { filter, span: null, zone: [[0, session.info().zone!]] }, query);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value as ChartOf<K>;
    }
  }
  const day = (peaks: PeakRule, filter = "state:complete") =>
    chart({ chart: "day", by: "url", over: "day", peaks }, filter);
  const seriesOf = (object: string, all: readonly DaySeries[]): DaySeries =>
    all.find(({ key }) => key === TARGETS[object])!;

  /** Minutes since midnight of a printed slot. */
  const minutes = (when: string): number => Number(when.slice(11, 13)) * 60 + Number(when.slice(14));

  function assertLevel(found: Level | null, wanted: Level, within: number, what: string): void {
    assert.equal(found?.count, wanted.count, what);
    for (const key of ["mean", "median", "min", "max"] as const)
      assert.ok(Math.abs(found![key] - wanted[key]) <= within, `${what}: ${key} ${found![key]} for ${wanted[key]}`);
  }

  it("know the zone that was told, so that hours are those of the campus", () => {
    assert.equal(session.info().zone, MST);
  });

  it("have the six objects as series, each with the values of the table in their order", () => {
    const { series } = day("none");
    assert.deepEqual(series.map(({ key }) => key).sort(), Object.values(TARGETS).sort());
    for (const [object, { values }] of Object.entries(expected)) {
      const { points } = seriesOf(object, series);
      assert.ok(points.whole);
      assert.deepEqual(
        [...points.client],
        values.map(({ client }) => client),
        object,
      );
      for (const [i, { server, when }] of values.entries()) {
        assert.ok(Math.abs(points.server[i]! - server) <= Math.max(TICK, WORKED), `${object} ${when}`);
        // The worked example was measured a quarter of an hour into its slot. Else six objects a slot, a minute after each other, each somewhere in the first half minute.
        const late = points.at[i]! / MINUTE - minutes(when);
        const latest = object === "cudenver" && when === "1999-02-10T10:00" ? 16 : 6.5;
        assert.ok(late >= 0 && late < latest, `${object} ${when} is shown ${late} minutes later`);
      }
    }
  });

  for (const rule of ["none", "mad", "tukey"] as const)
    it(`have the means with and without peaks, and the ranges, by the rule ${rule}`, () => {
      const { series } = day(rule);
      for (const [object, { rules }] of Object.entries(expected)) {
        const found = seriesOf(object, series);
        assertLevel(found.clientResponse.all, rules.none.client, 1e-3, `${object} R C`);
        assertLevel(found.clientResponse.kept, rules[rule].client, 1e-3, `${object} R C kept`);
        assertLevel(found.serverResponse.all, rules.none.server, WORKED, `${object} R S`);
        assertLevel(found.serverResponse.kept, rules[rule].server, WORKED, `${object} R S kept`);
        assert.equal(found.peaks, rules[rule].peaks.length);
        const marked = [...found.points.at].filter((_, i) => found.points.peak[i]);
        assert.deepEqual(
          marked.map((at) => slotBefore(at, rules[rule].peaks)).sort(),
          rules[rule].peaks.map(minutes).sort(),
        );
      }
    });

  const slotBefore = (at: number, slots: readonly string[]): number | undefined =>
    slots.map(minutes).find((slot) => at / MINUTE - slot >= 0 && at / MINUTE - slot < 6.5);

  it("have the peak of 10:30 on the first day, the front page's 3.68 s", () => {
    const { series, slots } = day("mad");
    const front = seriesOf("cudenver", series);
    const { points } = front;
    const highest = points.client.indexOf(Math.max(...points.client));
    assert.equal(points.client[highest], 3_680_000);
    assert.equal(points.peak[highest], 1);
    assert.equal(expected.cudenver!.highest.when, "1999-02-09T10:30");
    assert.equal(
      slots.findLast((slot) => slot <= points.at[highest]!),
      10.5 * 60 * MINUTE,
    );
    // Most objects were slowest in that slot: the peak is the hour's, not one page's.
    const then = Object.values(expected).filter(({ highest: { when } }) => when === "1999-02-09T10:30");
    assert.equal(then.length, 4);
  });

  it("count each request of a series in one slot, with means between its extremes", () => {
    for (const one of day("mad").series) {
      assert.equal(
        one.requests.reduce((a, b) => a + b),
        one.count,
      );
      for (const { mean, min, max } of [one.client, one.server])
        mean.forEach((value, slot) => {
          if (!Number.isNaN(value)) assert.ok(min[slot]! <= value && value <= max[slot]!);
        });
    }
  });

  it("leave out what others asked for where response times are shown, and count it in the traffic", () => {
    const choices = chart({ chart: "choices", by: "url" });
    assert.ok(choices.others > 500, `${choices.others} requests of other hosts`);
    const traffic = chart({ chart: "traffic", by: "path" });
    assert.equal(traffic.requests, choices.requests);
    assert.equal(
      traffic.items.reduce((sum, { count }) => sum + count, traffic.others.count),
      traffic.requests,
    );
  });

  it("count the requests of each hour and day by the campus's clock", () => {
    const days = chart({ chart: "traffic", by: "day" }, "rc:>0").items;
    const perDay = new Map<string, number>();
    const perHour = new Map<number, number>();
    for (const { when } of Object.values(expected).flatMap(({ values }) => values)) {
      perDay.set(when.slice(0, 10), (perDay.get(when.slice(0, 10)) ?? 0) + 1);
      const hour = Number(when.slice(11, 13));
      perHour.set(hour, (perHour.get(hour) ?? 0) + 1);
    }
    assert.deepEqual(
      days.map(({ label, count }) => [label, count]),
      [...perDay].sort(),
    );
    const hours = chart({ chart: "traffic", by: "hour" }, "rc:>0").items;
    // Three slots begin late in their hour: the objects that were measured last fell into the next one.
    const moved = hours.reduce((sum, { count }, hour) => sum + Math.abs(count - (perHour.get(hour) ?? 0)), 0);
    assert.ok(moved <= 12, `${moved} requests in another hour than their slot`);
  });
});
