import assert from "node:assert/strict";
import { contradictions } from "../../../src/engine/contradictions";
import { clientRecord, header, logText, requestId, serverRecord, storeOf } from "./sample-logs";

const AHEAD = 3_000_000;
const pause = () => Promise.resolve();

/** Requests a millisecond apart to a server of another boot; `late(n)` is added to when the server saw request n, µs. */
const session = (late: (request: number) => number) => {
  const requests = Array.from({ length: 40 }, (_, at) => at + 1);
  return storeOf({
    "server.ndjson": logText(
      header("server", { boot: "other" }),
      ...requests.map((n) => serverRecord(n, AHEAD + n * 1_000 + 30 + late(n), { id: requestId(n) })),
    ),
    "client.ndjson": logText(
      header("client"),
      ...requests.map((n) => clientRecord(n, n * 1_000, { id: requestId(n) })),
    ),
  });
};

describe("requests against causality", () => {
  it("are none where every request agrees with one offset", async () => {
    assert.deepEqual(
      await contradictions(
        session(() => 0),
        10,
        pause,
      ),
      { total: 0, requests: [] },
    );
  });

  it("are named, with the direction and by how much beyond the uncertainty", async () => {
    const early = await contradictions(
      session((n) => (n === 7 ? -500 : 0)),
      10,
      pause,
    );
    assert.deepEqual(
      early.requests.map(({ method, path, way }) => [method, path, way]),
      [["GET", "/7", "up"]],
    );
    const { by } = early.requests[0]!;
    assert.ok(by > 350 && by < 500, `${by} µs`);
    const late = await contradictions(
      session((n) => (n === 9 ? 500 : 0)),
      10,
      pause,
    );
    assert.deepEqual(
      late.requests.map(({ path, way }) => [path, way]),
      [["/9", "down"]],
    );
  });

  it("are all counted, however few are wanted", async () => {
    const found = await contradictions(
      session((n) => (n === 7 || n === 20 ? -500 : 0)),
      1,
      pause,
    );
    assert.deepEqual([found.total, found.requests.length], [2, 1]);
  });
});
