import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeNative, encodeNative, MAX_LINE_BYTES } from "../../../src/formats/native";
import type { Connection } from "../../../src/instrument/connection";
import { Exchange } from "../../../src/instrument/exchange";
import { idOfTraceparent, pendingLine, serverLine } from "../../../src/instrument/record-line";
import { LineBuffer } from "../../../src/log/line-buffer";
import type { LogRecord } from "../../../src/model/record";

const stamp = fc.integer({ min: 1, max: 2 ** 52 });
const optional = <T>(value: fc.Arbitrary<T>, none: T): fc.Arbitrary<T> => fc.oneof(fc.constant(none), value);
const text = optional(fc.string({ unit: "binary" }), "");

const exchanges = fc
  .record({
    method: text,
    target: text,
    host: text,
    route: text,
    error: text,
    traceparent: text,
    status: optional(fc.integer({ min: 100, max: 999 }), 0),
    bytes: fc.integer({ min: -1 }),
    state: fc.constantFrom("complete" as const, "aborted" as const, "failed" as const),
    arrivalEarliest: optional(fc.integer({ min: 1, max: 1_000 }), 0),
    arrivalLatest: optional(fc.integer({ min: 1_000, max: 2_000 }), 0),
    parseEnd: optional(stamp, 0),
    processEnd: optional(stamp, 0),
    sendEnd: optional(stamp, 0),
    closed: optional(stamp, 0),
    handler: fc.nat(9),
    responder: fc.nat(9),
    blockedBy: fc.nat(9),
    children: optional(
      fc.array(fc.record({ kind: fc.constant("http" as const), name: text, start: stamp, duration: fc.nat() })),
      null,
    ),
  })
  .map((fields) => Object.assign(new Exchange(7, { name: "" } as Connection, 3, 1_000), fields));

const STAMPS = ["parseStart", "parseEnd", "processEnd", "sendEnd"] as const;

/** A small buffer, so that it has to grow. */
function lineOf(write: (out: LineBuffer) => void): string {
  const out = new LineBuffer(16);
  write(out);
  return out.from(0).toString("utf8");
}

const final = (exchange: Exchange): string => lineOf((out) => serverLine(out, exchange, 5));

describe("a record line", () => {
  it("is one that the reader accepts, in the general encoder's key order, whatever a client sent", () => {
    fc.assert(
      fc.property(exchanges, (exchange) => {
        for (const line of [final(exchange), lineOf((out) => pendingLine(out, exchange, 5, 2_000))]) {
          const record = decodeNative(line);
          assert.ok(!("problem" in record), `${JSON.stringify(record)}: ${line}`);
          assert.equal(line.indexOf("\n"), line.length - 1);
          const general = encodeNative(record as LogRecord);
          assert.deepEqual(JSON.parse(general), JSON.parse(line));
          if (record.type === "server")
            assert.deepEqual(Object.keys(JSON.parse(general)), Object.keys(JSON.parse(line)));
        }
      }),
    );
  });

  it("holds every number as it is", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) =>
        assert.equal(
          lineOf((out) => out.natural(value)),
          String(value),
        ),
      ),
    );
    for (const value of [0, 9, 10, 99_999_999, 100_000_000, 100_000_001, Number.MAX_SAFE_INTEGER])
      assert.equal(
        lineOf((out) => out.natural(value)),
        String(value),
      );
  });

  it("holds the stamps of a complete exchange as they are, over the ends of what its neighbours have in common", () => {
    const ends = [0, 1, 2 * 10 ** 8, 918_666_940_080_000, 17 * 10 ** 14 + 10 ** 8, 2 ** 52];
    const near = fc.constantFrom(...ends).chain((end) => fc.integer({ min: Math.max(1, end - 60), max: end + 60 }));
    const six = fc.tuple(near, fc.array(fc.nat(40), { minLength: 5, maxLength: 5 }));
    fc.assert(
      fc.property(fc.array(six, { minLength: 1 }), (all) => {
        for (const [start, steps] of all) {
          const stamps = [start];
          for (const step of steps) stamps.push(stamps.at(-1)! + step);
          const [arrivalEarliest, arrivalLatest, parseStart, parseEnd, processEnd, sendEnd] = stamps as number[];
          const exchange = new Exchange(1, { name: "" } as Connection, 1, parseStart!);
          Object.assign(exchange, { arrivalEarliest, arrivalLatest, parseEnd, processEnd, sendEnd });
          const record = JSON.parse(final(exchange));
          assert.deepEqual([...record.arrival, ...STAMPS.map((key) => record[key])], stamps);
        }
      }),
    );
  });

  it("is the same for the same, the third time that a connection asks for it, too", () => {
    const connection = { name: "a>b" } as Connection;
    const asking = fc.record({
      target: fc.constantFrom("/", "/a?token=1", "/ä", `/${"x".repeat(600)}`),
      status: fc.constantFrom(200, 404),
      bytes: fc.constantFrom(-1, 0, 13),
      host: fc.constantFrom("", "h"),
      route: fc.constantFrom("", "/:id"),
    });
    fc.assert(
      fc.property(fc.array(asking), (all) => {
        for (const one of all)
          for (let i = 0; i < 4; i++) {
            const line = final(Object.assign(new Exchange(1, connection, 1, 1), one));
            assert.equal(line, final(Object.assign(new Exchange(1, { name: "a>b" } as Connection, 1, 1), one)));
          }
      }),
    );
  });

  it("stays within the limit", () => {
    const exchange = new Exchange(1, { name: "" } as Connection, 1, 1);
    exchange.target = `/${"ä".repeat(MAX_LINE_BYTES)}`;
    const line = final(exchange);
    assert.ok(Buffer.byteLength(line) <= MAX_LINE_BYTES);
    assert.ok(!("problem" in decodeNative(line)));
  });

  it("holds no secret of a query, and no user info", () => {
    const exchange = new Exchange(1, { name: "" } as Connection, 1, 1);
    exchange.target = "/login?user=ada&password=lovelace";
    assert.match(final(exchange), /"target":"\/login\?user=ada&password=REDACTED"/);
    exchange.target = "http://ada:love@lace@example.org/?a=b";
    assert.match(final(exchange), /"target":"http:\/\/example\.org\/\?a=b"/);
  });
});

describe("the id of a traceparent", () => {
  const trace = "0af7651916cd43dd8448eb211c80319c";
  const span = "b7ad6b7169203331";
  const id = `${trace}-${span}`;
  const zero = "0".repeat(32);
  for (const [header, expected] of [
    [`00-${trace}-${span}-01`, id],
    [`cc-${trace}-${span}-01`, id],
    [`cc-${trace}-${span}-01-what-the-future-adds`, id],
    [`cc-${trace}-${span}-01.what-the-future-adds`, ""],
    [`00-${trace}-${span}-01-x`, ""],
    [`ff-${trace}-${span}-01`, ""],
    [`00-${zero}-${span}-01`, ""],
    [`00-${trace}-${zero.slice(16)}-01`, ""],
    [`00-${trace.toUpperCase()}-${span}-01`, ""],
    [`00-${trace}-${span}-01, 00-${trace}-${span}-01`, ""],
    ["", ""],
  ] as const)
    it(`of "${header}" is ${expected || "none"}`, () => assert.equal(idOfTraceparent(header), expected));
});
