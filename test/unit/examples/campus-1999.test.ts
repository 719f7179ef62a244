import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession } from "../../../src/engine/node/open";
import { reportJson } from "../../../src/engine/report-json";
import { BINARY_TICK } from "../../../src/model/alignment/grain";
import type { Report } from "../../../src/model/report";
import type { TimelineRequest } from "../../../src/model/request";

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
  /** The probe's requests of an object, in the order of the table. */
  const requests = new Map<string, TimelineRequest[]>();

  before(async () => {
    const folder = mkdtempSync(join(tmpdir(), "campus-1999-"));
    try {
      execFileSync(process.execPath, [join(EXAMPLE, "write-logs.mjs"), folder]);
      const { store } = await openSession([folder], { zone: -7 * 60 });
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

  it("has no problem with any line, and aligns the clocks around the truth", () => {
    assert.deepEqual(report.problems, []);
    assert.ok(Math.abs(report.clock!.offset + 150_000) <= report.clock!.uncertainty + 500_000);
  });
});
