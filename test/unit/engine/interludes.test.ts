/** What is worked out in one go lets lines be looked up in between: whoever sorts, joins, compares or summarises. */
import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { compareStores, overrunsOf } from "../../../src/engine/compare-stores";
import { sortPaced } from "../../../src/engine/paced-sort";
import { NativeScanner } from "../../../src/engine/scan";
import { Session } from "../../../src/engine/session";
import { inInterludes, ROWS_A_STEP, STEP } from "../../../src/engine/steps";
import type { ChartQuery } from "../../../src/protocol/charts";
import { clientRecord, header, logText, requestId, serverRecord } from "./sample-logs";

/** More than a step of a plain array. */
const REQUESTS = 40_000;
const ROUTES = 50;
const SERVER = "/s/server";

/** The interludes of some work; in each of them one thing is done. */
async function interludesOf(work: () => unknown, meanwhile: (turn: number) => void = () => undefined) {
  let turns = 0;
  inInterludes(() => meanwhile(turns++));
  try {
    await work();
  } finally {
    inInterludes(() => undefined);
  }
  return turns;
}

function read(session: Session, name: string, text: string): void {
  const scanner = new NativeScanner(session.store.addFile(`/s/${name}`, name), session.store);
  scanner.push(new TextEncoder().encode(text));
}

const numbers = Array.from({ length: REQUESTS }, (_, at) => at);
const server = () =>
  logText(
    header("server"),
    ...numbers.map((at) => serverRecord(at + 1, at * 50, { route: `/${at % ROUTES}`, id: requestId(at + 1) })),
  );
const client = (count: number) =>
  logText(
    header("client"),
    ...numbers.slice(0, count).map((at) => clientRecord(at + 1, at * 50, { id: requestId(at + 1) })),
  );

describe("a line that is asked for in the middle", () => {
  it("of joining two sides by their ids is there, as it was before", async () => {
    const session = new Session("/s", "s", "/s");
    read(session, "server", server());
    const before = session.line(SERVER, 100)!.detail;
    equal(before.request.pairing, "none");
    let peers = 0;
    const turns = await interludesOf(
      () => read(session, "client", client(REQUESTS)),
      () => {
        const found = session.line(SERVER, 100)!.detail;
        deepEqual(found.request.log.server, before.request.log.server);
        if (found.request.pairing === "id") peers++;
      },
    );
    ok(turns >= REQUESTS / STEP + REQUESTS / ROWS_A_STEP - 2, String(turns));
    equal(session.line(SERVER, 100)!.detail.request.pairing, "id");
    equal(session.store.rows.requests, REQUESTS);
    ok(peers < turns);
  });

  describe("of what is asked of all requests", () => {
    let session: Session;
    before(() => {
      session = new Session("/s", "s", "/s");
      read(session, "server", server());
      read(session, "client", client(REQUESTS));
      session.store.spine.rows();
    });

    const lookUp = (turn: number): void => {
      const line = 2 + ((turn * 977) % REQUESTS);
      equal(session.line(SERVER, line)?.detail.request.log.server?.line, line);
    };
    const chart = (query: ChartQuery) => () =>
      session.chart({ filter: "", span: null, zone: [[0, 0]] }, query, async () => undefined);
    const budgets = [{ route: "*", duration: "serverResponse", statistic: "p95", most: 1 }] as const;
    const least = REQUESTS / ROWS_A_STEP;
    const asked: Record<string, { work: () => unknown; least: number }> = {
      "a chart of latency": { work: chart({ chart: "latency", of: "serverResponse" }), least },
      "a chart of load": { work: chart({ chart: "load", columns: 100 }), least: least + 200 },
      "a chart of objects": { work: chart({ chart: "objects", page: null }), least },
      "budgets: one a route": { work: () => overrunsOf(session.store, budgets), least: least + ROUTES },
      "a comparison: one a route": {
        work: () => compareStores([session.store], [session.store], ""),
        least: least + ROUTES,
      },
    };
    for (const [what, { work, least }] of Object.entries(asked))
      it(`is there: ${what}`, async () => {
        const turns = await interludesOf(work, lookUp);
        ok(turns >= least, `${turns}`);
      });
  });
});

describe("a long column", () => {
  it("is sorted as at once, with interludes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 5 * STEP }),
        fc.integer({ min: 1, max: 1_000_000 }),
        async (length, range) => {
          const values = Float64Array.from({ length }, (_, at) => ((at * 2_654_435_761) % range) - range / 2);
          const turns = await interludesOf(() => deepEqual(sortPaced(values.slice()), values.toSorted()));
          ok(turns >= Math.floor(length / STEP));
        },
      ),
      { numRuns: 25 },
    );
  });
});
