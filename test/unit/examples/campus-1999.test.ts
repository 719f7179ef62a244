import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession } from "../../../src/engine/node/open";
import { reportJson } from "../../../src/engine/report-json";
import { statisticsBy } from "../../../src/engine/statistics";
import { BINARY_TICK } from "../../../src/model/alignment/grain";
import type { GroupStatistics, Report } from "../../../src/model/report";
import type { TimelineRequest } from "../../../src/model/request";
import type { PeakRule } from "../../../src/model/statistics/peaks";

const EXAMPLE = "examples/campus-1999";
const SITE = "http://www.cudenver.edu";
const OBJECTS: Record<string, string> = {
  "/": "cudenver",
  "/home/ucd/head-images/header.jpg": "header.jpg",
  "/public/gradrules.html": "gradrule",
  "/home/ucd/images/aboutcamp.gif": "aboutcamp",
  "/~dtsai/index.html": "public_html",
  "/~dtsai/cgi-bin/calendar.cgi?2+1999": "calendar",
};

const rows = readFileSync(join(EXAMPLE, "appendix_j.csv"), "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => line.split(","));

describe("examples/campus-1999", () => {
  let report: Report;
  const typical = new Map<PeakRule, GroupStatistics[]>();
  /** The probe's requests of an object, in the order of the table. */
  const requests = new Map<string, TimelineRequest[]>();

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), "campus-1999-"));
    try {
      execFileSync(process.execPath, [join(EXAMPLE, "write-logs.mjs"), folder]);
      const { store } = await openSession([folder], { zone: -7 * 60 });
      for (const rule of ["none", "mad", "tukey"] as const)
        typical.set(rule, statisticsBy(store, "route", { peaks: rule }));
      report = JSON.parse([...reportJson(store)].join(""));
    } finally {
      rmSync(folder, { recursive: true });
    }
    const own = report.requests.filter(({ url }) => url.startsWith(SITE));
    own.sort((a, b) => a.marks.requestStart! - b.marks.requestStart!);
    for (const request of own) {
      const object = OBJECTS[request.url.slice(SITE.length)]!;
      requests.set(object, [...(requests.get(object) ?? []), request]);
    }
  });

  it("gives R C, R S and network of the 121 certain rows, within the clocks' grain", () => {
    let certain = 0;
    for (const object of Object.values(OBJECTS))
      for (const [i, row] of rows.filter(([name]) => name === object).entries()) {
        const [, when, , , , , , status, rc, rs, net] = row;
        if (status === "unresolved") continue;
        certain++;
        const request = requests.get(object)![i]!;
        const { clientResponse, serverResponse, network } = request.durations;
        assert.equal(request.pairing, "order", `${object} ${when}: ${request.unpaired}`);
        assert.equal(clientResponse, Math.round(Number(rc) * 1e6), `${object} ${when}`);
        for (const [found, table] of [
          [serverResponse, rs],
          [network, net],
        ] as const)
          assert.ok(
            Math.abs(found! - Number(table) * 1e6) <= BINARY_TICK + 500,
            `${object} ${when}: ${found} for ${table}`,
          );
      }
    assert.equal(certain, 121);
  });

  it("lists the five unresolved rows as what is known of them: they were sent", () => {
    const unresolved = [...requests.values()].flat().filter(({ pairing }) => pairing === "none");
    assert.equal(unresolved.length, 5);
    for (const { state, durations, unpaired } of unresolved) {
      assert.equal(state, "pending");
      assert.deepEqual([durations.clientResponse, durations.serverResponse, durations.network], [null, null, null]);
      assert.ok(unpaired);
    }
  });

  it("pairs no request of another host, and says whose they are", () => {
    const others = report.requests.filter(({ url }) => !url.startsWith(SITE));
    assert.ok(others.length > 1000);
    for (const { pairing, unpaired } of others) {
      assert.equal(pairing, "none");
      assert.match(unpaired!, /^a request of another host, /);
    }
  });

  it("gives the means with and without peaks that NumPy gives for the table", () => {
    // numpy.mean of rc_fix, s: all values; those up to median + 5 · 1.4826 · MAD; those up to Tukey's upper fence.
    const expected: Record<string, [all: number, mad: number, kept: number, tukey: number, kept: number]> = {
      "/": [2.133809524, 1.934444444, 18, 1.934444444, 18],
      "/home/ucd/head-images/header.jpg": [8.731578947, 7.794444444, 18, 7.794444444, 18],
      "/public/gradrules.html": [6.262631579, 5.606875, 16, 5.606875, 16],
      "/home/ucd/images/aboutcamp.gif": [2.7, 2.7, 19, 2.7, 19],
      "/~dtsai/index.html": [0.918181818, 0.901904762, 21, 0.892, 20],
      "/~dtsai/cgi-bin/calendar.cgi": [1.496666667, 1.4205, 20, 1.4205, 20],
    };
    for (const [path, [all, mad, keptMad, tukey, keptTukey]] of Object.entries(expected)) {
      const of = (rule: PeakRule) => typical.get(rule)!.find(({ key }) => key === `GET ${path}`)!;
      for (const [rule, mean, kept] of [
        ["none", all, undefined],
        ["mad", mad, keptMad],
        ["tukey", tukey, keptTukey],
      ] as const) {
        const { clientResponse, peaks } = of(rule);
        assert.ok(Math.abs(clientResponse!.mean / 1e6 - mean) < 1e-6, `${path} ${rule}: ${clientResponse!.mean}`);
        // A row that was sent only (unresolved) has no time: no rule calls it a peak.
        if (kept !== undefined) assert.equal(clientResponse!.count, kept);
        if (peaks) assert.ok(peaks.kept >= clientResponse!.count);
      }
    }
  });

  it("has no problem with any line, and aligns the clocks around the truth", () => {
    assert.deepEqual(report.problems, []);
    assert.ok(Math.abs(report.clock!.offset + 150_000) <= report.clock!.uncertainty + 500_000);
  });
});
