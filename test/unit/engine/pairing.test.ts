import assert from "node:assert/strict";
import fc from "fast-check";
import { assemble } from "../../../src/engine/request";
import type { Store } from "../../../src/engine/store";
import { nativeFormat } from "../../../src/formats/native-format";
import type { LogRecord } from "../../../src/model/record";
import { clientRecord, header, logText, requestId, serverRecord, storeOf } from "./sample-logs";

const CONNECTION = "127.0.0.1:50000>127.0.0.1:80";
const OTHER = "127.0.0.1:50001>127.0.0.1:80";

interface Seen {
  client: number | null;
  server: number | null;
  pairing: string;
}

/** Every request by the `req` of its records, in an order of its own. */
function requests(store: Store): Seen[] {
  const seen: Seen[] = [];
  const req = (side: "client" | "server", record: number) =>
    Number.isNaN(record) ? null : store[side].value(record, "req");
  for (let row = 0; row < store.rows.length; row++)
    if (!store.rows.isEmpty(row))
      seen.push({
        client: req("client", store.rows.client(row)),
        server: req("server", store.rows.server(row)),
        pairing: store.rows.pairing(row),
      });
  const key = (one: Seen) => `${one.client ?? "~"}/${one.server ?? "~"}`;
  return seen.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

const pairs = (clients: LogRecord[], servers: LogRecord[]) =>
  storeOf({
    "server.ndjson": logText(header("server"), ...servers),
    "client.ndjson": logText(header("client"), ...clients),
  });

describe("pairing", () => {
  it("joins by the id that the client sent", () => {
    const store = pairs(
      [clientRecord(1, 0, { id: requestId(1) }), clientRecord(2, 0, { id: requestId(2) })],
      [serverRecord(1, 10, { id: requestId(2) }), serverRecord(2, 10, { id: requestId(1) })],
    );
    assert.deepEqual(requests(store), [
      { client: 1, server: 2, pairing: "id" },
      { client: 2, server: 1, pairing: "id" },
    ]);
  });

  it("joins by place on the connection where one side has no id", () => {
    const store = pairs(
      [clientRecord(1, 0, { conn: CONNECTION, ord: 1 }), clientRecord(2, 200, { conn: CONNECTION, ord: 2 })],
      [
        serverRecord(1, 10, { conn: CONNECTION, ord: 1, id: requestId(7) }),
        serverRecord(2, 210, { conn: CONNECTION, ord: 2 }),
        serverRecord(3, 300, { conn: OTHER, ord: 2 }),
      ],
    );
    assert.deepEqual(requests(store), [
      { client: 1, server: 1, pairing: "connection" },
      { client: 2, server: 2, pairing: "connection" },
      { client: null, server: 3, pairing: "none" },
    ]);
  });

  it("never joins two different ids, though they share a place", () => {
    const place = { conn: CONNECTION, ord: 1 };
    const store = pairs(
      [clientRecord(1, 0, { ...place, id: requestId(1) })],
      [serverRecord(1, 10, { ...place, id: requestId(2) })],
    );
    assert.equal(requests(store).length, 2);
  });

  it("tells generations of a used-again port apart by time, though one side lost a record", () => {
    const place = { conn: CONNECTION, ord: 1 };
    const store = pairs(
      [clientRecord(1, 0, place), clientRecord(2, 1000, place), clientRecord(3, 2000, place)],
      [serverRecord(1, 1010, place), serverRecord(2, 2010, place)],
    );
    assert.deepEqual(requests(store), [
      { client: 1, server: null, pairing: "none" },
      { client: 2, server: 1, pairing: "connection" },
      { client: 3, server: 2, pairing: "connection" },
    ]);
  });

  it("joins generations in their order where the clocks have nothing in common, and not where a count differs", () => {
    const place = { conn: CONNECTION, ord: 1 };
    const far = header("server", { boot: "elsewhere" });
    const two = storeOf({
      "client.ndjson": logText(header("client"), clientRecord(1, 0, place), clientRecord(2, 1000, place)),
      "server.ndjson": logText(far, serverRecord(1, 77_000, place), serverRecord(2, 78_000, place)),
    });
    assert.deepEqual(requests(two), [
      { client: 1, server: 1, pairing: "connection" },
      { client: 2, server: 2, pairing: "connection" },
    ]);
    const one = storeOf({
      "client.ndjson": logText(header("client"), clientRecord(1, 0, place), clientRecord(2, 1000, place)),
      "server.ndjson": logText(far, serverRecord(1, 77_000, place)),
    });
    assert.equal(requests(one).length, 3);
  });

  it("gives a retry's server record to the attempt that it saw", () => {
    const id = requestId(9);
    const store = pairs(
      [
        clientRecord(1, 0, { id, conn: CONNECTION, ord: 4, state: "failed", error: "reset" }),
        clientRecord(2, 500, { id, conn: OTHER, ord: 1 }),
      ],
      [serverRecord(1, 510, { id, conn: OTHER, ord: 1 })],
    );
    assert.deepEqual(requests(store), [
      { client: 1, server: null, pairing: "none" },
      { client: 2, server: 1, pairing: "id" },
    ]);
  });

  it("says why a request has no peer", () => {
    const store = pairs(
      [
        clientRecord(1, 0, { id: requestId(1) }),
        clientRecord(2, 0, {
          requestStart: undefined,
          responseStart: undefined,
          responseEnd: undefined,
          state: "failed",
        }),
        clientRecord(3, 0, { cache: "disk" }),
      ],
      [serverRecord(1, 10, { id: requestId(1) }), serverRecord(2, 10, { id: requestId(5) })],
    );
    const reasons = [0, 1, 2, 3].map((row) => assemble(store, row).unpaired);
    assert.deepEqual(reasons.sort(), [
      "it was never sent",
      "no client record has its id: not the probe's request",
      undefined,
      undefined,
    ]);
  });

  it("calls a server's request interference only where the client has pairs with that server", () => {
    const servers = [serverRecord(1, 10, { id: requestId(1) }), serverRecord(2, 10, { id: requestId(5) })];
    const flags = (store: Store) => [...Array(store.rows.length).keys()].map((row) => assemble(store, row).flags);
    assert.deepEqual(flags(pairs([clientRecord(1, 0, { id: requestId(1) })], servers)), [[], ["interference"]]);
    assert.deepEqual(flags(pairs([], servers)), [[], []]);
  });

  it("does not depend on the order in which the files were read", function () {
    this.timeout(300_000);
    const place = fc.record({ conn: fc.constantFrom(CONNECTION, OTHER), ord: fc.integer({ min: 1, max: 2 }) });
    const named = fc.record(
      { id: fc.constantFrom(requestId(1), requestId(2), requestId(3)), place, at: fc.nat({ max: 2000 }) },
      { requiredKeys: ["at"] },
    );
    const chunks = fc.infiniteStream(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 900 })));
    fc.assert(
      fc.property(
        fc.array(named, { maxLength: 8 }),
        fc.array(named, { maxLength: 8 }),
        chunks,
        (clients, servers, turns) => {
          const clientText = logText(
            header("client"),
            ...clients.map(({ id, place: at, at: time }, index) =>
              clientRecord(index + 1, time, { ...at, ...(id && { id }) }),
            ),
          );
          const serverText = logText(
            header("server"),
            ...servers.map(({ id, place: at, at: time }, index) =>
              serverRecord(index + 1, time, { ...at, ...(id && { id }) }),
            ),
          );
          const loaded = storeOf({ "server.ndjson": serverText, "client.ndjson": clientText });
          const live = storeOf({});
          const tails = [clientText, serverText].map((text, index) => ({
            decoder: nativeFormat.open(live.addFile(`/${index}`, `${index}`), { file: "x" }),
            bytes: new TextEncoder().encode(text),
            at: 0,
          }));
          for (const [first, length] of turns) {
            const tail = tails[first ? 0 : 1]!;
            tail.decoder.push(tail.bytes.subarray(tail.at, tail.at + length));
            tail.at += length;
            if (length % 3 === 0) live.pairing.settle();
            if (tails.every(({ at, bytes }) => at >= bytes.length)) break;
          }
          live.pairing.settle();
          assert.deepEqual(requests(live), requests(loaded));
          assert.equal(live.rows.requests, requests(live).length);
        },
      ),
      { numRuns: process.env.SOAK ? 20_000 : 500 },
    );
  });
});
