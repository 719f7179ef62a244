import assert from "node:assert/strict";
import { differencesOf } from "../../../src/engine/verdict/differs";
import type { ClientRecord, ServerRecord } from "../../../src/model/record";
import { random } from "../model/random";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord, storeOf } from "./sample-logs";

interface Facts {
  /** When it is sent, µs. */
  at: number;
  process: number;
  bytes: number;
  path: string;
  worker: number;
  ord: number;
}

/** Requests 10 ms apart that take a few ms; what makes some of them slow is up to the test. */
function sessionOf(requests: number, change: (facts: Facts, number: number) => void) {
  const dice = random(3);
  const clients: ClientRecord[] = [];
  const servers: ServerRecord[] = [];
  for (let number = 1; number <= requests; number++) {
    const facts: Facts = {
      at: number * 10_000,
      process: 2000 + dice.below(2000),
      bytes: 1000 + dice.below(9000),
      path: `/page-${dice.below(5)}`,
      worker: 1 + dice.below(2),
      ord: 1 + dice.below(4),
    };
    change(facts, number);
    const { at, bytes, path, worker, ord } = facts;
    const id = requestId(number);
    const conn = `client:${number}>server`;
    const end = at + 200 + facts.process;
    const responseEnd = EPOCH + end + 300;
    clients.push(
      clientRecord(number, at, {
        id,
        conn,
        ord,
        bytes,
        url: `http://localhost${path}?${number}`,
        responseStart: responseEnd,
        responseEnd,
      }),
    );
    const marks = { parseEnd: EPOCH + at + 200, processEnd: EPOCH + end, sendEnd: EPOCH + end + 10 };
    servers.push(
      serverRecord(number, at + 100, { id, conn, ord, bytes, worker, target: `${path}?${number}`, ...marks }),
    );
  }
  return storeOf({
    "server.ndjson": logText(header("server"), ...servers),
    "client.ndjson": logText(header("client"), ...clients),
  });
}

describe("what differs in the slow ones", () => {
  it("is nothing where they are slow by chance", () => {
    const { differences, slow, requests } = differencesOf(
      sessionOf(400, () => undefined),
      "",
    );
    assert.deepEqual(differences, []);
    assert.deepEqual([slow, requests], [20, 400]);
  });

  it("says nothing of fewer than 30 requests", () => {
    const store = sessionOf(29, (facts) => {
      if (facts.path === "/page-1") facts.process += 100_000;
    });
    assert.deepEqual(differencesOf(store, "").differences, []);
  });

  it("puts the trait first that separates them best, with a filter that shows those that have it", () => {
    const store = sessionOf(600, (facts) => {
      if (facts.path !== "/page-3") return;
      facts.process += 100_000;
      // Larger too, but so are many others.
      facts.bytes += 7000;
    });
    const { differences, slowFrom } = differencesOf(store, "");
    const [first, ...others] = differences;
    assert.deepEqual([first!.trait, first!.value], ["route", "GET /page-3"]);
    assert.equal(first!.outside.slow, 0);
    assert.ok(slowFrom > 100_000);
    assert.ok(others.some(({ trait }) => trait === "size"));
    const { requests, verdict } = differencesOf(store, first!.filter!);
    assert.equal(requests, first!.inside.count);
    assert.match(verdict!.title, /^Requests take long in their own code/);
  });

  const PLANTED: Record<string, [change: (facts: Facts, number: number) => boolean, value: RegExp]> = {
    size: [(facts) => facts.bytes > 9000, /^over 9\.\d kB$/],
    worker: [(facts, number) => facts.worker === 2 && number % 4 === 0, /^worker 2$/],
    connection: [(facts, number) => facts.ord === 1 && number % 2 === 0, /^on a new connection$/],
    time: [(_, number) => number > 300 && number <= 330, /^$/],
  };
  for (const [trait, [isSlow, value]] of Object.entries(PLANTED))
    it(`finds ${trait}`, () => {
      const store = sessionOf(600, (facts, number) => {
        if (isSlow(facts, number)) facts.process += 50_000;
      });
      const [first] = differencesOf(store, "").differences;
      assert.equal(first?.trait, trait);
      assert.match(first!.value, value);
      if (trait === "time") assert.ok(first!.span![0] >= 2_900_000 && first!.span![1] <= 3_400_000, `${first!.span}`);
    });

  it("finds how many were under way", () => {
    const { differences } = differencesOf(
      sessionOf(600, (facts, number) => {
        // Ten at a time, the later of which wait for the others.
        if (number % 100 >= 10) return;
        facts.at = Math.floor(number / 100) * 1_000_000 + (number % 100) * 100;
        if (number % 100 >= 4) facts.process += 40_000;
      }),
      "",
    );
    const found = differences.find(({ trait }) => trait === "concurrency");
    assert.match(found!.value, /^more than [0-3] others under way$/);
    assert.ok(found!.auc > 0.9 && found!.outside.slow === 0, JSON.stringify(found));
  });

  it("refuses a filter that it cannot read, in words", () => {
    assert.match(
      differencesOf(
        sessionOf(40, () => undefined),
        "foo:1",
      ).filterError!,
      /no key foo/,
    );
  });
});
