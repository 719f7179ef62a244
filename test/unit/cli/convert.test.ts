import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildCommand, CAMPUS, CLI } from "../engine/engine-bundle";

const COMMON = 'h - - [10/Feb/1999:10:15:40 -0700] "GET /a HTTP/1.0" 200 9216\n';

describe("convert", function () {
  this.timeout(60_000);
  let folder: string;
  const run = (...args: string[]) => spawnSync(process.execPath, [CLI, ...args], { encoding: "utf8", cwd: folder });
  const urls = (...paths: string[]): string[] => {
    const { stdout, stderr } = run("report", ...paths, "--json");
    const { requests } = JSON.parse(stdout || `{"error":${JSON.stringify(stderr)}}`);
    return requests.map((request: { url: string; pairing: string }) => `${request.url} ${request.pairing}`).sort();
  };

  before(async () => {
    await buildCommand();
    folder = mkdtempSync(join(tmpdir(), "request-timeline-convert-"));
    const recorded = run("record", "--session", "campus", "--serve", CAMPUS, "--", "--page", "/");
    assert.equal(recorded.status, 0, recorded.stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const to of ["har", "otlp", "native"])
    it(`writes a session as ${to}, which reports the same requests, each paired`, () => {
      const { status, stderr } = run("convert", "campus", "--to", to, "--out", `session.${to}`);
      assert.deepEqual([status, stderr], [0, ""]);
      assert.deepEqual(urls(`session.${to}`), urls("campus"));
    });

  it("writes a native log of a native log that is the same to the byte", () => {
    assert.equal(run("convert", "campus/client.ndjson", "--to", "native", "--out", "client.ndjson").status, 0);
    assert.equal(
      readFileSync(join(folder, "client.ndjson"), "utf8"),
      readFileSync(join(folder, "campus/client.ndjson"), "utf8"),
    );
  });

  it("writes a log in its own place, into its own folder, and leaves what is there where it fails", () => {
    const text = readFileSync(join(folder, "campus/client.ndjson"), "utf8");
    const log = join(folder, "own", "a.ndjson");
    mkdirSync(join(folder, "own"));
    writeFileSync(log, text);
    assert.equal(run("convert", log, "--to", "native", "--out", log).status, 0);
    assert.equal(readFileSync(log, "utf8"), text);
    assert.equal(run("convert", "own", "--to", "native", "--out", "own/b.ndjson").status, 0);
    writeFileSync(join(folder, "own", "unknown"), "nothing known");
    assert.equal(run("convert", "own/unknown", "--to", "native", "--out", log).status, 1);
    assert.equal(readFileSync(log, "utf8"), text);
    assert.deepEqual(readdirSync(join(folder, "own")).sort(), ["a.ndjson", "b.ndjson", "unknown"]);
  });

  it("writes a trace whose phases lie inside their requests, and whose lanes do not overlap", () => {
    const { traceEvents } = JSON.parse(run("convert", "campus", "--to", "chrome-trace", "--out", "-").stdout);
    const slices = traceEvents.filter(({ ph }: { ph: string }) => ph === "X");
    for (const one of slices.filter(({ cat }: { cat: string }) => cat === "request")) {
      const others = slices.filter(
        (other: typeof one) => other !== one && other.pid === one.pid && other.tid === one.tid,
      );
      for (const { ts, dur } of others)
        assert.ok(ts + dur <= one.ts || ts >= one.ts + one.dur || (ts >= one.ts && ts + dur <= one.ts + one.dur));
    }
    assert.ok(slices.some(({ pid, name }: { pid: number; name: string }) => pid === 2 && name === "process"));
  });

  it("writes a table with a row a request", () => {
    const { stdout } = run("convert", "campus", "--to", "csv", "--out", "-");
    assert.equal(stdout.trimEnd().split("\r\n").length - 1, urls("campus").length);
  });

  it("makes a native log of an access log, and tells the lines that are none", () => {
    writeFileSync(join(folder, "access.log"), `${COMMON}nonsense\n${COMMON}`);
    const { status, stderr } = run("convert", "access.log", "--to", "native", "--out", "access.ndjson");
    assert.deepEqual([status, stderr], [0, "access.log:2: not a line of an access log\n"]);
    assert.deepEqual(urls("access.ndjson"), ["/a none", "/a none"]);
  });

  it("refuses what it does not know, with status 1 or 2", () => {
    writeFileSync(join(folder, "letter.txt"), "Dear all,\n");
    assert.equal(run("convert", "letter.txt", "--to", "native", "--out", "-").status, 1);
    assert.equal(run("convert", "campus", "--to", "gif", "--out", "-").status, 2);
    assert.equal(run("convert", "campus", "--to", "har").status, 2);
    const sent = run("convert", "campus", "--to", "har", "--out", "http://127.0.0.1:9/v1/traces");
    assert.equal(sent.status, 2);
    assert.match(sent.stderr, /only --to otlp is sent to an address/);
  });
});
