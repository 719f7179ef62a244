/** Laws of every format that the registry has: a new one is held to them once its sample stands here. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { encodeHar } from "../../../src/formats/har-out";
import { encodeOtlp } from "../../../src/formats/otlp-out";
import { FORMATS } from "../../../src/formats/registry";
import { header, logText, serverRecord } from "../engine/sample-logs";
import { session, written } from "./exchange";
import { decode } from "./stamps";

const APPENDIX_F = readFileSync(join(__dirname, "../../fixtures/thesis/appendix_f.log"), "utf8");
const TIME = "The time is Wed Feb 10 10:15:40.080 1999";

const SAMPLES: Record<string, () => Promise<string>> = {
  native: async () => logText(header("server"), ...[1, 2, 3].map((seq) => serverRecord(seq, seq * 1000))),
  har: async () => written(encodeHar, (await session("one boot")).items),
  // A document for each request, as a collector's file has them one after another.
  otlp: async () => (await session("one boot")).items.map((item) => written(encodeOtlp, [item])).join(""),
  "access-log": async () =>
    ["a", "b", "c"]
      .map((name) => `127.0.0.1 - - [10/Feb/1999:10:15:40 -0700] "GET /${name} HTTP/1.0" 200 9216\n`)
      .join(""),
  "browser-times": async () => ["a", "b", "c"].map((name) => `http://h/${name} sending request.\n${TIME}\n`).join(""),
  "server-times": async () => APPENDIX_F,
};
/** Lines that a disk, an editor or another program leaves in a log. */
const BROKEN = [
  "\0\0\0",
  "{",
  "}",
  "]",
  '"',
  '{"type":',
  "<<<<<<< HEAD",
  "[[[{",
  "]}",
  "]}},",
  "\ufeff",
  "x".repeat(70_000),
];

/**
 * Less than half of a line, so that it cannot be taken for the whole, and no list left open: in a document that one takes
 * the elements that follow for its own, as JSON allows.
 */
const cut = (line: string, to: number): string =>
  line.slice(0, Math.min(to, line.length >> 1)).replace(/\[(?!\]).*$/, "");

/** What a record says, without the numbers that count it among the others of its file. */
const keyOf = (record: object): string => JSON.stringify({ ...record, seq: 0, req: 0 });

const RUNS = process.env.SOAK ? 2000 : 40;

describe("every format of the registry", () => {
  it("has a sample here, and no other is asked for", () => {
    assert.deepEqual(FORMATS.map(({ id }) => id).sort(), Object.keys(SAMPLES).sort());
  });

  for (const { id } of FORMATS)
    describe(id, () => {
      let text: string;
      before(async () => {
        text = await SAMPLES[id]!();
      });

      it("is told by its content alone, and its sample is read without a problem", () => {
        assert.deepEqual(
          FORMATS.filter((format) => format.matches(text)).map((format) => format.id),
          [id],
        );
        const { format, records, problems } = decode(text);
        assert.equal(format, id);
        assert.ok(records.length > 2);
        assert.deepEqual(problems, []);
      });

      it("takes no time over lines and beginnings of one sign, or few", () => {
        const format = FORMATS.find((one) => one.id === id)!;
        const signs = [
          "a",
          " ",
          "x ",
          "\t",
          "1999 ",
          '"',
          '\\"',
          "[",
          "{",
          '{"a":',
          ",",
          " sending request",
          "usec=1 ",
        ];
        for (const before of ["", "a ", "a - GET /", text.slice(0, 200).split("\n", 1)[0]!])
          for (const sign of signs)
            for (const after of ["", " usec=12 Wed Feb 10 10:15:40 1999", " sending request.", "x"]) {
              const line = (length: number) => `${before}${sign.repeat(length / sign.length)}${after}\n`;
              format.matches(line(65_000));
              const decoder = format.open({ record() {}, problem() {} }, { file: "log", zone: 0 });
              for (const length of [15_000, 60_000]) decoder.push(new TextEncoder().encode(line(length)));
              decoder.end();
            }
      });

      it("gives the same records and problems in chunks of any size", () => {
        const whole = decode(text);
        for (const chunk of [1, 7, 64, 4096]) assert.deepEqual(decode(text, { chunk }), whole);
      });

      it("cut, overwritten or with anything between, never throws and says so or reads on, in chunks alike", () => {
        const damage = fc.record({
          at: fc.double({ min: 0.2, max: 1, noNaN: true }),
          take: fc.nat({ max: 80 }),
          put: fc.oneof(
            fc.string({ unit: "binary", maxLength: 40 }),
            fc.constantFrom("\0", "\n\n", "}", "[[", '"', "é"),
          ),
        });
        fc.assert(
          fc.property(damage, fc.integer({ min: 1, max: 100 }), ({ at, take, put }, chunk) => {
            const from = Math.floor(at * text.length);
            const damaged = text.slice(0, from) + put + text.slice(from + take);
            const whole = decode(damaged);
            assert.ok(whole.records.length + whole.problems.length > 0);
            assert.deepEqual(decode(damaged, { chunk }), whole);
          }),
          { numRuns: RUNS },
        );
      });

      it("hides no good record behind broken lines between the records, whatever stands in them", () => {
        const whole = decode(text);
        const lines = text.split("\n");
        // The first record tells the format.
        const starts = [...new Set(whole.lines)].filter((line) => line > whole.lines[1]!);
        const broken = fc.array(
          fc.record({
            before: fc.constantFrom(...starts),
            put: fc.oneof(
              fc.string({ unit: "binary", maxLength: 60 }),
              fc.constantFrom(...BROKEN),
              // A record of its own, cut off.
              fc.tuple(fc.constantFrom(...starts), fc.nat({ max: 200 })).map(([line, to]) => cut(lines[line - 1]!, to)),
            ),
          }),
          { minLength: 1, maxLength: 5 },
        );
        fc.assert(
          fc.property(broken, fc.integer({ min: 1, max: 100 }), (all, chunk) => {
            const damaged = lines.flatMap((line, at) => [
              ...all.filter(({ before }) => before === at + 1).map(({ put }) => put),
              line,
            ]);
            const left = decode(damaged.join("\n"), { chunk });
            const found = new Set(left.records.map((record) => keyOf(record)));
            assert.deepEqual(
              whole.records.filter((record) => !found.has(keyOf(record))),
              [],
            );
          }),
          { numRuns: RUNS },
        );
      });
    });
});
