import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { versions } from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { now } from "../../../src/log/clock";
import type { ServerRecord } from "../../../src/model/record";
import { block, exchange, rawClient, recordsOf, serving, until } from "./support";

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const LARGE = Buffer.alloc(32 * 1024 * 1024, "x");
const WAIT_MS = 300;
/** Where the large response takes its time, too: some 0.2 s on a busy machine. */
const LONGER_MS = 2000;
/** A wait of WAIT_MS is in this phase: µs. */
const long = (micros: number): boolean => micros >= WAIT_MS * 1000 - 1_000;
const short = (micros: number): boolean => micros < WAIT_MS * 500;

const parse = (record: ServerRecord): number => record.parseEnd! - record.parseStart;
const process = (record: ServerRecord): number => record.processEnd! - record.parseEnd!;
const send = (record: ServerRecord): number => record.sendEnd! - record.processEnd!;

describe("marks of node:http", () => {
  it("show a wait between the halves of a header as parsing, and as nothing else", () =>
    serving(
      (_, response) => response.end("done"),
      async ({ server, port, records }) => {
        const connection: Promise<[Socket]> = once(server, "connection") as never;
        const client = await rawClient(port);
        const [accepted] = await connection;
        client.socket.write(GET.slice(0, 20));
        // The wait begins when the server has read the first half.
        await until(() => accepted.bytesRead === 20);
        await wait(WAIT_MS);
        client.socket.write(GET.slice(20));
        const [record] = await records(1);
        client.socket.destroy();
        assert.ok(long(parse(record!)) && short(process(record!)) && short(send(record!)), JSON.stringify(record));
      },
    ));

  it("show a wait in the handler as processing, and as nothing else", () =>
    serving(
      (_, response) => setTimeout(() => response.end("done"), WAIT_MS),
      async ({ port, records }) => {
        await exchange(port, GET, "done");
        const [record] = await records(1);
        assert.ok(short(parse(record!)) && long(process(record!)) && short(send(record!)), JSON.stringify(record));
      },
    ));

  it("show a slow reader of a large body as sending, and as nothing else", () => {
    let begun = false;
    return serving(
      (_, response) => {
        response.end(LARGE);
        begun = true;
      },
      async ({ port, records }) => {
        const client = await rawClient(port);
        client.socket.write(GET);
        client.socket.pause();
        await until(() => begun);
        await wait(WAIT_MS);
        client.socket.resume();
        const [record] = await records(1);
        client.socket.destroy();
        assert.equal(record!.bytes, LARGE.length);
        assert.ok(short(parse(record!)) && short(process(record!)) && long(send(record!)), JSON.stringify(record));
      },
    );
  });

  it("end with the last byte's hand-over, however long the handler blocks after res.end", () =>
    serving(
      (_, response) => {
        response.end("done");
        block(WAIT_MS);
      },
      async ({ port, records }) => {
        await exchange(port, GET, "done");
        const [record] = await records(1);
        assert.ok(short(record!.sendEnd! - record!.parseStart), JSON.stringify(record));
      },
    ));

  it("end with the last byte's hand-over, however late `end` is called behind it", () =>
    serving(
      (_, response) => {
        response.writeHead(200, { "content-length": 4 }).write("done");
        setTimeout(() => response.end(), WAIT_MS);
      },
      async ({ port, records }) => {
        const client = await rawClient(port);
        client.socket.write(GET);
        const [record] = await records(1);
        client.socket.destroy();
        assert.equal(record!.state ?? "complete", "complete");
        assert.ok(short(record!.sendEnd! - record!.parseStart), JSON.stringify(record));
      },
    ));

  it("end when a slow reader has made room for the last byte, also where nothing is left of the write when `end` is called", () => {
    let begun = false;
    return serving(
      (_, response) =>
        void setTimeout(() => {
          response.writeHead(200, { "content-length": LARGE.length });
          response.write(LARGE, () => response.end());
          begun = true;
        }, 5),
      async ({ port, records }) => {
        const client = await rawClient(port);
        client.socket.write(GET);
        client.socket.pause();
        await until(() => begun);
        await wait(WAIT_MS);
        client.socket.resume();
        const [record] = await records(1);
        client.socket.destroy();
        assert.ok(short(process(record!)) && long(send(record!)), JSON.stringify(record));
      },
    );
  });

  it("end when the loop has sent the last byte, though (before Node 24) it tells a turn later, behind somebody's work", () => {
    let blocked = false;
    return serving(
      (_, response) => {
        const socket = response.socket as Socket & { _handle: { writeQueueSize: number } };
        const blockOnceSent = (): void => {
          if (socket.destroyed || response.writableFinished) return;
          blocked = socket._handle.writeQueueSize === 0 && socket.writableLength > 0;
          if (blocked) block(LONGER_MS);
          else setImmediate(blockOnceSent);
        };
        response.end(LARGE);
        setImmediate(blockOnceSent);
      },
      async ({ port, records }) => {
        const client = await rawClient(port);
        client.socket.write(GET);
        const [record] = await records(1);
        client.socket.destroy();
        assert.ok(blocked || Number.parseInt(versions.node, 10) >= 24);
        assert.ok(send(record!) < LONGER_MS * 500, JSON.stringify(record));
      },
    );
  });

  it("begin a kept-alive connection's second request with its own first byte", () =>
    serving(
      (_, response) => response.end("done"),
      async ({ port, records }) => {
        const client = await rawClient(port);
        client.socket.write(GET);
        await records(1);
        await wait(WAIT_MS);
        const before = now();
        client.socket.write(GET);
        const [first, second] = await records(2);
        client.socket.destroy();
        assert.ok(second!.parseStart >= before);
        assert.ok(short(second!.sendEnd! - second!.parseStart));
        assert.deepEqual([first!.ord, second!.ord, first!.conn], [1, 2, second!.conn]);
        assert.match(first!.conn!, /^127\.0\.0\.1:\d+>127\.0\.0\.1:\d+$/);
      },
    ));

  it("of pipelined requests: the second is processed when its bytes are handed over, behind the first", () =>
    serving(
      (request, response) => {
        if (request.url === "/slow") setTimeout(() => response.end("slow"), WAIT_MS);
        else response.end("fast");
      },
      async ({ port, records }) => {
        await exchange(port, GET.replace("/", "/slow") + GET, "fast");
        const [slow, fast] = await records(2);
        assert.deepEqual([slow!.ord, fast!.ord], [1, 2]);
        assert.ok(fast!.parseEnd! < slow!.processEnd! && fast!.processEnd! >= slow!.sendEnd!);
        assert.ok(long(fast!.processEnd! - slow!.parseEnd!) && short(send(fast!)), JSON.stringify(fast));
      },
    ));

  it("do not take an informational response for the final one", () =>
    serving(
      (_, response) => {
        response.writeEarlyHints({ link: "</style.css>; rel=preload" });
        setTimeout(() => response.end("done"), WAIT_MS);
      },
      async ({ port, records }) => {
        await exchange(
          port,
          `POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi`,
          "done",
        );
        const [record] = await records(1);
        assert.equal(record!.status, 200);
        assert.ok(long(process(record!)));
      },
    ));

  for (const [name, respond, bytes, marker] of [
    ["chunked", (r) => r.write("abc") && r.end("defgh"), 8, "0\r\n\r\n"],
    ["chunked in one", (r) => [r.flushHeaders(), r.end("ä".repeat(300))], 600, "0\r\n\r\n"],
    ["chunked empty", (r) => [r.flushHeaders(), r.end()], 0, "0\r\n\r\n"],
    ["of known length", (r) => r.writeHead(200, { "content-length": 5 }).write("hel") && r.end("lo"), 5, "hello"],
    ["204", (r) => r.writeHead(204).end(), 0, "204"],
    ["304", (r) => r.writeHead(304, { "content-length": 99 }).end(), 0, "304"],
  ] as [string, (r: import("node:http").ServerResponse) => unknown, number, string][])
    it(`count the body's bytes of a response that is ${name}`, () =>
      serving(
        (_, response) => void respond(response),
        async ({ port, records }) => {
          await exchange(port, GET, marker);
          assert.equal((await records(1))[0]!.bytes, bytes);
        },
      ));

  it("count no body for HEAD, and the whole of one that ends with its connection", () =>
    serving(
      (_, response) => {
        response.flushHeaders();
        response.end("abc");
      },
      async ({ port, records }) => {
        await exchange(port, GET.replace("GET", "HEAD"), "\r\n\r\n");
        await exchange(port, "GET / HTTP/1.0\r\n\r\n", "abc");
        assert.deepEqual(
          (await records(2)).map((record) => record.bytes),
          [0, 3],
        );
      },
    ));

  it("of a request that the parser refuses: an ordinal, a status, and no handler", () =>
    serving(
      (_, response) => response.end("done"),
      async ({ port, records }) => {
        const client = await rawClient(port);
        client.socket.write(GET);
        await records(1);
        client.socket.write("NONSENSE\r\n\r\n");
        await client.closed;
        assert.match(client.text(), /400 Bad Request/);
        const [good, bad] = await records(2);
        assert.equal(good!.status, 200);
        assert.deepEqual([bad!.ord, bad!.status, bad!.state, bad!.parseEnd], [2, 400, "failed", undefined]);
        assert.ok(bad!.parseStart <= bad!.processEnd! && bad!.processEnd! <= bad!.sendEnd!);
      },
    ));

  it("of an aborted request: what is known, and when it was closed", () =>
    serving(
      () => {},
      async ({ port, records }) => {
        const client = await rawClient(port);
        client.socket.write(GET);
        await wait(50);
        client.socket.destroy();
        const [record] = await records(1);
        assert.equal(record!.state, "aborted");
        assert.ok(record!.parseEnd && record!.closed! > record!.parseEnd && !record!.processEnd && !record!.sendEnd);
      },
    ));

  it("of a request that hangs: are logged as pending while it hangs, and once more when it ends", () =>
    serving(
      () => {},
      async ({ port, records, log }) => {
        const client = await rawClient(port);
        client.socket.write(GET);
        const pending = () => recordsOf(log).find((record) => record.type === "pending");
        await until(() => pending() !== undefined);
        client.socket.destroy();
        const [record] = await records(1);
        assert.deepEqual([pending()!.req, pending()!.side], [record!.req, "server"]);
        assert.ok(pending()!.time - record!.parseStart >= 1_000_000);
      },
    ));

  it("of an upgrade: the 101 is its response", () =>
    serving(
      () => {},
      async ({ server, port, records }) => {
        server.on("upgrade", (_, socket) => {
          socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
          socket.pipe(socket);
        });
        const client = await rawClient(port);
        client.socket.write("GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
        await until(() => client.text().includes("101"));
        client.socket.write("hello");
        await until(() => client.text().endsWith("hello"));
        client.socket.destroy();
        const [record] = await records(1);
        assert.deepEqual([record!.status, record!.target, record!.state], [101, "/chat", undefined]);
        assert.ok(record!.parseStart <= record!.parseEnd! && record!.parseEnd! <= record!.processEnd!);
      },
    ));
});
