/** Issue A's main job through the built command line: record the campus example, then read the report. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Report } from "../../../src/model/report";
import { CLI, cli, inFolder, onOneAxis, ROOT, recordCampus, reportOf } from "./support";

const run = promisify(execFile);

const CALENDAR = "/cgi-bin/calendar.cgi?3+1993";
/** Two anchors are rounded to 1 µs each. */
const ROUNDING = 2;
/** R C may be below R S by this, µs. */
const BELOW = 1_000;

/** Where Linux tells of this process; empty elsewhere. */
function statusOfProcess(): string {
  try {
    return readFileSync("/proc/self/status", "latin1");
  } catch {
    return "";
  }
}

describe("recording the campus example", () => {
  let report: Report;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-"));
    report = await recordCampus(folder, "--page", "/", CALENDAR);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("shows every request once, all marks but arrival known, each pair by id or connection", () => {
    const ids = report.requests.map((request) => request.id);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(report.requests.length >= 17, `${report.requests.length} requests`);
    for (const { marks, pairing, url, state } of report.requests) {
      assert.equal(state, "complete", url);
      assert.match(pairing, /^(id|connection)$/, url);
      for (const key of [
        "requestStart",
        "parseStart",
        "parseEnd",
        "processEnd",
        "sendEnd",
        "responseStart",
        "responseEnd",
      ] as const)
        assert.ok(Number.isSafeInteger(marks[key]), `${url}: ${key} is ${marks[key]}`);
    }
    assert.deepEqual(report.problems, []);
  });

  it("lists the page with all that it embeds", () => {
    const paths = report.requests.map((request) => new URL(request.url).pathname);
    const html = readFileSync(join(ROOT, "examples/campus/htdocs/index.html"), "utf8");
    const embedded = [...html.matchAll(/<(?:img|script)[^>]*\ssrc="([^"]+)"/g)].map((match) => match[1] as string);
    assert.ok(embedded.length >= 8);
    for (const source of embedded) assert.ok(paths.includes(new URL(source, "http://h/").pathname), source);
  });

  it("keeps the formulas to the microsecond", () => {
    for (const { marks, durations, url } of report.requests) {
      const { requestStart, parseStart, parseEnd, processEnd, sendEnd, responseStart, responseEnd } = marks;
      assert.equal(durations.clientResponse, responseEnd! - requestStart!, url);
      assert.equal(durations.serverResponse, sendEnd! - parseStart!, url);
      assert.equal(durations.network, durations.clientResponse! - durations.serverResponse!, url);
      assert.equal(durations.parse, parseEnd! - parseStart!, url);
      assert.equal(durations.process, processEnd! - parseEnd!, url);
      assert.equal(durations.send, sendEnd! - processEnd!, url);
      assert.equal(durations.wait, responseStart! - requestStart!, url);
      assert.equal(durations.load, responseEnd! - responseStart!, url);
    }
  });

  it("has every request's marks in their order on the common axis", () => {
    for (const request of report.requests) {
      const at = onOneAxis(report, request);
      const order = ["requestStart", "parseStart", "parseEnd", "processEnd", "responseStart", "responseEnd"] as const;
      order.reduce((earlier, later) => {
        assert.ok(
          at[earlier] <= at[later] + ROUNDING,
          `${request.url}: ${earlier} ${at[earlier]} > ${later} ${at[later]}`,
        );
        return later;
      });
      assert.ok(at.processEnd <= at.sendEnd, request.url);
    }
  });

  const belowRS = ({ requests }: Report): string[] =>
    requests
      .filter(({ durations }) => durations.network! < -BELOW)
      .map(({ url, durations }) => `${url}: ${durations.network}`);

  it("has no R C below its R S by more than 1 ms", () => assert.deepEqual(belowRS(report), []));

  it("nor where client and server share one processor, and reading an answer keeps its sender waiting", async function () {
    const processor = /^Cpus_allowed_list:\s*(\d+)/m.exec(statusOfProcess())?.[1];
    if (!processor) this.skip();
    await inFolder(async (again) => {
      const session = join(again, "session");
      const record = ["record", "--session", session, "--serve", "examples/campus", "--", "--page", "/", CALENDAR];
      await run("taskset", ["-c", processor, process.execPath, CLI, ...record], { cwd: ROOT });
      const { requests, ...rest } = await reportOf(session);
      assert.ok(requests.length >= 17, `${requests.length} requests`);
      assert.deepEqual(belowRS({ requests, ...rest }), []);
    });
  });

  it("names the calendar's script as its handler", () => {
    const calendar = report.requests.find((request) => request.url.endsWith(CALENDAR));
    assert.equal(calendar?.handler?.file, "examples/campus/cgi-bin/calendar.cgi");
    assert.equal(calendar?.kind, "dynamic");
  });

  it("reports as a table, as Markdown and as CSV", async () => {
    const session = join(folder, "session");
    assert.match(await cli("report", session), /calendar\.cgi/);
    assert.match(await cli("report", session, "--markdown"), /^\|.*\|$/m);
    const file = join(folder, "report.csv");
    await cli("report", session, "--csv", file);
    assert.equal(readFileSync(file, "utf8").trimEnd().split("\n").length, report.requests.length + 1);
  });

  it("reads a log with a foreign, a torn and a binary line, and counts them", async () => {
    const server = readFileSync(join(folder, "session/server.ndjson"));
    const client = readFileSync(join(folder, "session/client.ndjson"));
    const damaged = join(folder, "server.ndjson");
    const torn = server.subarray(server.lastIndexOf('{"type":"end"'), server.length - 5);
    writeFileSync(damaged, Buffer.concat([server, Buffer.from("hello\n"), Buffer.from([0, 255, 254, 10]), torn]));
    writeFileSync(join(folder, "client.ndjson"), client);
    const again = await reportOf(damaged, join(folder, "client.ndjson"));
    const durations = (of: Report) => new Map(of.requests.map((request) => [request.id, request.durations]));
    assert.deepEqual(durations(again), durations(report));
    assert.equal(again.problems.length, 3);
  });
});
