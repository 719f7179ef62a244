import assert from "node:assert/strict";
import { noteOf } from "../../../src/engine/note";
import { assemble } from "../../../src/engine/request";
import { RowFacts } from "../../../src/engine/row-facts";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord, storeOf } from "./sample-logs";

const reasons = (store: ReturnType<typeof storeOf>) =>
  store.problems.list().map(({ file, line, reason }) => `${file}:${line}: ${reason}`);

describe("a log's records", () => {
  it("report a gap in their numbers as a loss, and drop repeats", () => {
    const text = logText(
      header("server"),
      serverRecord(1, 0),
      serverRecord(4, 10),
      serverRecord(4, 20),
      serverRecord(5, 30),
    );
    const store = storeOf({ "server.ndjson": text });
    assert.equal(store.rows.requests, 3);
    assert.deepEqual(reasons(store), [
      "server.ndjson:3: 2 records are missing before record 4",
      "server.ndjson:4: record 4 is repeated; dropped",
    ]);
  });

  it("count once where a log was copied", () => {
    const text = logText(header("server"), serverRecord(1, 0), serverRecord(2, 10));
    const store = storeOf({ "server.ndjson": text, "copy.ndjson": text });
    assert.equal(store.rows.requests, 2);
    assert.equal(store.problems.total, 2);
  });

  it("are numbered anew behind each header of an appended file", () => {
    const again = header("server", { log: "0000000000000002", writer: "two" });
    const text = logText(header("server"), serverRecord(1, 0), again, serverRecord(1, 500));
    const store = storeOf({ "server.ndjson": text });
    assert.equal(store.rows.requests, 2);
    assert.deepEqual(reasons(store), []);
    assert.deepEqual(
      store.parts.map((part) => part.label),
      ["server.ndjson", "server.ndjson#two"],
    );
  });

  it("are shown though their header is missing", () => {
    const store = storeOf({ "server.ndjson": logText(serverRecord(3, 0), serverRecord(9, 1)) });
    assert.equal(store.rows.requests, 2);
    assert.deepEqual(reasons(store), [
      "server.ndjson:1: records without a header before them: their clock's anchor is not known",
    ]);
  });

  it("replace what was pending, in the same row", () => {
    const pending = {
      type: "pending",
      side: "server",
      time: EPOCH + 1_000_000,
      seq: 1,
      req: 8,
      method: "GET",
      target: "/slow",
      parseStart: EPOCH,
    } as const;
    const store = storeOf({ "server.ndjson": logText(header("server"), pending, { ...pending, seq: 2 }) });
    assert.equal(store.rows.requests, 1);
    assert.equal(assemble(store, 0).state, "pending");
    assert.deepEqual(assemble(store, 0).flags, ["interrupted"]);
    const text = logText(
      header("server"),
      pending,
      { ...pending, seq: 2 },
      serverRecord(3, 0, { req: 8, target: "/slow" }),
    );
    const ended = storeOf({ "server.ndjson": text });
    assert.equal(ended.rows.requests, 1);
    assert.equal(assemble(ended, 0).state, "complete");
    assert.equal(assemble(ended, 0).durations.serverResponse, 30);
    for (const line of [2, 3, 4])
      assert.deepEqual(ended.files[0]!.at(line), { side: "server", record: 0 }, "every line leads to the request");
    assert.equal(assemble(ended, 0).log.server?.line, 4);
  });

  it("of an impossible value are a problem, and the lines around them are good", () => {
    const bad = logText(serverRecord(2, 0)).replace(`"parseStart":${EPOCH}`, '"parseStart":-5');
    const text = `${logText(header("server"), serverRecord(1, 0))}${bad}\u0000\u0001\n${logText(serverRecord(3, 9))}`;
    const store = storeOf({ "server.ndjson": text });
    assert.equal(store.rows.requests, 2);
    assert.deepEqual(reasons(store), [
      "server.ndjson:3: server record: parseStart is not valid",
      "server.ndjson:4: not JSON (a torn or foreign line)",
      "server.ndjson:5: 1 record is missing before record 3",
    ]);
  });
});

describe("the clocks of a session", () => {
  const client = [clientRecord(1, 0, { id: requestId(1) })];

  it("are one within a boot: the offset is the anchors' difference, whatever their wall sides say", () => {
    const shifted = header("server", { anchor: { wall: EPOCH + 5_000_000, mono: "1000003000" } });
    const server = serverRecord(1, 5_000_000 - 3 + 40, { id: requestId(1) });
    const store = storeOf({ "c.ndjson": logText(header("client"), ...client), "s.ndjson": logText(shifted, server) });
    const [relation] = store.clocks.list();
    assert.equal(relation?.epochs[0]?.quality, "exact");
    assert.equal(relation?.epochs[0]?.offset, 5_000_000 - 3);
    const { marks, durations } = assemble(store, 0);
    assert.equal(marks.parseStart, EPOCH + 5_000_000 - 3 + 40, "raw stamps are never changed");
    assert.equal(durations.networkDown, 110 - 70);
  });

  it("are estimated where the boots differ", () => {
    const other = header("server", { boot: "elsewhere" });
    const server = serverRecord(1, 900_040, { id: requestId(1) });
    const store = storeOf({ "c.ndjson": logText(header("client"), ...client), "s.ndjson": logText(other, server) });
    const epoch = store.clocks.list()[0]!.epochs[0]!;
    assert.equal(epoch.quality, "bounded");
    assert.ok(Math.abs(epoch.offset - 900_000) <= epoch.uncertainty);
  });

  it("are one side's alone without a server's log, which is said once and not beside each request", () => {
    const alone = storeOf({ client: logText(header("client"), clientRecord(1, 0), clientRecord(2, 50)) });
    assert.match(alone.clocks.sentence ?? "", /^No server log in this session/);
    for (const row of [0, 1]) assert.equal(noteOf(alone, new RowFacts(alone), row), null);
    const server = logText(header("server"), serverRecord(1, 900, { id: requestId(9) }));
    const both = storeOf({ client: logText(header("client"), clientRecord(1, 0)), server });
    assert.ok(noteOf(both, new RowFacts(both), 0));
  });

  it("are doubted where one boot's pairs contradict it", () => {
    const numbers = [1, 2, 3, 4, 5];
    const ids = (number: number) => ({ id: requestId(number) });
    const store = storeOf({
      "c.ndjson": logText(header("client"), ...numbers.map((n) => clientRecord(n, n * 1000, ids(n)))),
      "s.ndjson": logText(header("server"), ...numbers.map((n) => serverRecord(n, n * 1000 + 900_040, ids(n)))),
    });
    const [relation] = store.clocks.list();
    assert.notEqual(relation?.epochs[0]?.quality, "exact");
    assert.ok(Math.abs(relation!.epochs[0]!.offset - 900_000) <= relation!.epochs[0]!.uncertainty);
  });
});
