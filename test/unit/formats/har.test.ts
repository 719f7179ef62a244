import assert from "node:assert/strict";
import { createRequire } from "node:module";
import fc from "fast-check";
import { encodeHar } from "../../../src/formats/har-out";
import { FORMATS } from "../../../src/formats/registry";
import type { ClientRecord } from "../../../src/model/record";
import { opened, session, written } from "./exchange";
import { decode } from "./stamps";

const { har } = createRequire(__filename)("har-validator") as { har(archive: unknown): Promise<unknown> };

const clients = (text: string): ClientRecord[] =>
  decode(text).records.filter((record): record is ClientRecord => record.type === "client");

/** As Chromium's network panel writes it. */
const CHROMIUM = {
  log: {
    version: "1.2",
    creator: { name: "WebInspector", version: "537.36" },
    pages: [
      {
        startedDateTime: "2024-03-01T10:00:00.000Z",
        id: "page_1",
        title: "http://h/",
        pageTimings: { onContentLoad: 100.5, onLoad: 250 },
      },
    ],
    entries: [
      {
        _fromCache: undefined,
        _priority: "VeryHigh",
        _resourceType: "document",
        connection: "443",
        pageref: "page_1",
        request: {
          method: "GET",
          url: "https://u:p@h/",
          httpVersion: "h2",
          headers: [{ name: "Traceparent", value: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }],
        },
        response: { status: 200, httpVersion: "h2", content: { size: 9216, mimeType: "text/html" }, bodySize: -1 },
        startedDateTime: "2024-03-01T11:00:00.123+01:00",
        time: 61,
        timings: { blocked: 1.5, dns: 2, ssl: 3, connect: 8, send: 0.5, wait: 40, receive: 9 },
      },
      {
        _error: "net::ERR_CONNECTION_RESET",
        pageref: "page_1",
        request: { method: "GET", url: "https://h/a.png", httpVersion: "", headers: [] },
        response: { status: 0, content: {}, bodySize: -1 },
        startedDateTime: "2024-03-01T10:00:00.200Z",
        timings: { blocked: 5, dns: -1, ssl: -1, connect: -1, send: 1, wait: -1, receive: -1 },
      },
    ],
  },
};

