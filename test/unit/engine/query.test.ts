import assert from "node:assert/strict";
import fc from "fast-check";
import { Axis } from "../../../src/engine/axis";
import { completeFilter } from "../../../src/engine/filter";
import { FIRST_ROWS } from "../../../src/engine/first-rows";
import { overview } from "../../../src/engine/overview";
import { assemble } from "../../../src/engine/request";
import { rowStart } from "../../../src/engine/row-span";
import { NativeScanner } from "../../../src/engine/scan";
import { Session } from "../../../src/engine/session";
import { finish, run } from "../../../src/engine/steps";
import type { LogRecord } from "../../../src/model/record";
import { FIRST_VIEW, GROUP_KEYS, ROW_BITS, SORT_KEYS, type View } from "../../../src/protocol/messages";
import { type ReferenceRow, referenceView } from "./reference";
import { clientRecord, EPOCH, header, logText, serverRecord } from "./sample-logs";

const RUNS = process.env.SOAK ? 3000 : 120;
const pause = async (): Promise<void> => {};

/** What one request is made of; a part that is absent was never recorded. */
const exchange = fc.record(
  {
    at: fc.nat({ max: 3000 }),
    client: fc.boolean(),
    server: fc.boolean(),
    method: fc.constantFrom("GET", "POST", "PATCH"),
    path: fc.constantFrom("/", "/a", "/A", "/a?x=1", "/a/b?y", "/items/12345", "/items/123456", "/items/12346?z", "/ü"),
    status: fc.constantFrom(200, 200, 304, 404, 500),
    took: fc.integer({ min: 0, max: 5000 }),
    /** From when the object was wanted until its request was sent. */
    waited: fc.nat({ max: 500 }),
    route: fc.constantFrom("/items/:id", "/a"),
    handler: fc.constantFrom(1, 2),
    state: fc.constantFrom("failed" as const, "aborted" as const),
    bytes: fc.nat({ max: 4 }),
    warmup: fc.constant(true as const),
    cache: fc.constant("memory" as const),
    kind: fc.constantFrom("image" as const, "document" as const),
  },
  { requiredKeys: ["at", "client", "server", "method", "path", "status", "took"] },
);
type Drawn = typeof exchange extends fc.Arbitrary<infer T> ? T : never;
type Exchange = Omit<Drawn, "path"> & { path: string };

/** Other digits for each. */
function idOf(index: number): string {
  const digits = ((BigInt(index + 1) * 0x9e3779b97f4a7c15f39cc0605cedc835n) % 2n ** 128n)
    .toString(16)
    .padStart(32, "0");
  return `${digits}-${digits.slice(16)}`;
}

function records(exchanges: readonly Exchange[]): { client: LogRecord[]; server: LogRecord[] } {
  const client: LogRecord[] = [];
  const server: LogRecord[] = [
    { type: "source", seq: 1, id: 1, name: "list", file: "routes.js", line: 3, confidence: 1 },
    { type: "source", seq: 2, id: 2, file: "app.js", line: 9, confidence: 0.5 },
  ];
  exchanges.forEach(({ at, took, waited, route, handler, state, bytes, warmup, cache, kind, ...common }, index) => {
    const fields = { id: idOf(index), method: common.method, status: common.status };
    if (common.client)
      client.push(
        clientRecord(client.length + 1, at, {
          ...fields,
          url: `http://localhost${common.path}`,
          ...{ bytes, warmup, cache, kind },
          ...(waited !== undefined && { fetchStart: EPOCH + at - waited }),
          ...(state ? { state, responseEnd: undefined, error: "it broke" } : { responseEnd: EPOCH + at + 100 + took }),
        }),
      );
    if (common.server)
      server.push(
        serverRecord(server.length + 1, at + 20, {
          ...fields,
          target: common.path,
          route,
          handler,
          sendEnd: EPOCH + at + 60 + took,
        }),
      );
  });
  return { client, server };
}

