import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineClient } from "../../../src/engine/node/client";
import { FIRST_VIEW, type SessionInfo } from "../../../src/protocol/messages";
import { buildEngine, ENGINE } from "./engine-bundle";
import { clientRecord, header, logText, requestId, serverRecord } from "./sample-logs";

describe("a session that is followed", () => {
  let folder: string;
  let engine: EngineClient;

  before(buildEngine);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-"));
    engine = new EngineClient(ENGINE);
  });
  afterEach(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (name: string): string => join(folder, name);
  const open = (): Promise<SessionInfo> => engine.call("open", { paths: [folder], follow: true });

  /** Waits for a pushed change after which the condition holds. */
  const changed = (holds: (info: SessionInfo) => boolean): Promise<SessionInfo> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("no such change within 30 s")), 30_000);
      const stop = engine.onEvent((event) => {
        if (event.event !== "changed" || !holds(event.info)) return;
        clearTimeout(late);
        stop();
        resolve(event.info);
      });
    });

  it("tells how far it is while it is read, can be closed meanwhile, and opened again from its beginning", async () => {
    const records = Array.from({ length: 500 }, (_, index) => serverRecord(index + 1, index));
    const path = file("server.ndjson");
    writeFileSync(path, logText(header("server")));
    for (let times = 0; times < 100; times++) appendFileSync(path, logText(...records));
    const opening = engine.call("open", { paths: [folder], follow: true });
    await new Promise<void>((resolve) => {
      engine.onEvent((event) => {
        if (event.event === "progress" && event.done > 0 && event.done < event.total) resolve();
      });
    });
    await engine.call("close", { session: folder });
    await assert.rejects(opening, /cancelled/);
    await assert.rejects(engine.call("info", { session: folder }), /no open session/);
    const { requests } = await open();
    assert.equal(requests, 500, "the others are repeats of these");
  });

  it("joins the marks of a historical log while it grows, and pairs them with the server's that come late", async () => {
    const mark = (what: string, time: string) => `http://h/a.html ${what}.\r\nThe time is Wed Feb 10 ${time} 1999\r\n`;
    writeFileSync(file("time.txt"), mark("sending request", "10:15:40.080"));
    const { requests } = await engine.call("open", { paths: [folder], follow: true, zone: -420 });
    assert.equal(requests, 1);
    const whole = changed((info) => info.span[1] - info.span[0] === 1_920_000);
    const rest = mark("started receiving", "10:15:40.570") + mark("finished receiving", "10:15:42.000");
    appendFileSync(file("time.txt"), rest.slice(0, 70));
    appendFileSync(file("time.txt"), rest.slice(70));
    await whole;
    const paired = changed((info) => info.clocks.length === 1);
    const line = (message: string, usec: string) => `${message} usec=${usec} Wed Feb 10 10:15:40 1999\n`;
    writeFileSync(file("projlog2"), line("", "171298") + line("/www/a.html", "178134") + line("/www/a.html", "308993"));
    const info = await paired;
    assert.deepEqual([info.requests, info.problems], [1, 0]);
    const { request } = await engine.call("detail", { session: info.key, index: 0 });
    assert.deepEqual([request.pairing, request.durations.serverResponse], ["order", 137_695]);
  });

  it("shows what files grow by, and files that come later", async () => {
    writeFileSync(file("server.ndjson"), logText(header("server"), serverRecord(1, 10, { id: requestId(1) })));
    assert.equal((await open()).requests, 1);
    const two = changed((info) => info.requests === 2);
    appendFileSync(file("server.ndjson"), logText(serverRecord(2, 20)));
    await two;
    const paired = changed((info) => info.clocks.length === 1);
    writeFileSync(file("client.ndjson"), logText(header("client"), clientRecord(1, 0, { id: requestId(1) })));
    const info = await paired;
    assert.equal(info.requests, 2);
    assert.equal(info.problems, 0);
  });

  it("waits for the rest of a line, though it is cut inside a character", async () => {
    const line = Buffer.from(logText(serverRecord(1, 10, { target: "/ä€\u{1F600}" })));
    const cut = line.indexOf(0xf0) + 2;
    writeFileSync(file("server.ndjson"), logText(header("server")));
    await open();
    appendFileSync(file("server.ndjson"), line.subarray(0, cut));
    const seen = changed((info) => info.requests === 1);
    appendFileSync(file("server.ndjson"), line.subarray(cut));
    const info = await seen;
    assert.equal(info.problems, 0);
    const { request } = await engine.call("detail", { session: info.key, index: 0 });
    assert.equal(request.url, "/ä€\u{1F600}");
  });

  it("reads a file again that was cut, and keeps what it had", async () => {
    writeFileSync(file("server.ndjson"), logText(header("server"), serverRecord(1, 10), serverRecord(2, 20)));
    await open();
    const again = changed((info) => info.requests === 3);
    truncateSync(file("server.ndjson"));
    appendFileSync(file("server.ndjson"), logText(header("server", { log: "2" }), serverRecord(1, 900)));
    const info = await again;
    const { problems } = await engine.call("problems", { session: info.key, limit: 9 });
    assert.match(problems[0]!.reason, /cut or replaced/);
  });

  it("calls a file that is no log a problem, and nothing that belongs to a session", async () => {
    writeFileSync(file("server.ndjson"), logText(header("server"), serverRecord(1, 10)));
    writeFileSync(file("picture.png"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 10, 0, 255, 254]));
    writeFileSync(file("manifest.json"), "{}");
    writeFileSync(file(".gitignore"), "*\n");
    const { key } = await open();
    const { problems } = await engine.call("problems", { session: key, limit: 9 });
    assert.deepEqual(problems, [{ file: "picture.png", line: 1, reason: "not a log of a known format" }]);
  });

  it("records while its writer lives, and not any longer", async () => {
    const { hostname } = await import("node:os");
    const living = header("server", { pid: process.pid, host: hostname() });
    writeFileSync(file("server.ndjson"), logText(living, serverRecord(1, 10)));
    assert.equal((await open()).recording, true);
    const ended = changed((info) => !info.recording);
    appendFileSync(file("server.ndjson"), logText({ type: "end", seq: 2, time: 1, requests: 1, lost: 0 }));
    await ended;
  });

  it("answers windows of its view, and refuses those of an older one", async () => {
    const servers = Array.from({ length: 50 }, (_, index) => serverRecord(index + 1, index * 100));
    writeFileSync(file("server.ndjson"), logText(header("server"), ...servers));
    const { key: session, base } = await open();
    const { revision, rows } = await engine.call("view", {
      session,
      page: "a",
      view: { ...FIRST_VIEW, descending: true },
    });
    assert.equal(rows, 50);
    const window = await engine.call("rows", { session, page: "a", revision, from: 45, count: 10 });
    assert.equal(window.count, 5);
    assert.deepEqual([...window.index], [4, 3, 2, 1, 0]);
    assert.deepEqual([...window.times.subarray(9 * 5, 10 * 5)], [400, 300, 200, 100, 0], "parseStart, from base");
    assert.equal(base, servers[0]!.parseStart);
    assert.equal(await engine.call("locate", { session, page: "a", index: 4 }), 45);
    await engine.call("view", { session, page: "a", view: FIRST_VIEW });
    await assert.rejects(engine.call("rows", { session, page: "a", revision, from: 0, count: 1 }), { code: "stale" });
  });

  it("finds the request of a line and the lines of a request", async () => {
    writeFileSync(file("server.ndjson"), logText(header("server"), serverRecord(1, 10, { id: requestId(1) })));
    writeFileSync(file("client.ndjson"), logText(header("client"), clientRecord(1, 0, { id: requestId(1) })));
    const { key: session } = await open();
    const found = await engine.call("line", { file: file("server.ndjson"), line: 2 });
    assert.equal(found?.side, "server");
    assert.equal(found?.detail.request.durations.clientResponse, 110);
    const position = await engine.call("position", { session, index: found.index, side: "client" });
    assert.deepEqual(position, { file: file("client.ndjson"), line: 2 });
    assert.equal(await engine.call("line", { file: file("server.ndjson"), line: 1 }), null);
  });

  it("refuses in words what is no request", async () => {
    const { key: session } = await open();
    await assert.rejects(engine.call("detail", { session, index: 7 }), { code: "invalid" });
    await assert.rejects(engine.call("info", { session: "elsewhere" }), { code: "unknown-session" });
    await assert.rejects(engine.call("open", { paths: [file("nowhere")], follow: false }), /does not exist/);
    await assert.rejects(engine.call("view", { session, page: "a", view: { ...FIRST_VIEW, sort: "x" as "start" } }), {
      code: "invalid",
    });
    const wrong = await engine.call("view", { session, page: "a", view: { ...FIRST_VIEW, filter: "rc:>x" } });
    assert.deepEqual([wrong.filterError?.from, wrong.filterError?.to], [0, 5]);
  });
});
