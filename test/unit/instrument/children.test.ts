import assert from "node:assert/strict";
import type { ChildSpan, ServerRecord, SourceRecord } from "../../../src/model/record";
import { buildBundles } from "./bundles";
import { launched } from "./launched";
import { recordsIn, serverRecords, until } from "./support";

const SERVER = `
  const http = require("node:http");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const backend = http.createServer(async (request, response) => { await pause(50); response.end("data"); });
  const front = http.createServer(async (request, response) => {
    const origin = "http://127.0.0.1:" + backend.address().port;
    if (request.url.startsWith("/get"))
      await new Promise((done) => http.get(origin + "/node?token=secret", (answer) => answer.resume().on("end", done))); // get's line
    if (request.url.startsWith("/fetch"))
      await (await fetch(origin + "/undici")).text(); // fetch's line
    if (request.url.startsWith("/measure")) {
      performance.mark("begin");
      await pause(50);
      performance.measure("work", "begin");
    }
    if (request.url.startsWith("/timing"))
      response.setHeader("Server-Timing", ['db;dur=12.5;desc="the, base"', "cache", 'app;dur=3']);
    if (request.url.startsWith("/id"))
      response.setHeader("Server-Timing", 'traceparent;desc="00-' + "a".repeat(32) + "-" + "b".repeat(16) + '-01"');
    if (request.url.startsWith("/fail"))
      await new Promise((done) => http.get("http://127.0.0.1:1/", () => {}).on("error", done));
    response.end("done");
  });
  backend.listen(0, "127.0.0.1", () => front.listen(0, "127.0.0.1"));
  process.on("SIGTERM", () => process.exit());
`;
const lineOf = (part: string): number => SERVER.slice(0, SERVER.indexOf(part)).split("\n").length;

describe("child spans", () => {
  before(buildBundles);

  const served = (
    paths: string[],
    check: (records: ServerRecord[], sources: SourceRecord[]) => void,
    env?: Record<string, string>,
  ): Promise<void> =>
    launched({ files: { "server.cjs": SERVER }, command: [process.execPath, "server.cjs"], env }, async (server) => {
      const [, front] = await server.urls(2);
      await Promise.all(paths.map((path) => fetch(front + path)));
      // The backend has records, too.
      const own = (): ServerRecord[] =>
        serverRecords(recordsIn(server.folder)).filter((record) => front!.endsWith(record.conn!.split(":").at(-1)!));
      await until(() => own().length >= paths.length);
      const sources = recordsIn(server.folder).filter((record) => record.type === "source");
      check(own(), sources);
    });

  const within = (child: ChildSpan, record: ServerRecord): void => {
    assert.ok(child.start! >= record.parseEnd! && child.start! + child.duration <= record.processEnd! + 1);
    assert.ok(child.duration >= 49_000);
  };

  it("are outgoing requests by node:http and by fetch, each inside its request's processing, with their line", () =>
    served(["/get", "/fetch", "/get/2", "/fetch/2"], (records, sources) => {
      for (const record of records) {
        const [child, ...others] = record.children!;
        assert.deepEqual([child!.kind, others], ["http", []]);
        within(child!, record);
        const line = sources.find((source) => source.id === child!.source)?.line;
        if (record.target.startsWith("/get")) {
          assert.match(child!.name, /^GET http:\/\/127\.0\.0\.1\S*\/node\?token=REDACTED$/);
          assert.equal(line, lineOf("// get's line"));
        } else {
          assert.match(child!.name, /^GET http:\/\/127\.0\.0\.1:\d+\/undici$/);
          assert.equal(line, lineOf("// fetch's line"));
        }
      }
    }));

  it("are the user's own measures", () =>
    served(["/measure"], ([record]) => {
      const [child] = record!.children!;
      assert.deepEqual([child!.kind, child!.name], ["measure", "work"]);
      within(child!, record!);
    }));

  it("are the durations of Server-Timing, without a start", () =>
    served(["/timing"], ([record]) =>
      assert.deepEqual(record!.children, [
        { kind: "server-timing", name: "db (the, base)", duration: 12_500 },
        { kind: "server-timing", name: "app", duration: 3_000 },
      ]),
    ));

  it("are not the id that Server-Timing sends back: by that the request is known, where it came without one", () =>
    served(["/id"], ([record]) => {
      assert.deepEqual([record!.id, record!.children], [`${"a".repeat(32)}-${"b".repeat(16)}`, undefined]);
    }));

  it("are outgoing requests that fail", () =>
    served(["/fail"], ([record]) => assert.equal(record!.children!.length, 1)));

  it("are left out where they are switched off", () =>
    served(["/get"], ([record]) => assert.equal(record!.children, undefined), { REQUEST_TIMELINE_CHILDREN: "off" }));
});
