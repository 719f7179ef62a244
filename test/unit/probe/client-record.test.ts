import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeNative } from "../../../src/formats/native";
import { LineBuffer } from "../../../src/log/line-buffer";
import { fieldsOf } from "../../../src/probe/client-record";
import { Exchange } from "../../../src/probe/exchange";
import { originOf, parseUrl, targetOf } from "../../../src/probe/origin";
import { isPlain, plainLine } from "../../../src/probe/plain-line";

const micros = fc.integer({ min: 1_700_000_000_000_000, max: 1_900_000_000_000_000 });
const maybe = fc.oneof(fc.constant(0), micros);

const exchanges = fc
  .record({
    req: fc.nat(),
    ord: fc.integer({ min: 1, max: 1_000_000 }),
    bytes: fc.nat(),
    status: fc.integer({ min: 200, max: 599 }),
    path: fc.webPath(),
    query: fc.oneof(
      fc.constant(""),
      fc.webQueryParameters().map((text) => `?${text}`),
      fc.constant("?token=abc"),
    ),
    method: fc.constantFrom("GET", "HEAD", "POST"),
    type: fc.constantFrom(undefined, "text/html", "image/png", 'x/"y"', "application/json; charset=utf-8"),
    warmup: fc.constantFrom(undefined, true as const),
    intendedStart: maybe,
    fetchStart: micros,
    connect: fc.boolean(),
    domainLookupStart: maybe,
    secureConnectionStart: maybe,
    requestStart: micros,
    requestEnd: maybe,
    responseStart: micros,
    responseEnd: micros,
  })
  .map((given) => {
    const url = parseUrl(`http://127.0.0.1:8080${given.path || "/"}${given.query}`);
    const { method, warmup } = given;
    const exchange = new Exchange({ method, origin: originOf(url), target: targetOf(url), warmup }, () => {});
    const headers = new Map(given.type === undefined ? [] : [["content-type", given.type]]);
    Object.assign(exchange, {
      ...given,
      id: `${"a".repeat(32)}-${"b".repeat(16)}`,
      conn: "127.0.0.1:5>127.0.0.1:8080",
      outcome: "complete",
      head: { status: given.status, headers, length: null, chunked: false, keepAlive: true },
      responseHeadersEnd: given.responseStart,
      domainLookupStart: given.connect ? given.domainLookupStart : 0,
      secureConnectionStart: given.connect ? given.secureConnectionStart : 0,
      connectStart: given.connect ? given.fetchStart : 0,
      connectEnd: given.connect ? given.requestStart : 0,
    });
    return exchange;
  });

function lineOf(exchange: Exchange, seq: number): string {
  const out = new LineBuffer(64);
  plainLine(out, exchange, seq);
  return out.from(0).toString("utf8");
}

describe("an exchange's record", () => {
  it("is the same line by hand as in the general way", () => {
    fc.assert(
      fc.property(exchanges, fc.nat(), (exchange, seq) => {
        assert(isPlain(exchange));
        // Twice: what is remembered of a request must not differ from what is worked out.
        for (let i = 0; i < 2; i++)
          assert.equal(lineOf(exchange, seq), encodeNative({ type: "client", seq, ...fieldsOf(exchange) }));
      }),
      { numRuns: process.env.SOAK ? 100_000 : 1_000 },
    );
  });

  it("is put together in the general way where anything is unusual", () => {
    const [exchange] = fc.sample(exchanges, 1);
    for (const unusual of [{ error: "x" }, { protocol: "h2" }, { outcome: "failed" }, { id: "" }, { conn: "" }])
      assert(!isPlain(Object.assign(Object.create(exchange!), unusual)), JSON.stringify(unusual));
  });
});
