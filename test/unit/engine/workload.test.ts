import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession } from "../../../src/engine/node/open";
import { reportJson } from "../../../src/engine/report-json";
import { reportTable } from "../../../src/engine/report-table";
import { workloadOf } from "../../../src/engine/workload";
import { fileTypeOf } from "../../../src/model/file-type";
import type { Report } from "../../../src/model/report";

const APPENDIX_F = join(__dirname, "../../fixtures/thesis/appendix_f.log");

interface Line {
  host: string;
  second: number;
  path: string;
  status: number;
  bytes: number | null;
}

const asText = ({ host, second, path, status, bytes }: Line): string => {
  const date = new Date(Date.UTC(1999, 1, 9, 23) + second * 1000);
  const day = `${String(date.getUTCDate()).padStart(2, "0")}/Feb/1999:${date.toISOString().slice(11, 19)} +0000`;
  return `${host} - - [${day}] "GET ${path} HTTP/1.0" ${status} ${bytes ?? "-"}\n`;
};

/** Ten files a hundred times, ninety once: 1,090 successes, a tenth of the files with 1,000 of them; and what failed. */
function madeLog(): Line[] {
  const lines: Line[] = [];
  let second = 0;
  const add = (path: string, status: number, bytes: number | null): void => {
    const number = lines.length;
    const host = number % 4 === 0 ? `pc${number % 3}.campus.edu` : `far${number % 50}.net`;
    lines.push({ host, second: second++, path, status, bytes });
  };
  for (let round = 0; round < 100; round++) for (let file = 0; file < 10; file++) add(`/${file}.html`, 200, 1_000);
  for (let file = 0; file < 60; file++) add(`/once/${file}.gif`, 200, 50_000);
  for (let file = 0; file < 20; file++) add(`/big/${file}.mpg`, 200, 2_000_000);
  for (let file = 0; file < 10; file++) add(`/cgi-bin/${file}.cgi?q=${file}`, 200, 50);
  for (let times = 0; times < 60; times++) add("/0.html", 304, null);
  for (let times = 0; times < 30; times++) add(`/gone/${times}`, 404, 230);
  for (let times = 0; times < 15; times++) add("/moved", 301, 200);
  for (let times = 0; times < 5; times++) add("/0.html", 500, 100);
  return lines;
}

