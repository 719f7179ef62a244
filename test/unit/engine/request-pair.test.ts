import assert from "node:assert/strict";
import { requestPair } from "../../../src/engine/request-pair";
import { type RowWindow, VALUE_FIELDS } from "../../../src/protocol/messages";
import { clientRecord, EPOCH, header, logText, storeOf } from "./sample-logs";

/** R C of the one row, µs. */
const responseOf = ({ values, count }: RowWindow): number =>
  values[VALUE_FIELDS.indexOf("clientResponse") * count] ?? Number.NaN;

/** Requests of `/a` (and one of `/b` between any two) with these R C, µs. */
const session = (...durations: number[]) => {
  const records = durations.flatMap((duration, at) => {
    const start = EPOCH + at * 10_000;
    const marks = { url: "http://localhost/a", responseStart: start + 1, responseEnd: start + duration };
    return [
      clientRecord(2 * at + 1, at * 10_000, marks),
      clientRecord(2 * at + 2, at * 10_000 + 5, { url: "http://h/b" }),
    ];
  });
  return storeOf({ "client.ndjson": logText(header("client"), ...records) });
};

describe("two requests of a route", () => {
  const base = session(100, 500, 300, 200, 400);
  const other = session(90, 10, 30, 50, 70);

  it("are those at the same quantile of R C in either session", () => {
    for (const [quantile, first, second] of [
      [0, 100, 10],
      [0.5, 300, 50],
      [1, 500, 90],
    ] as const) {
      const pair = requestPair(base, other, "GET /a", { quantile })!;
      assert.deepEqual([responseOf(pair.base), responseOf(pair.other)], [first, second]);
    }
  });

  it("are a request that is named, and the base's that is as slow among its own", () => {
    const pair = requestPair(base, other, "", { index: 0 })!;
    assert.deepEqual([pair.route, responseOf(pair.base), responseOf(pair.other)], ["GET /a", 500, 90]);
  });

  it("are none where a session does not have the route", () => {
    assert.equal(requestPair(base, other, "GET /c", { quantile: 0.5 }), null);
    assert.equal(requestPair(session(), other, "GET /a", { quantile: 0.5 }), null);
  });
});
