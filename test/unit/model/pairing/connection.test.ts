import assert from "node:assert/strict";
import { Store } from "../../../../src/engine/store";
import { unpairedReason } from "../../../../src/engine/unpaired";
import type { ClientRecord, ServerRecord } from "../../../../src/model/record";
import { EPOCH, header } from "../../engine/sample-logs";
import { random, seeds } from "../random";

const REQUESTS = seeds(20_000, 1_000_000);
const CONNECTIONS = 8;
const DEPTH = 16;
/** Few, so that ports are used again soon: each some twenty times. */
const PORTS = Math.max(24, Math.round(REQUESTS / 8000));

interface Traffic {
  client: ClientRecord[];
  server: ServerRecord[];
  /** Client's `req` → server's `req`, for every request that the server saw. */
  truth: Map<number, number>;
}

/**
 * Pipelined requests without ids over connections that are reset and opened again on used ports; a reset's requests are
 * retried; some requests are refused by the parser, some redirected; one record in fifty is lost on either side.
 */
function traffic(seed: number, count: number): Traffic {
  const dice = random(seed);
  const made: Traffic = { client: [], server: [], truth: new Map() };
  const open = Array.from({ length: CONNECTIONS }, (_, slot) => ({ port: slot, ord: 0, free: dice.below(1000) }));
  let sent = 0;
  let last = 0;
  while (sent < count) {
    const slot = dice.below(CONNECTIONS);
    const connection = open[slot]!;
    let start = connection.free + dice.below(500);
    let serverFree = start;
    const depth = 1 + dice.below(DEPTH);
    const dies = dice.below(40) === 0 ? dice.below(depth) : depth;
    const resetAt = start + 40 * depth + 100 * dies;
    for (let i = 0; i < depth; i++) {
      connection.ord++;
      sent++;
      const conn = `127.0.0.1:${40_000 + connection.port}>127.0.0.1:80`;
      const place = { conn, ord: connection.ord, method: "GET" };
      const req = sent;
      const target = `/${dice.below(50)}`;
      start += 5 + dice.below(20);
      const parse = Math.max(start + 10 + dice.below(30), serverFree);
      const end = parse + 10 + dice.below(80);
      const seen = i < dies || (i === dies && dice.below(2) === 0);
      const survives = i < dies;
      serverFree = end;
      const stamps = { parseStart: EPOCH + parse, parseEnd: EPOCH + parse + 2 };
      if (seen) {
        made.truth.set(req, req);
        const status = dice.below(50) === 0 ? 400 : dice.below(10) === 0 ? 302 : 200;
        const rest = survives
          ? { status, processEnd: EPOCH + end - 3, sendEnd: EPOCH + end }
          : ({ state: "aborted", closed: EPOCH + Math.max(parse + 3, resetAt) } as const);
        made.server.push({ type: "server", seq: 0, req, ...place, target, ...stamps, ...rest });
      }
      const answered = EPOCH + end + 10 + dice.below(30);
      made.client.push({
        ...({
          type: "client",
          seq: 0,
          req,
          ...place,
          url: `http://127.0.0.1${target}`,
          requestStart: EPOCH + start,
        } as const),
        ...(survives
          ? { status: 200, responseStart: answered, responseEnd: answered + 5 }
          : { state: "failed", error: "reset", closed: EPOCH + Math.max(resetAt, start + 1, parse + 3) + 20 }),
      });
      last = Math.max(last, end + 50, resetAt + 50);
    }
    connection.free = Math.max(serverFree, start, resetAt) + 60;
    if (dies < depth || dice.below(30) === 0) {
      const taken = new Set(open.map(({ port }) => port));
      let port = dice.below(PORTS);
      while (taken.has(port)) port = dice.below(PORTS);
      open[slot] = { port, ord: 0, free: last };
    }
  }
  const kept = <T>(records: T[]): T[] => records.filter(() => dice.below(50) > 0);
  return { client: kept(made.client), server: kept(made.server), truth: made.truth };
}

describe(`pairing ${REQUESTS} requests without ids, by connection`, function () {
  this.timeout(600_000);

  it("makes no wrong pair, finds those whose records are there, and explains every loss", () => {
    const { client, server, truth } = traffic(1, REQUESTS);
    const store = new Store();
    for (const [role, records] of [
      ["server", server],
      ["client", client],
    ] as const) {
      const file = store.addFile(`/${role}.ndjson`, `${role}.ndjson`);
      file.record(header(role), 1);
      for (const [i, record] of records.entries()) file.record({ ...record, seq: i + 1 }, i + 2);
    }
    store.pairing.settle();
    const servers = new Set(server.map(({ req }) => req));
    const possible = client.filter(({ req }) => truth.has(req) && servers.has(req)).length;
    let wrong = 0;
    let right = 0;
    let unexplained = 0;
    for (let row = 0; row < store.rows.length; row++) {
      if (store.rows.isEmpty(row)) continue;
      const [c, s] = [store.rows.client(row), store.rows.server(row)];
      if (Number.isNaN(c) || Number.isNaN(s)) {
        if (unpairedReason(store, row) === null) unexplained++;
      } else if (store.client.value(c, "req") === store.server.value(s, "req")) right++;
      else wrong++;
    }
    assert.deepEqual({ wrong, unexplained, right }, { wrong: 0, unexplained: 0, right: possible });
  });
});
