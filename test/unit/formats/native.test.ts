import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { decodeNative, encodeNative, MAX_LINE_BYTES } from "../../../src/formats/native";
import { nativeFormat } from "../../../src/formats/native-format";
import { clientRecord, header, logText, serverRecord } from "../engine/sample-logs";
import { schemaFaults } from "./log-schema";
import { anyRecord } from "./record-arbitrary";

const isRecord = (line: string): boolean => !("problem" in decodeNative(line));

/** Values that a field is set to, to see whether schema and decoder refuse the same ones. */
const odd = fc.constantFrom<unknown>(
  ...[
    null,
    true,
    false,
    "",
    "x",
    "12",
    -1,
    0,
    1.5,
    2 ** 53 - 1,
    2 ** 53,
    -0,
    1e300,
    [],
    [1],
    [1, 2],
    [1, "2"],
    [1, 2, 3],
    {},
  ],
  ...[
    { wall: 1, mono: "1" },
    { wall: 1, mono: 1 },
    { wall: -1, mono: "1" },
    { wall: 1, mono: "x" },
    [{}],
    [{ kind: "x" }],
  ],
  ...[
    [{ kind: "lock", name: "n", duration: 1 }],
    [{ kind: "lock", name: "n", duration: -1 }],
    "server",
    "failed",
    "document",
  ],
);

interface Decoded {
  records: unknown[];
  problems: string[];
}

function decodeBytes(bytes: Uint8Array, chunk: number): Decoded {
  const decoded: Decoded = { records: [], problems: [] };
  const decoder = nativeFormat.open(
    {
      record: (record, line) => decoded.records.push([line, record]),
      problem: (line, reason) => decoded.problems.push(`${line}: ${reason}`),
    },
    { file: "x.ndjson" },
  );
  for (let at = 0; at < bytes.length; at += chunk) decoder.push(bytes.subarray(at, at + chunk));
  decoder.end();
  return decoded;
}

describe("the native log", () => {
  it("decodes what it encodes, and the schema agrees", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const line = encodeNative(record);
        assert.deepEqual(schemaFaults(JSON.parse(line)), []);
        assert.deepEqual(decodeNative(line), JSON.parse(JSON.stringify(record)));
      }),
      { numRuns: 500 },
    );
  });

  it("has a schema that refuses what the decoder refuses", () => {
    fc.assert(
      fc.property(anyRecord, fc.nat(), odd, fc.boolean(), (record, which, value, remove) => {
        const changed = JSON.parse(encodeNative(record)) as Record<string, unknown>;
        const names = Object.keys(changed);
        const name = names[which % names.length]!;
        if (remove) delete changed[name];
        else changed[name] = value;
        // An interval's order is beyond a schema; the decoder alone looks at it.
        if (name === "arrival" && Array.isArray(value) && value[0] > value[1]) return;
        const line = JSON.stringify(changed);
        assert.equal(isRecord(line), schemaFaults(JSON.parse(line)).length === 0, line);
      }),
      { numRuns: 3000 },
    );
  });

  it("keeps a line within the limit, whatever the record holds", () => {
    const long = "\u{1F600}".repeat(40_000);
    const record = serverRecord(1, 0, {
      target: `/${long}`,
      error: long,
      children: Array.from({ length: 5000 }, () => ({ kind: "lock", name: "lock", duration: 1 })),
    });
    const line = encodeNative(record);
    assert.ok(Buffer.byteLength(line) <= MAX_LINE_BYTES);
    assert.ok(isRecord(line));
  });

  it("gives the same records and problems for any chunking", () => {
    const text = `${logText(header("server"), serverRecord(1, 0, { target: "/ä€\u{1F600}" }))}\n{"type":"server","seq"\r\n${"x".repeat(70_000)}\n${logText(clientRecord(2, 5))}\uFEFF\n[]\n{"type":"end"}`;
    const bytes = new TextEncoder().encode(text);
    const whole = decodeBytes(bytes, bytes.length);
    assert.equal(whole.records.length, 3);
    assert.equal(whole.problems.length, 4);
    for (const chunk of [1, 2, 3, 7, 64, 4096]) assert.deepEqual(decodeBytes(bytes, chunk), whole);
  });

  it("copies what it carries over: a reader may use its buffer again", () => {
    const bytes = new TextEncoder().encode(logText(serverRecord(1, 0)));
    const buffer = Buffer.alloc(16);
    const records: unknown[] = [];
    const decoder = nativeFormat.open(
      { record: (record) => records.push(record), problem: assert.fail },
      { file: "x" },
    );
    for (let at = 0; at < bytes.length; at += 16) {
      const length = Math.min(16, bytes.length - at);
      buffer.set(bytes.subarray(at, at + length));
      decoder.push(buffer.subarray(0, length));
    }
    assert.deepEqual(records, [serverRecord(1, 0)]);
  });

  it("finds the record behind a torn line: a writer that appended after a crash", () => {
    const torn = logText(serverRecord(1, 0)).slice(0, 40);
    const { records, problems } = decodeBytes(
      new TextEncoder().encode(torn + logText(header("server"), serverRecord(1, 0))),
      100,
    );
    assert.equal(records.length, 2);
    assert.deepEqual(problems, ["1: not JSON (a torn or foreign line)"]);
  });

  it("says what it does not know: another version, another type", () => {
    const other = logText(header("server")).replace("log@1", "log@2");
    assert.match(decodeBytes(new TextEncoder().encode(other), 999).problems[0]!, /unknown log version/);
    assert.match(decodeBytes(new TextEncoder().encode('{"type":"__proto__"}'), 9).problems[0]!, /unknown record type/);
  });

  describe("over a corpus of JSON cases", () => {
    const own = [
      "",
      "[",
      "[".repeat(60_000),
      '{"a":1}',
      "null",
      '"x"',
      '{"type":"server"}\n{"type":[]}',
      "\u0000",
      "\uD800",
      "[1e400]",
    ];
    const folder = join(process.env.REQUEST_TIMELINE_CORPORA ?? "", "json");
    const found = process.env.REQUEST_TIMELINE_CORPORA !== undefined && existsSync(folder);

    const check = (bytes: Uint8Array): void => {
      const whole = decodeBytes(bytes, Math.max(1, bytes.length));
      assert.deepEqual(whole.records, []);
      assert.deepEqual(decodeBytes(bytes, 1), whole);
    };

    it("throws nothing and takes nothing for a record (own sample)", () => {
      for (const text of own) check(new TextEncoder().encode(text));
    });

    it("throws nothing and takes nothing for a record (JSONTestSuite)", function () {
      if (!found) {
        console.warn("      REQUEST_TIMELINE_CORPORA is not set: JSONTestSuite is skipped, the own sample was run");
        this.skip();
      }
      const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
      assert.ok(files.length > 300);
      for (const name of files) check(readFileSync(join(folder, name)));
    });
  });
});
