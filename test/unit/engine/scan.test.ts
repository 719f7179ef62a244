import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { openSession } from "../../../src/engine/node/open";
import { useScanThreads } from "../../../src/engine/node/scan-thread";
import { NativeScanner } from "../../../src/engine/scan";
import { Store } from "../../../src/engine/store";
import { encodeNative } from "../../../src/formats/native";
import { nativeFormat } from "../../../src/formats/native-format";
import { anyRecord, requestRecord } from "../formats/record-arbitrary";
import { dump } from "./dump";
import { buildEngine, ENGINE } from "./engine-bundle";
import { readApart } from "./read-apart";
import { clientRecord, header, logText, requestId, serverRecord } from "./sample-logs";

const RUNS = process.env.SOAK ? 100_000 : 600;

function read(bytes: Uint8Array, chunk: number, fast: boolean) {
  const store = new Store();
  const file = store.addFile("/x.ndjson", "x.ndjson");
  const decoder = fast ? new NativeScanner(file, store) : nativeFormat.open(file, { file: "x.ndjson" });
  for (let at = 0; at < bytes.length; at += chunk) decoder.push(bytes.subarray(at, at + chunk));
  decoder.end();
  return dump(store);
}

/** As two threads read a file. */
function apart(bytes: Uint8Array, chunk: number, most: number) {
  const store = new Store();
  readApart(store, "x.ndjson", bytes, chunk, most);
  return dump(store);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const sameAsGeneral = (bytes: Uint8Array, chunk = Math.max(1, bytes.length)): void => {
  const general = read(bytes, Math.max(1, bytes.length), false);
  assert.deepEqual(read(bytes, chunk, true), general);
  assert.deepEqual(apart(bytes, chunk, 3), general);
};

/** A line, then one byte of it put in, taken out or changed: mostly torn, sometimes still a record. */
const nearly = fc
  .tuple(
    requestRecord.map(encodeNative),
    fc.nat(),
    fc.nat({ max: 255 }),
    fc.constantFrom("change", "insert", "remove", "none"),
  )
  .map(([line, where, byte, how]) => {
    const bytes = [...encode(line)];
    const at = where % bytes.length;
    if (how === "change") bytes[at] = byte;
    if (how === "insert") bytes.splice(at, 0, byte);
    if (how === "remove") bytes.splice(at, 1);
    return Uint8Array.from(bytes);
  });

describe("the byte scanner", function () {
  // 3,000 runs and twice as many take 25 s.
  this.timeout(process.env.SOAK ? 30 * 60_000 : 60_000);
  it("gives what the general path gives, for records of every type and any chunking", () => {
    fc.assert(
      fc.property(
        fc.array(anyRecord, { maxLength: 8 }),
        fc.integer({ min: 1, max: 700 }),
        fc.boolean(),
        (records, chunk, headed) => {
          const text = records.map(encodeNative).join("");
          sameAsGeneral(encode(headed ? logText(header("server")) + text : text), chunk);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("gives what the general path gives, one byte beside a record", () => {
    fc.assert(
      fc.property(fc.array(nearly, { minLength: 1, maxLength: 4 }), (lines) => {
        sameAsGeneral(Uint8Array.from(lines.flatMap((line) => [...line])));
      }),
      { numRuns: RUNS * 2 },
    );
  });

  for (const [what, change] of Object.entries<(line: string) => string>({
    "a leading zero": (line) => line.replace('"req":1', '"req":01'),
    "a fraction that is whole": (line) => line.replace('"req":1', '"req":1.0'),
    "an exponent": (line) => line.replace('"req":1', '"req":1e2'),
    "a negative number": (line) => line.replace('"req":1', '"req":-1'),
    "a number beyond 2^53": (line) => line.replace('"req":1', '"req":9007199254740993'),
    "a blank": (line) => line.replace('"req":1', '"req": 1'),
    "a second key": (line) => line.replace('"req":1', '"req":1,"req":2'),
    "another order": (line) => line.replace('"req":1,"method":"GET"', '"method":"GET","req":1'),
    "an unknown key": (line) => line.replace("}", ',"new":1}'),
    "an escape": (line) => line.replace("GET", "G\\u0045T"),
    "a control character": (line) => line.replace("GET", "G\u0001T"),
    "a byte beyond ASCII": (line) => line.replace("GET", "GÉT"),
    DEL: (line) => line.replace("GET", "G\u007fT"),
    "a reversed interval": (line) => line.replace('"parseStart"', '"arrival":[5,4],"parseStart"'),
    "an interval of one": (line) => line.replace('"parseStart"', '"arrival":[5],"parseStart"'),
    CRLF: (line) => line.replace("\n", "\r\n"),
    "no line feed": (line) => line.trimEnd(),
    "a missing brace": (line) => line.replace("}", ""),
    "a second brace": (line) => line.replace("}", "}}"),
    "a URL without a path": (line) => line.replace("localhost/1", "localhost"),
    "a URL that is a path": (line) => line.replace("http://localhost/1", "/x?y=http://z/"),
    "an empty URL": (line) => line.replace("http://localhost/1", ""),
    "a byte order mark": (line) => `\uFEFF${line}`,
  }))
    it(`agrees with the general path on ${what}`, () => {
      const lines = [serverRecord(1, 0), clientRecord(1, 0), clientRecord(1, 5)].map((record) =>
        change(logText(record)),
      );
      sameAsGeneral(encode(lines.join("")));
      sameAsGeneral(encode(lines.join("")), 1);
    });

  it("agrees at the limit of a line", () => {
    for (const extra of [-1, 0, 1, 2]) {
      const line = logText(serverRecord(1, 0));
      const path = `/${"x".repeat(65_536 - line.length + 1 + extra)}`;
      sameAsGeneral(encode(line.replace("/1", `/1${path}`) + logText(serverRecord(2, 0))));
    }
  });

  it("does take the lines that our writers make", () => {
    const records = Array.from({ length: 100 }, (_, index) => serverRecord(index + 1, index, { id: requestId(index) }));
    const store = new Store();
    const file = store.addFile("/x.ndjson", "x.ndjson");
    let general = 0;
    const record = file.record.bind(file);
    file.record = (...taken) => {
      general++;
      record(...taken);
    };
    new NativeScanner(file, store).push(encode(logText(header("server"), ...records)));
    assert.equal(store.rows.requests, 100);
    assert.equal(general, 1, "the header alone takes the general path");
  });

  it("agrees with the general path on JSONTestSuite", function () {
    const folder = join(process.env.REQUEST_TIMELINE_CORPORA ?? "", "json");
    if (process.env.REQUEST_TIMELINE_CORPORA === undefined || !existsSync(folder)) {
      console.warn("      REQUEST_TIMELINE_CORPORA is not set: JSONTestSuite is skipped");
      this.skip();
    }
    for (const name of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
      const value = readFileSync(join(folder, name));
      const line = Buffer.from(logText(serverRecord(1, 0)));
      const at = line.indexOf('"GET"');
      sameAsGeneral(new Uint8Array(Buffer.concat([line.subarray(0, at), value, line.subarray(at + 5)])));
      sameAsGeneral(new Uint8Array(value));
    }
  });
});

describe("a large log, scanned by a thread of its own", () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-"));
    // Both logs end within a line.
    for (const side of ["client", "server"] as const)
      writeFileSync(join(folder, `${side}.ndjson`), logText(header(side), ...records(side)).slice(0, -9));
    await buildEngine();
  });
  after(() => {
    useScanThreads(null);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Records of 2 KB, so that a few are many bytes; some that the general path must read, some with another key. */
  const records = (side: "client" | "server") =>
    Array.from({ length: 10_000 }, (_, at) => {
      const n = at + 1;
      const path = `/${"x".repeat(2000)}/${n % 17 ? n : "é"}`;
      const more = { id: requestId(n), ...(n > 5000 && { error: `e${n}` }) };
      return side === "server"
        ? serverRecord(n, n * 50, { ...more, target: path })
        : clientRecord(n, n * 50 - 10, { ...more, url: `http://localhost${path}` });
    });

  it("gives what one thread gives", async function () {
    this.timeout(60_000);
    const { take } = NativeScanner.prototype;
    let taken = 0;
    NativeScanner.prototype.take = function (...batch) {
      taken++;
      take.apply(this, batch);
    };
    const stores = [];
    for (const script of [null, ENGINE]) {
      useScanThreads(script);
      stores.push(dump((await openSession([folder])).store));
    }
    NativeScanner.prototype.take = take;
    assert.ok(taken > 30, "both logs but for their first piece");
    assert.equal(stores[0]!.rows.length, 9_999);
    assert.deepEqual(stores[1], stores[0]);
  });

  it("is read without that thread where there is none", async () => {
    useScanThreads(join(folder, "no-such-script.js"));
    const { store } = await openSession([join(folder, "client.ndjson")]);
    assert.equal(store.rows.requests, 9_999);
    assert.equal(store.problems.total, 1);
  });
});