/** A session into which the logs are read piece by piece; `between` is called after each. */
async function read(exchanges: readonly Exchange[], pieces: number, between?: (session: Session) => Promise<unknown>) {
  const session = new Session("/s", "s", "/s");
  const logs = records(exchanges);
  const tails = (["server", "client"] as const).map((role) => ({
    scanner: new NativeScanner(session.store.addFile(`/s/${role}`, role), session.store),
    bytes: new TextEncoder().encode(logText(header(role), ...logs[role])),
  }));
  for (let piece = 0; piece < pieces; piece++)
    for (const { scanner, bytes } of tails) {
      scanner.push(bytes.slice((bytes.length * piece) / pieces, (bytes.length * (piece + 1)) / pieces));
      await between?.(session);
    }
  return session;
}

function reference({ store }: Session): ReferenceRow[] {
  const axis = new Axis(store);
  return Array.from({ length: store.rows.length }, (_, row) => row)
    .filter((row) => !store.rows.isEmpty(row))
    .map((row) => ({ row, request: assemble(store, row), start: rowStart(store, axis, row) }));
}

async function shown(
  session: Session,
  view: Partial<View>,
): Promise<{ rows: number[]; ordinals: number[]; headers: number }> {
  const { revision, rows } = await session.view("p", { ...FIRST_VIEW, ...view }, pause);
  const { index, ordinals, bits } = await session.rows("p", { revision, from: 0, count: rows }, pause);
  const ofRequests = (numbers: Uint32Array): number[] =>
    [...numbers].filter((_, at) => !(bits[at]! & ROW_BITS.groupHeader));
  const requests = ofRequests(index);
  return { rows: requests, ordinals: ofRequests(ordinals), headers: index.length - requests.length };
}

const term = fc.constantFrom(
  ..."method:GET method:p* -method:post path:/a path:/a* path:*b path:/ITEMS/* -path:*1*5* status:>=400 status:200".split(
    " ",
  ),
  ..."status:<300 rc:>2ms rc:<=1ms rs:>1ms rs:<500us route:/items/* -route:/a state:failed -state:complete".split(" "),
  ..."pairing:none -pairing:id flag:inter* flag:warmup flag:*r* -flag:cached kind:html -kind:x* url:*host/a* url:/a*".split(
    " ",
  ),
  ..."host:local* -host:localhost handler:list handler:*js:9 items POST broke 12345 ü 404".split(" "),
  ..."id:9e37* id:*c835 -id:*A7c*4 id:*835-f* id:* 7f4 c15f3 cc0605cedc c835-f39 3c*6 8 b9 ffe".split(" "),
);