describe("the workload", () => {
  let folder: string;
  let file: string;
  const lines = madeLog();
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-workload-"));
    file = join(folder, "access.log");
    writeFileSync(file, lines.map(asText).join(""));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("of an access log has the characteristics that it was made with", async () => {
    const { store } = await openSession([file]);
    const found = workloadOf(store, { domain: "campus.edu" });
    const near = (value: number, wanted: number) => assert.ok(Math.abs(value - wanted) < 1e-9, `${value}, ${wanted}`);
    assert.equal(found.requests, 1_200);
    assert.equal(found.answered, 1_090);
    const shares = { success: 1_090, notModified: 60, redirected: 15, clientError: 30, serverError: 5, unknown: 0 };
    for (const [name, count] of Object.entries(shares))
      near(found.responses[name as keyof typeof shares], count / 1_200);
    const bytes = 1_000 * 1_000 + 60 * 50_000 + 20 * 2_000_000 + 10 * 50;
    const types = new Map(found.types.map(({ type, ...share }) => [type, share]));
    near(types.get("html")!.requests, 1_000 / 1_090);
    near(types.get("image")!.bytes, 3_000_000 / bytes);
    near(types.get("video")!.requests, 20 / 1_090);
    near(types.get("dynamic")!.requests, 10 / 1_090);
    assert.deepEqual(found.transfers, {
      known: 1_090,
      total: bytes,
      mean: bytes / 1_090,
      median: 1_000,
      max: 2_000_000,
    });
    assert.deepEqual(found.files, { distinct: 100, once: 0.9, sized: 100, usual: 0.7, large: 0.2 });
    near(found.concentration.requests, 1_000 / 1_090);
    near(found.concentration.bytes, 20_000_000 / bytes);
    assert.equal(found.hosts.known, 1);
    assert.equal(found.hosts.distinct, new Set(lines.map(({ host }) => host)).size);
    near(found.hosts.local!.requests, 300 / 1_200);
    const codes = found.byArchive.filter(({ code }) => code).map(({ label, count }) => [label, count]);
    assert.deepEqual(codes, [
      ["Code 404 Not Found", 30],
      ["Code 301 Moved Permanently", 15],
      ["Code 500 Internal Server Error", 5],
    ]);
    assert.deepEqual(found.byArchive[0], { label: "/0.html", count: 160, failed: 0, bytes: 100_000, code: false });
    assert.equal(
      [...found.byArchive, found.otherArchives].reduce((sum, { count }) => sum + count, 0),
      1_200,
    );
    assert.deepEqual(
      found.byHour.map(({ count }) => count),
      Array.from({ length: 24 }, (_, hour) => (hour === 23 ? 1_200 : 0)),
    );
  });

  it("counts hours and days on the wall clock that was asked for", async () => {
    const { store } = await openSession([file]);
    const { byHour, byDay } = workloadOf(store, { zone: 45 });
    assert.equal(byHour[23]!.count, 900, "until midnight");
    assert.equal(byHour[0]!.count, 300);
    assert.deepEqual(
      byDay.map(({ label, count }) => [label, count]),
      [
        ["1999-02-09", 900],
        ["1999-02-10", 300],
      ],
    );
  });

  it("of the server's own log of appendix F is what counting its lines by hand gives", async () => {
    const texts = readFileSync(APPENDIX_F, "utf8").trimEnd().split("\n");
    const paths = texts.map((line) => line.split(" ")[3]!);
    const hosts = new Set(texts.map((line) => line.split(" ")[0]!));
    const once = [...new Set(paths)].filter((path) => paths.filter((other) => other === path).length === 1);
    const { store } = await openSession([APPENDIX_F], { zone: -420 });
    const found = workloadOf(store, { domain: "colorado.edu", zone: -420 });
    assert.equal(found.requests, 39);
    assert.equal(found.files.distinct, new Set(paths).size);
    assert.equal(found.files.once, once.length / new Set(paths).size);
    assert.equal(found.hosts.distinct, hosts.size);
    assert.equal(found.hosts.local!.requests, texts.filter((line) => /^\S*\.colorado\.edu /.test(line)).length / 39);
    assert.equal(found.byHour[13]!.count, 39);
    assert.equal(found.responses.unknown, 1, "this log has no status");
  });

  it("is in the reports that are asked for it, and says where the study's sites lie", async () => {
    const session = await openSession([file]);
    const json = JSON.parse([...reportJson(session.store, { workload: {} })].join("")) as Report;
    assert.deepEqual(json.workload?.study?.success, [0.8, 0.9]);
    assert.equal(json.workload?.hosts.local, null);
    const table = [...reportTable(session, { workload: {} })].join("");
    assert.match(table, /successful \(2xx\) +90\.8 % +80 to 90 % +above/);
    assert.match(table, /files referenced once +90 % +15 to 40 % +above/);
    assert.match(table, /Code 404 Not Found +30 +30 +6\.9 kB/);
    assert.doesNotMatch([...reportTable(session)].join(""), /six sites/);
    assert.equal("workload" in JSON.parse([...reportJson(session.store)].join("")), false);
  });

  it("of nothing is nothing, without a NaN", () => {
    const empty = join(folder, "empty.log");
    writeFileSync(empty, "");
    return openSession([empty]).then(({ store }) => {
      const found = workloadOf(store, { domain: "x" });
      assert.doesNotMatch(
        JSON.stringify(found, (_, value) => (Number.isNaN(value) ? "NaN" : value)),
        /NaN/,
      );
      assert.equal(found.requests, 0);
    });
  });
});

describe("a file's type", () => {
  for (const [target, type, routed] of [
    ["/", "html", false],
    ["/a.HTML", "html", false],
    ["/a.gif?x=1", "image", false],
    ["/song.mp3?session=4", "sound", false],
    ["/film.mov", "video", false],
    ["/paper.ps", "formatted", false],
    ["/cgi-bin/date", "dynamic", false],
    ["/search?q=a.pdf", "dynamic", false],
    ["/users/7", "dynamic", true],
    ["/users/7", "other", false],
    ["/app.js", "script", false],
  ] as const)
    it(`of ${target}${routed ? " behind a route" : ""} is ${type}`, () =>
      assert.equal(fileTypeOf(target, routed), type));
});
