import assert from "node:assert/strict";
import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { ServerRecord } from "../../../src/model/record";
import { buildBundles } from "./bundles";
import { launched } from "./launched";

/** Much longer than the time in which a busy machine sends the request that is to wait for it. */
const BLOCK_MS = 1_000;

const SERVER = `
  const block = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };
  require("node:http").createServer(async (request, response) => {
    if (request.url === "/sync") block(${BLOCK_MS});
    if (request.url === "/later") { await new Promise((done) => setTimeout(done, 30)); block(${BLOCK_MS}); }
    response.end("done");
    if (request.url === "/after") block(${BLOCK_MS});
    if (request.url === "/timer") setTimeout(block, 30, ${BLOCK_MS});
  }).listen(0, "127.0.0.1");
  process.on("SIGTERM", () => process.exit());
`;

/** On one kept-alive connection each: `first`, and 150 ms later a request that has to wait for it. */
function behind(first: string, check: (blocker: ServerRecord, waiting: ServerRecord) => void): Promise<void> {
  return launched({ files: { "server.cjs": SERVER }, command: [process.execPath, "server.cjs"] }, async (server) => {
    const [url] = await server.urls(1);
    const sockets = [
      connect(Number(new URL(url!).port), "127.0.0.1"),
      connect(Number(new URL(url!).port), "127.0.0.1"),
    ];
    const send = (i: number, path: string) => sockets[i]!.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    for (const i of [0, 1]) {
      send(i, "/warm");
      await server.records(i + 1);
    }
    send(0, first);
    await wait(150);
    send(1, "/waiting");
    const records = await server.records(4);
    for (const socket of sockets) socket.destroy();
    const of = (target: string) => records.find((record) => record.target === target)!;
    check(of(first), of("/waiting"));
  });
}

describe("a request that waits for the event loop", () => {
  before(buildBundles);

  for (const [first, what] of [
    ["/sync", "handler's work"],
    ["/later", "handler's work behind an await"],
    ["/after", "work behind its response"],
  ] as const)
    it(`has waited since it arrived, for the request whose ${what} kept the loop busy`, () =>
      behind(first, (blocker, waiting) => {
        assert.equal(waiting.blockedBy, blocker.req);
        const [earliest, latest] = waiting.arrival!;
        assert.ok(waiting.parseStart - earliest > 200_000, "the block is in its queue");
        assert.ok(earliest <= latest && latest <= waiting.parseStart);
      }));

  it("names nobody where a timer of the program's own kept the loop busy", () =>
    behind("/timer", (_, waiting) => assert.equal(waiting.blockedBy, undefined)));

  it("names nobody where it did not wait", () =>
    behind("/idle", (_, waiting) => assert.equal(waiting.blockedBy, undefined)));
});