describe("queries", () => {
  it("keep requests that begin together in the order of their rows, the latest first too", async () => {
    const session = new Session("/s", "s", "/s");
    const scanner = new NativeScanner(session.store.addFile("/s/server", "server"), session.store);
    const servers = [3, 2, 2, 1].map((at, number) => serverRecord(number + 1, at));
    scanner.push(new TextEncoder().encode(logText(header("server"), ...servers)));
    assert.deepEqual((await shown(session, {})).rows, [3, 1, 2, 0]);
    assert.deepEqual((await shown(session, { descending: true })).rows, [0, 1, 2, 3]);
  });

  it("number requests in order of start, however they are sorted, filtered and grouped", async () => {
    const view = fc.record({
      filter: fc.constantFrom("", "status:200", "path:/a*"),
      sort: fc.constantFrom(...SORT_KEYS),
      descending: fc.boolean(),
      group: fc.constantFrom(...GROUP_KEYS),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(exchange, { maxLength: 40 }), view, async (exchanges, wanted) => {
        const session = await read(exchanges, 1);
        const inOrder = referenceView(reference(session), FIRST_VIEW);
        const { rows, ordinals } = await shown(session, wanted);
        assert.deepEqual(
          ordinals,
          rows.map((row) => inOrder.indexOf(row) + 1),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it("give the rows, in the order, of a naive reference", async () => {
    const view = fc.record({
      filter: fc.array(term, { maxLength: 3 }).map((terms) => terms.join(" ")),
      sort: fc.constantFrom(...SORT_KEYS),
      descending: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(exchange, { maxLength: 40 }),
        fc.array(view, { minLength: 1, maxLength: 4 }),
        async (exchanges, views) => {
          const session = await read(exchanges, 1);
          for (const wanted of views)
            assert.deepEqual(
              (await shown(session, wanted)).rows,
              referenceView(reference(session), { ...FIRST_VIEW, ...wanted }),
            );
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("are the same live, asked in between, as loaded at once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(exchange, { maxLength: 30 }),
        fc.integer({ min: 2, max: 9 }),
        async (exchanges, pieces) => {
          const asked = async (session: Session) => {
            await session.view("q", FIRST_VIEW, pause);
            await run(overview(session.store, 0, 1000, 7), pause);
          };
          const live = await read(exchanges, pieces, asked);
          const loaded = await read(exchanges, 1);
          const requests = async (session: Session) =>
            (await shown(session, {})).rows.map((row) => JSON.stringify({ ...assemble(session.store, row) })).sort();
          assert.deepEqual(await requests(live), await requests(loaded));
          const base = (session: Session) => session.store.base;
          const of = (session: Session) =>
            finish(overview(session.store, EPOCH - base(session), EPOCH + 10_000 - base(session), 13));
          assert.deepEqual({ ...of(live), from: 0, to: 0 }, { ...of(loaded), from: 0, to: 0 });
          const order = (await shown(live, {})).rows;
          assert.deepEqual(order, referenceView(reference(live), FIRST_VIEW));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("have an overview that loses no request and no extreme", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(exchange, { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        async (exchanges, buckets) => {
          const session = await read(exchanges, 1);
          const rows = reference(session);
          if (rows.length === 0) return;
          // The session's span begins with the first request, however long that one waited before it was sent.
          const [from, to] = session.info().span;
          const made = finish(overview(session.store, from, to, buckets));
          const sum = (values: Uint32Array) => values.reduce((total, value) => total + value, 0);
          assert.equal(sum(made.count), rows.length);
          const failed = ({ request }: ReferenceRow) =>
            request.state === "failed" || request.state === "aborted" || request.status! >= 400;
          assert.equal(sum(made.errors), rows.filter(failed).length);
          const values = rows
            .map(({ request: { durations } }) => durations.clientResponse ?? durations.serverResponse)
            .filter((value) => value !== null);
          if (values.length === 0) return;
          const known = (array: Float32Array) => [...array].filter((value) => !Number.isNaN(value));
          assert.equal(Math.max(...known(made.max)), Math.max(...values));
          assert.equal(Math.min(...known(made.min)), Math.min(...values));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("group every row once, and hide those of folded groups", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(exchange, { maxLength: 40 }),
        fc.constantFrom(...GROUP_KEYS),
        async (exchanges, group) => {
          const session = await read(exchanges, 1);
          const all = (await shown(session, {})).rows;
          const grouped = await shown(session, { group });
          assert.deepEqual(
            grouped.rows.toSorted((a, b) => a - b),
            all.toSorted((a, b) => a - b),
          );
          if (group === "none" || all.length === 0) return;
          const { revision, rows } = await session.view("p", { ...FIRST_VIEW, group }, pause);
          const whole = { revision, from: 0, count: rows };
          const { index, bits, texts, dictionary, count } = await session.rows("p", whole, pause);
          const heads = [...index.keys()].filter((at) => bits[at]! & ROW_BITS.groupHeader);
          const keys = heads.map((at) => dictionary[texts[2 * count + at]!]!);
          assert.equal(new Set(keys).size, keys.length, "every group has a key of its own");
          const folded = await shown(session, { group, folded: keys });
          assert.deepEqual(folded, { rows: [], ordinals: [], headers: keys.length });
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("give first rows that are the first of the whole, ties included", async () => {
    const COUNT = 9000;
    const session = await read(
      Array.from({ length: COUNT }, (_, at) => ({
        ...{ at: (at * 37) % 4000, client: at % 3 > 0, server: at % 3 < 2, method: at % 5 ? "GET" : "POST" },
        ...{ path: `/items/${(at * 31) % 700}`, status: at % 11 ? 200 : 500, took: (at * 13) % 90, bytes: at % 40 },
      })),
      1,
    );
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const view = fc.record({
      filter: fc.constantFrom("", "method:GET", "status:>=500 -method:POST", "items/1", "path:/items/69*", "rc:>90ms"),
      sort: fc.constantFrom(...SORT_KEYS),
      descending: fc.boolean(),
      span: fc.constantFrom(null, [100, 2500] as const, [3990, 4000] as const),
      group: fc.constantFrom("none" as const, "none" as const, "status" as const),
    });
    let early = 0;
    await fc.assert(
      fc.asyncProperty(view, fc.integer({ min: 1, max: 200 }), async (change, count) => {
        const asked = session.view("p", { ...FIRST_VIEW, ...change }, turn);
        const first = await session.firstRows("p", count, turn);
        const { revision, rows, matches } = await asked;
        const whole = await session.rows("p", { revision, from: 0, count: Math.min(count, rows) }, turn);
        if (first === null) {
          const isThere = change.sort === "start" && !change.descending && change.filter === "" && !change.span;
          return assert.ok(
            matches <= FIRST_ROWS || change.group !== "none" || isThere,
            JSON.stringify({ change, matches, rows }),
          );
        }
        early++;
        assert.equal(first.count, Math.min(count, FIRST_ROWS));
        const { from, index, times } = first;
        assert.deepEqual([first.revision, from, [...index]], [revision, 0, [...whole.index].slice(0, first.count)]);
        assert.deepEqual(times.slice(0, first.count), whole.times.slice(0, first.count));
      }),
      { numRuns: 60 },
    );
    assert.ok(early > 3, `${early} of 60`);
  });

  it("of a newer view end an older one", async () => {
    const exchanges: Exchange[] = Array.from({ length: 40_000 }, (_, at) => ({
      ...{ at, client: false, server: true, method: "GET", path: "/a", status: 200, took: 5 },
    }));
    const session = await read(exchanges, 1);
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const older = session.view("p", { ...FIRST_VIEW, filter: "rs:>1ms" }, turn);
    const newer = session.view("p", { ...FIRST_VIEW, filter: "status:200" }, turn);
    const first = session.firstRows("p", 10, turn);
    await assert.rejects(older, { code: "stale" });
    assert.equal((await newer).matches, 40_000);
    assert.equal((await first)?.revision, (await newer).revision);
  });
});

describe("the filter language", () => {
  const open = () =>
    read([{ at: 1, client: true, server: true, method: "GET", path: "/a b", status: 200, took: 5, route: "/a" }], 1);
  const matches = async (filter: string): Promise<number> => {
    const session = await open();
    const result = await session.view("p", { ...FIRST_VIEW, filter }, pause);
    assert.equal(result.filterError, null);
    return result.matches;
  };

  it("takes quoted values, ranges, units and addresses", async () => {
    for (const filter of [
      'path:"/a b"',
      '"a b"',
      "rc:0..1s",
      "rc:>0.1ms",
      "status:200..299",
      "http://localhost",
      "bytes:<1kB -bytes:>0",
    ])
      assert.equal(await matches(filter), filter.startsWith("bytes") ? 0 : 1, filter);
  });

  for (const [filter, from, to] of [
    ["rc:>quick", 0, 9],
    ["path:/a nokey:3", 8, 15],
    ['path:"/a', 5, 8],
    ["status:", 0, 7],
    ["pairing:maybe", 0, 13],
  ] as const)
    it(`says what is wrong with ${filter}, and where`, async () => {
      const { filterError, matches } = await (await open()).view("p", { ...FIRST_VIEW, filter }, pause);
      assert.deepEqual([filterError?.from, filterError?.to], [from, to]);
      assert.equal(matches, 1, "a filter that is not understood hides nothing");
    });

  it("completes keys and their values", async () => {
    const { store } = await open();
    assert.deepEqual(completeFilter(store, "met", 3), { from: 0, options: ["method:"] });
    assert.deepEqual(completeFilter(store, "path:/a method:", 15), { from: 15, options: ["GET"] });
    assert.deepEqual(completeFilter(store, "-state:ab", 9), { from: 7, options: ["aborted"] });
    assert.deepEqual(completeFilter(store, "route:/", 7), { from: 6, options: ["/a"] });
  });

  it("answers any text without throwing", () =>
    fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 30 }), async (filter) => {
        const session = await open();
        await session.view("p", { ...FIRST_VIEW, filter }, pause);
        completeFilter(session.store, filter, filter.length);
      }),
    ));
});
