import assert from "node:assert/strict";
import { detailAmong } from "../../../src/engine/detail";
import { groupSummaries } from "../../../src/engine/report-choices";
import { ROW_GROUPINGS, type RowGrouping } from "../../../src/engine/row-groups";
import { statisticsBy } from "../../../src/engine/statistics";
import { finish } from "../../../src/engine/steps";
import { groupVerdict } from "../../../src/engine/verdict/verdict";
import type { ClientRecord, ServerRecord } from "../../../src/model/record";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord, storeOf } from "./sample-logs";

const SECOND = 1_000_000;

/** 100 requests, one a second: a page and an image by turns, every fifth from a slow handler, one before as a warm-up. */
function store() {
  const clients: ClientRecord[] = [clientRecord(1, -SECOND, { id: requestId(1000), warmup: true, status: 404 })];
  const servers: ServerRecord[] = [];
  for (let number = 0; number < 100; number++) {
    const at = number * SECOND;
    const id = requestId(number + 1);
    const path = number % 2 ? `/logo.png?v=${number % 4}` : "/";
    const slow = number % 5 === 2 ? 90_000 : 0;
    const shared = { id, status: number % 10 === 0 ? 304 : 200, ord: 1 + (number % 2), conn: `c${number >> 1}` };
    const end = EPOCH + at + 1000 + number + slow;
    clients.push(
      clientRecord(number + 2, at, {
        ...shared,
        url: `http://site${path}`,
        kind: number % 2 ? "image" : "document",
        responseStart: end,
        responseEnd: end,
      }),
    );
    servers.push(
      serverRecord(number + 3, at, {
        ...shared,
        target: path,
        worker: 1 + (number % 3),
        handler: number % 2 ? 1 : 2,
        parseEnd: EPOCH + at + 10,
        processEnd: end - 100,
        sendEnd: end - 90,
      }),
    );
  }
  const sources = ["logo.png", "index.js"].map(
    (file, i) => ({ type: "source", seq: i + 1, id: i + 1, file, line: 1, confidence: 1 }) as const,
  );
  return storeOf({
    "server.ndjson": logText(header("server"), ...sources, ...servers),
    "client.ndjson": logText(header("client"), ...clients),
  });
}

const keysBy = (by: RowGrouping): Record<string, number> =>
  Object.fromEntries(statisticsBy(store(), by).map(({ key, count }) => [key, count]));

describe("statistics by what requests have in common", () => {
  it("count every request once, whatever they are by, and have every duration that is known", () => {
    for (const by of ROW_GROUPINGS) {
      const groups = statisticsBy(store(), by);
      assert.equal(
        groups.reduce((sum, { count }) => sum + count, 0),
        100,
        by,
      );
      for (const { count, clientResponse, process } of groups)
        assert.deepEqual([clientResponse?.count, process?.count], [count, count]);
    }
  });

  it("name the groups, the most frequent first", () => {
    assert.deepEqual(keysBy("route"), { "GET /": 50, "GET /logo.png": 50 });
    assert.deepEqual(keysBy("url"), {
      "GET http://site/": 50,
      "GET http://site/logo.png?v=1": 25,
      "GET http://site/logo.png?v=3": 25,
    });
    assert.deepEqual(keysBy("handler"), { "index.js:1": 50, "logo.png:1": 50 });
    assert.deepEqual(keysBy("kind"), { document: 50, image: 50 });
    assert.deepEqual(keysBy("status"), { 200: 90, 304: 10 });
    assert.deepEqual(keysBy("connection"), { "connection used before": 50, "new connection": 50 });
    assert.deepEqual(keysBy("worker"), { "worker 1": 34, "worker 2": 33, "worker 3": 33 });
  });

  it("by time are in order of time, in slots of a width that people count in", () => {
    const slots = statisticsBy(store(), "time");
    assert.ok(slots.length > 1 && slots.length <= 61);
    assert.deepEqual(
      slots.map(({ key }) => key),
      slots.map(({ key }) => key).sort(),
    );
    assert.match(slots[1]!.key, /^2023-11-14T22:13:25Z$/);
  });

  it("count warm-up requests only where they are to count", () => {
    const [, , ...others] = statisticsBy(store(), "status", { warmUp: true });
    assert.deepEqual(
      others.map(({ key, count }) => [key, count]),
      [["404", 1]],
    );
  });

  it("say how many values the intervals need that so few do not admit, and how many a rule of peaks kept", () => {
    const [group] = statisticsBy(store(), "route", { peaks: "tukey" });
    assert.deepEqual(group!.peaks, { rule: "tukey", kept: 40 });
    const { ci95, needed } = group!.clientResponse!;
    assert.notEqual(ci95.p50, null);
    assert.deepEqual([ci95.p95, ci95.p99, needed], [null, null, { p95: 72, p99: 368 }]);
  });

  it("stand in the report under the names that were asked for", () => {
    assert.deepEqual(Object.keys(groupSummaries(store(), { by: ["handler", "time"] })), ["byHandler", "byTime"]);
  });
});

describe("the verdict on a group and on one request", () => {
  it("says what makes a route's slow ones slow", () => {
    const [group] = statisticsBy(store(), "route");
    assert.equal(group!.slow?.part, "process");
    assert.match(group!.slow!.text, /^The slowest \d+ of 50 take 9\d.\d ms/);
    const quick = Array.from({ length: 100 }, (_, row) => row).filter((row) => row % 5 !== 2);
    assert.equal(groupVerdict(store(), quick), null);
  });

  it("says of a slow request what it takes longer than its route's median, and nothing of a usual one", () => {
    const made = store();
    const rows = Array.from({ length: made.rows.length }, (_, row) => row);
    const said = rows.map((row) => finish(detailAmong(made, row)).notes.filter((note) => note.includes("median")));
    assert.equal(said.filter((notes) => notes.length > 0).length, 20);
    assert.match(
      said.flat()[0]!,
      /^9\d\.\d ms for 1\.\d+ ms at its route's median: \d+ % of the difference is process of (index\.js|logo\.png):1\.$/,
    );
  });
});