describe("HAR", () => {
  it("of Chromium gives the client's stamps, the page, its events, and failures as such", () => {
    for (const text of [JSON.stringify(CHROMIUM), JSON.stringify(CHROMIUM, null, 2)]) {
      const { problems, records } = decode(text);
      assert.deepEqual(problems, []);
      const [first, second] = clients(text);
      const start = Date.UTC(2024, 2, 1, 10) * 1000 + 123_000;
      assert.deepEqual(first, {
        type: "client",
        seq: 3,
        req: 1,
        id: "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        status: 200,
        bytes: 9216,
        method: "GET",
        url: "https://h/",
        protocol: "h2",
        kind: "document",
        fetchStart: start,
        domainLookupStart: start + 1_500,
        domainLookupEnd: start + 3_500,
        connectStart: start + 3_500,
        connectEnd: start + 11_500,
        secureConnectionStart: start + 8_500,
        requestStart: start + 11_500,
        requestEnd: start + 12_000,
        responseStart: start + 52_000,
        responseEnd: start + 61_000,
      });
      assert.deepEqual(
        [second?.state, second?.error, second?.page, second?.responseStart],
        ["failed", "net::ERR_CONNECTION_RESET", 1, undefined],
      );
      assert.deepEqual(
        records.flatMap((record) => (record.type === "event" ? [record.name] : [])),
        ["DOMContentLoaded", "load"],
      );
    }
  });

  for (const clocks of ["one boot", "two machines"] as const)
    it(`goes out, in, and out again unchanged (${clocks})`, async () => {
      const { items } = await session(clocks);
      const first = written(encodeHar, items);
      const { items: again, problems } = await opened({ "session.har": first });
      assert.deepEqual(problems, []);
      assert.equal(again.length, items.length);
      assert.deepEqual(JSON.parse(written(encodeHar, again)), JSON.parse(first));
      for (const [at, { request }] of items.entries()) {
        const { marks, pairing, handler } = again[at]!.request;
        assert.deepEqual([marks, pairing, handler], [request.marks, request.pairing, request.handler]);
      }
    });

  it("that we write is valid, and each entry's time is the sum of its timings", async () => {
    const { items } = await session("one boot");
    const archive = JSON.parse(written(encodeHar, items));
    await har(archive);
    for (const { time, timings } of archive.log.entries) {
      const sum = Object.entries<number>(timings).reduce(
        (all, [name, value]) => all + (name === "ssl" || value < 0 ? 0 : value),
        0,
      );
      assert.ok(Math.abs(sum - time) < 1e-6, `${sum} ${time}`);
    }
    const [first] = archive.log.entries;
    assert.equal(
      first.response.headers[0].value,
      "queue;dur=0.0165, parse;dur=0.111, process;dur=13.889, send;dur=11".replace(
        "0.0165",
        String(items[0]!.request.durations.queue! / 1000),
      ),
    );
    assert.deepEqual(first.request.queryString, [
      { name: "q", value: "1" },
      { name: "r", value: " x" },
    ]);
  });

  it("holds no user info, and no kind that there is not", () => {
    const [entry] = CHROMIUM.log.entries;
    for (const _resourceType of ["constructor", "__proto__", "nothing"]) {
      const request = { method: "GET", url: "http://u:p@ss:w@rd@h:8/a@b?c@d" };
      const [client] = clients(JSON.stringify({ log: { entries: [{ ...entry, _resourceType, request }] } }));
      assert.deepEqual([client!.url, client!.kind], ["http://h:8/a@b?c@d", undefined]);
    }
  });

  it("is told by its content, and by no other format", () => {
    for (const text of [JSON.stringify(CHROMIUM), JSON.stringify(CHROMIUM, null, 2)])
      assert.deepEqual(
        FORMATS.filter((format) => format.matches(text)).map(({ id }) => id),
        ["har"],
      );
  });

  it("gives the same records in chunks of any size", () => {
    const text = JSON.stringify(CHROMIUM, null, 1).replaceAll("\n", "\r\n");
    for (const chunk of [1, 7, 64]) assert.deepEqual(decode(text, { chunk }), decode(text));
  });

  it("that is torn gives the entries before the tear, and a problem", () => {
    const text = JSON.stringify(CHROMIUM, null, 1);
    const { records, problems } = decode(text.slice(0, text.indexOf("ERR_CONN")));
    assert.equal(records.filter(({ type }) => type === "client").length, 1);
    assert.equal(problems.length, 1);
  });

  it("with entries of any kind never throws, and keeps the good ones", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), (values) => {
        const entries = values.flatMap((value) => [value, CHROMIUM.log.entries[0]]);
        const objects = values.filter((value) => typeof value === "object" && value !== null).length;
        const { records, problems } = decode(JSON.stringify({ log: { entries } }));
        const good = records.filter((record) => record.type === "client" && record.url === "https://h/").length;
        assert.equal(good, values.length);
        assert.ok(problems.length <= objects);
      }),
      { numRuns: process.env.SOAK ? 50_000 : 300 },
    );
  });

  it("with an entry damaged anywhere loses that one alone, and says so", () => {
    const numbered = (number: number) => ({
      ...CHROMIUM.log.entries[0],
      request: { method: "GET", url: `http://h/${number}` },
    });
    const archive = { log: { version: "1.2", entries: [0, 1, 2, 3, 4, 5].map(numbered) } };
    const damage = fc.constantFrom("", '"', "{", "}", "[", "]", "\0", "\\", ",", ":", "\n");
    fc.assert(
      fc.property(fc.nat(10_000), damage, fc.nat(8), fc.constantFrom(0, 1), (where, put, dropped, indent) => {
        const text = JSON.stringify(archive, null, indent);
        const beginning = indent ? /\n {3}\{\n/g : /,\{"_priority/g;
        const starts = [...text.matchAll(beginning)].map(({ index }) => index + (indent ? 5 : 2));
        const [start, end] = [starts.at(-3)!, starts.at(-2)! - 12];
        const at = start + (where % (end - start));
        const { records, problems } = decode(text.slice(0, at) + put + text.slice(at + dropped));
        const urls = records.flatMap((record) => (record.type === "client" ? [record.url] : []));
        for (const number of [0, 1, 2, 4, 5]) assert.ok(urls.includes(`http://h/${number}`), `${number} is lost`);
        assert.ok(problems.length > 0 || urls.length === 6, "lost without a word");
      }),
      { numRuns: process.env.SOAK ? 50_000 : 1_000 },
    );
  });

  it("of nothing but damage takes no time without bounds, nor stack", () => {
    const { problems } = decode(`{"log":{"entries":[${'{"a":"x}'.repeat(3_000)}`);
    assert.ok(problems.length > 0);
    decode(`{"log":{"entries":[${'{"a":1]},'.repeat(20_000)}`);
  });

  it("cut anywhere, with anything between, never throws", () => {
    const text = JSON.stringify(CHROMIUM, null, 1);
    fc.assert(
      fc.property(fc.nat(text.length), fc.string(), fc.nat(text.length), (from, junk, to) => {
        decode(text.slice(0, from) + junk + text.slice(to));
      }),
      { numRuns: process.env.SOAK ? 50_000 : 300 },
    );
  });
});
