import assert from "node:assert/strict";
import fc from "fast-check";
import { Axis } from "../../../src/engine/axis";
import { concurrencyLanes } from "../../../src/engine/concurrency";
import { NativeScanner } from "../../../src/engine/scan";
import { Session } from "../../../src/engine/session";
import { finish } from "../../../src/engine/steps";
import { FIRST_VIEW, ROW_BITS, type View } from "../../../src/protocol/messages";
import { rowSpan } from "./reference";
import { clientRecord, EPOCH, header, logText, requestId } from "./sample-logs";

const VIEW: View = { ...FIRST_VIEW, group: "concurrency", closed: true };
const pause = async (): Promise<void> => {};

const requests = fc.array(
  fc.record({ at: fc.nat({ max: 3_000 }), took: fc.nat({ max: 900 }), status: fc.constantFrom(200, 500) }),
  { minLength: 1, maxLength: 60 },
);
type Requests = typeof requests extends fc.Arbitrary<infer T> ? T : never;

function sessionOf(exchanges: Requests): Session {
  const session = new Session("/s", "s", "/s");
  const scanner = new NativeScanner(session.store.addFile("/s/client", "client"), session.store);
  const records = exchanges.map(({ at, took, status }, n) =>
    clientRecord(n + 1, at, {
      id: requestId(n),
      method: "GET",
      status,
      url: "http://localhost/",
      responseEnd: EPOCH + at + 100 + took,
    }),
  );
  scanner.push(new TextEncoder().encode(logText(header("client"), ...records)));
  return session;
}

describe("lanes", () => {
  it("by concurrency never overlap within one, and are as many as there were requests at once", () => {
    fc.assert(
      fc.property(requests, (exchanges) => {
        const { store } = sessionOf(exchanges);
        const axis = new Axis(store);
        const rows = store.spine.rows();
        const laneOf = finish(concurrencyLanes(rows, store));
        const spans = [...rows].map((row) => ({ lane: laneOf(row), span: rowSpan(store, axis, row) }));
        for (const [at, one] of spans.entries())
          for (const other of spans.slice(at + 1))
            if (one.lane === other.lane) assert.ok(one.span[1] <= other.span[0] || other.span[1] <= one.span[0]);
        const atOnce = spans.map(
          ({ span: [start] }) => spans.filter(({ span: [from, to] }) => from <= start && start < to).length,
        );
        assert.equal(new Set(spans.map(({ lane }) => lane)).size, Math.max(1, ...atOnce));
      }),
    );
  });

  it("lose no request, however they are cut: each is counted once, its failure too, and lies inside its segment", async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.integer({ min: 1, max: 50 }), async (exchanges, cells) => {
        const session = sessionOf(exchanges);
        const { revision, rows } = await session.view("p", VIEW, pause);
        const window = await session.rows("p", { revision, from: 0, count: rows }, pause);
        assert.ok(
          [...window.bits].every((bits) => bits & ROW_BITS.groupHeader && bits & ROW_BITS.folded),
          "all folded",
        );
        const info = session.info();
        const span = [info.span[0] - 1, info.span[1] + 1] as const;
        const lanes = await session.lanes("p", { revision, from: 0, count: rows, span, cells }, pause);
        const sum = (values: Uint32Array) => values.reduce((a, b) => a + b, 0);
        assert.equal(sum(lanes.requests), exchanges.length);
        assert.equal(sum(lanes.failed), exchanges.filter(({ status }) => status >= 500).length);
        const count = lanes.positions.length;
        const segments = Array.from(
          { length: count },
          (_, at) => [lanes.times[at]!, lanes.times[3 * count + at]!] as const,
        );
        for (const { at, took } of exchanges) {
          const [from, to] = [EPOCH + at - info.base, EPOCH + at + 100 + took - info.base];
          assert.ok(segments.some(([start, end]) => start <= from && to <= end));
        }
      }),
    );
  });

  it("are refused for an older revision of the view", async () => {
    const session = sessionOf([{ at: 0, took: 5, status: 200 }]);
    const { revision } = await session.view("p", VIEW, pause);
    const older = { revision: revision - 1, from: 0, count: 1, span: [0, 1] as const, cells: 1 };
    await assert.rejects(session.lanes("p", older, pause), { code: "stale" });
  });
});
