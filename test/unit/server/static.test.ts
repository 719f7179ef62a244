import assert from "node:assert/strict";
import { once } from "node:events";
import { utimesSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { MARKS } from "../../../src/model/marks";
import { serving } from "./support";

const FILES = {
  "index.html": "<h1>main</h1>",
  "notes/index.html": "<h1>notes</h1>",
  "data.bin": Buffer.from(Array.from({ length: 1_000 }, (_, index) => index % 256)),
  "empty.txt": "",
  "a b+c%.txt": "odd name",
};

describe("static files", () => {
  it("come with type, length and validators; HEAD says the same without the body", () =>
    serving({ files: FILES }, async ({ ask }) => {
      const get = await ask("/");
      const head = await ask("/", { method: "HEAD" });
      assert.deepEqual([get.status, get.text, head.status, head.text], [200, "<h1>main</h1>", 200, ""]);
      for (const name of ["content-type", "content-length", "etag", "last-modified", "accept-ranges"])
        assert.equal(head.headers[name], get.headers[name], name);
      assert.equal(get.headers["content-type"], "text/html; charset=utf-8");
    }));

  it("are found under names that need encoding, and when they are empty", () =>
    serving({ files: FILES }, async ({ ask }) => {
      assert.equal((await ask("/a%20b+c%25.txt?query")).text, "odd name");
      const empty = await ask("/empty.txt");
      assert.deepEqual([empty.status, empty.headers["content-length"]], [200, "0"]);
    }));

  it("answer for their folder: its index, after a redirect to its slash that keeps the query", () =>
    serving({ files: FILES }, async ({ ask }) => {
      const { status, headers } = await ask("/notes?x=1");
      assert.deepEqual([status, headers.location], [301, "/notes/?x=1"]);
      assert.equal((await ask("/notes/")).text, "<h1>notes</h1>");
    }));

  it("are not sent again to a client that has them", () =>
    serving({ files: FILES }, async ({ ask, root }) => {
      utimesSync(join(root, "index.html"), 1e9, 1e9);
      const { headers } = await ask("/");
      const asked = async (conditions: Record<string, string>): Promise<number> =>
        (await ask("/", { headers: conditions })).status;
      const tag = headers.etag!;
      assert.equal(await asked({ "If-None-Match": tag }), 304);
      assert.equal(await asked({ "If-None-Match": `"x", W/${tag}` }), 304);
      assert.equal(await asked({ "If-None-Match": "*" }), 304);
      assert.equal(await asked({ "If-None-Match": '"other"', "If-Modified-Since": headers["last-modified"]! }), 200);
      assert.equal(await asked({ "If-Modified-Since": headers["last-modified"]! }), 304);
      assert.equal(await asked({ "If-Modified-Since": new Date(1e12 - 1000).toUTCString() }), 200);
      assert.equal(await asked({ "If-Modified-Since": "yesterday" }), 200);
      assert.equal(await asked({ "If-Match": '"other"' }), 412);
      assert.equal(await asked({ "If-Match": tag }), 200);
      assert.equal(await asked({ "If-Unmodified-Since": new Date(1e12 - 1000).toUTCString() }), 412);
    }));

  for (const [range, status, from, to] of [
    ["bytes=0-9", 206, 0, 10],
    ["bytes=990-", 206, 990, 1_000],
    ["bytes=-10", 206, 990, 1_000],
    ["bytes=-5000", 206, 0, 1_000],
    ["bytes=500-5000", 206, 500, 1_000],
    ["bytes=1000-", 416, 0, 0],
    ["bytes=-0", 416, 0, 0],
    ["bytes=9-0", 200, 0, 1_000],
    ["bytes=0-1,5-6", 200, 0, 1_000],
    ["lines=1-2", 200, 0, 1_000],
  ] as const)
    it(`${range} of 1,000 bytes is ${status}`, () =>
      serving({ files: FILES }, async ({ ask }) => {
        const answer = await ask("/data.bin", { headers: { Range: range } });
        assert.equal(answer.status, status);
        assert.deepEqual(answer.body, FILES["data.bin"].subarray(from, to));
        if (status === 206) assert.equal(answer.headers["content-range"], `bytes ${from}-${to - 1}/1000`);
        if (status === 416) assert.equal(answer.headers["content-range"], "bytes */1000");
      }));

  it("come whole where the part that is asked for is of another version", () =>
    serving({ files: FILES }, async ({ ask }) => {
      const part = { Range: "bytes=0-9" };
      const { headers } = await ask("/data.bin");
      const asked = async (condition: string): Promise<number> =>
        (await ask("/data.bin", { headers: { ...part, "If-Range": condition } })).status;
      assert.equal(await asked(headers.etag!), 206);
      assert.equal(await asked('"other"'), 200);
    }));

  it("of many buffers arrive whole, also at a slow reader", () =>
    serving({ files: { "big.bin": Buffer.alloc(8_000_000, "big") } }, async ({ port }) => {
      const socket = connect(port, "127.0.0.1");
      socket.write("GET /big.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      socket.pause();
      const closed = once(socket, "close");
      let bytes = 0;
      socket.on("data", (chunk) => {
        bytes += chunk.length;
        socket.pause();
        setTimeout(() => socket.resume(), 1);
      });
      socket.resume();
      await closed;
      assert.ok(bytes > 8_000_000 && bytes < 8_001_000, `${bytes}`);
    }));
});

describe("every answer", () => {
  it("has its four marks in order and its handler in the log, errors too", () =>
    serving({ files: { ...FILES, "404.html": "none" } }, async ({ ask, records, handler, root }) => {
      const paths = ["/", "/nothing", "/notes", "/%00", "/data.bin"];
      for (const path of paths) await ask(path);
      await ask("/", { method: "DELETE" });
      await ask("/", { method: "PUT", body: "x" });
      await ask("/", { headers: { Host: "evil.example" } });
      await ask("/", { headers: { "If-None-Match": "*" } });
      const answered = await records(9);
      assert.deepEqual(
        answered.map(({ status }) => status),
        [200, 404, 301, 400, 200, 501, 405, 421, 304],
      );
      for (const record of answered) {
        const stamps = MARKS.filter(({ key }) => key in record && key !== "arrival").map(
          ({ key }) => record[key as "parseStart"],
        );
        assert.equal(stamps.length, 4, JSON.stringify(record));
        assert.deepEqual(
          stamps,
          [...stamps].sort((a, b) => a - b),
        );
        assert.ok(handler(record), JSON.stringify(record));
      }
      assert.equal(handler(answered[0]!), join(root, "index.html"));
      assert.equal(handler(answered[1]!), join(root, "404.html"));
    }));

  it("that has no page of the site has one in words", () =>
    serving({}, async ({ ask }) => {
      const { status, text } = await ask("/<script>");
      assert.equal(status, 404);
      assert.match(text, /404 Not Found/);
      assert.doesNotMatch(text, /<script>/);
    }));

  it("to OPTIONS says what is allowed where", () =>
    serving({ files: { "files/x": "" }, writable: "/files/" }, async ({ ask }) => {
      const allow = async (path: string): Promise<string | undefined> =>
        (await ask(path, { method: "OPTIONS" })).headers.allow;
      assert.equal(await allow("/"), "GET, HEAD, OPTIONS");
      assert.equal(await allow("/files/x"), "GET, HEAD, PUT, OPTIONS");
      assert.equal(await allow("*"), "GET, HEAD, OPTIONS");
    }));
});
