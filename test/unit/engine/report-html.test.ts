import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { excerpt } from "../../../src/engine/excerpt";
import { html, scriptJson } from "../../../src/engine/html-text";
import { writeParts } from "../../../src/engine/node/write-file";
import { packReport, unpackReport } from "../../../src/engine/report-data";
import { reportHtml } from "../../../src/engine/report-html";
import { reportSample } from "../../../src/engine/report-sample";
import { RowFacts } from "../../../src/engine/row-facts";
import { Session } from "../../../src/engine/session";
import type { Store } from "../../../src/engine/store";
import { nativeFormat } from "../../../src/formats/native-format";
import { dump } from "./dump";
import { clientRecord, header, logText, requestId, serverRecord } from "./sample-logs";

const HOSTILE = "</script><!--<img src=x onerror='a'>&\u2028\"";

/** Requests of every kind: paired by id, alone on either side, failed, pending, with children, sources and blockers. */
function session(requests: number): Session {
  const made = new Session("/s", HOSTILE, "/s");
  const numbers = Array.from({ length: requests }, (_, at) => at + 1);
  const logs = {
    "client.ndjson": logText(
      header("client", { boot: "a", cwd: "/home/me" }),
      ...numbers
        .filter((number) => number % 7 !== 0)
        .map((number) =>
          clientRecord(number, number * 1_000, {
            id: requestId(number),
            url: `http://h/${number % 40}`,
            ...(number % 50 === 0 && { status: 503 }),
            ...(number % 100 === 1 && { responseEnd: 1_700_000_000_000_000 + number * 1_000 + 50_000 + number }),
          }),
        ),
    ),
    "server.ndjson": logText(
      header("server", { boot: "b", cwd: "/home/me" }),
      { type: "source", seq: 1, id: 1, file: HOSTILE, line: 3, confidence: 1 },
      ...numbers.map((number) =>
        serverRecord(number, number * 1_000 + 5 + (number % 13), {
          seq: number + 1,
          id: requestId(number),
          handler: 1,
          target: `/${number % 40}`,
          ...(number % 3 === 0 && { children: [{ kind: "http", name: HOSTILE, duration: 4, source: 1 }] }),
          ...(number % 11 === 0 && { blockedBy: number - 1 }),
        }),
      ),
    ),
  };
  for (const [name, text] of Object.entries(logs)) {
    const decoder = nativeFormat.open(made.store.addFile(`/s/${name}`, name), { file: name });
    decoder.push(new TextEncoder().encode(text));
    decoder.end();
  }
  return made;
}

const rowsOf = (store: Store): number[] =>
  Array.from({ length: store.rows.length }, (_, row) => row).filter((row) => !store.rows.isEmpty(row));

describe("an excerpt", () => {
  it("of all rows is the session, packed and unpacked as well", () => {
    const whole = session(300);
    const { rows: _, ...expected } = dump(whole.store);
    const { rows: __, ...copied } = dump(excerpt(whole.store, rowsOf(whole.store)));
    const byLine = (records: Record<string, unknown>[]) => records.toSorted((a, b) => Number(a.line) - Number(b.line));
    const comparable = ({ parts, listens: _, client, server, ...rest }: typeof expected) => ({
      ...rest,
      client: byLine(client),
      server: byLine(server).map(({ firstChild: _, ...fields }) => fields),
      parts: parts.map(({ label, role, first, last }) => ({ label, role, first, last })),
    });
    assert.deepEqual(comparable(copied), comparable(expected));
    const { data, bytes } = packReport(whole);
    const read = unpackReport(JSON.parse(JSON.stringify(data)), bytes);
    const { rows: ___, ...unpacked } = dump(read.store);
    assert.deepEqual(comparable(unpacked), comparable(expected));
    const told = ({ key: _, folder: __, ...info }: ReturnType<Session["info"]>) => info;
    assert.deepEqual(told(read.info()), told(whole.info()));
  });

  it("tells no folder of the machine", () => {
    const { data } = packReport(session(50));
    assert.ok(!JSON.stringify(data).includes("/home/me"));
    assert.ok(!JSON.stringify(data).includes("/s/"));
  });

  it("is refused where it is damaged", () => {
    const { data, bytes } = packReport(session(5));
    assert.throws(() => unpackReport(data, bytes.slice(0, 40)), /damaged/);
    assert.throws(() => unpackReport({ ...data, schema: "other" as typeof data.schema }, bytes), /damaged/);
  });
});

describe("what a report's timeline carries", () => {
  it("is all where that is little", () => {
    const { store } = session(300);
    assert.deepEqual(reportSample(store, null), { rows: Uint32Array.from(rowsOf(store)), of: 300, taken: null });
  });

  it("is at most so many, with the slowest, the failed, the one that was asked for and some of each route", () => {
    const { store } = session(5_000);
    const facts = new RowFacts(store);
    const wanted = rowsOf(store)[77]!;
    const { rows, of, taken } = reportSample(store, wanted, 1_000);
    assert.equal(of, 5_000);
    // Whom one of them waited for comes on top.
    assert.ok(rows.length > 900 && rows.length <= 1_200, `${rows.length}`);
    assert.ok(rows.includes(wanted));
    assert.deepEqual(taken, { slowest: 250, failed: 86, allFailed: 86 });
    assert.equal(Array.from(rows).filter((row) => facts.isFailure(row)).length, 86);
    const slow = (row: number) => facts.responseTime(row) > 10_000;
    assert.equal(Array.from(rows).filter(slow).length, rowsOf(store).filter(slow).length);
    const routes = new Map<number, number>();
    for (const row of rows) routes.set(store.spine.routeOf(row), (routes.get(store.spine.routeOf(row)) ?? 0) + 1);
    assert.equal(routes.size, 40);
    assert.ok(
      [...routes.values()].every((count) => count >= 10),
      `${[...routes.values()]}`,
    );
    assert.deepEqual(rows, Uint32Array.from(new Set(rows)).sort());
  });

  it("knows the clocks about as well as the whole", () => {
    const whole = session(5_000);
    const uncertainty = (store: Store) => store.clocks.list()[0]!.epochs[0]!.uncertainty;
    const { rows } = reportSample(whole.store, null, 1_000);
    const [cut, all] = [uncertainty(excerpt(whole.store, rows)), uncertainty(whole.store)];
    assert.ok(cut <= all * 1.1, `${cut} for ${all} µs`);
  });
});

describe("the HTML report", () => {
  const inline = (text: string) => ({ text, hash: "sha256-x" });
  const written = (requests: number, most?: number): string => {
    const made = session(requests);
    const { data, sample } = packReport(made, most);
    const frame = { style: inline("p{}"), scripts: [inline("1")], data, bytes: "", sample, written: 0 };
    return [...reportHtml(made, frame)].join("");
  };

  it("lets no text of a log be markup, nor end the data", () => {
    const text = written(60);
    assert.ok(!text.includes("<img"));
    assert.equal(text.match(/<!--/g), null);
    assert.equal(text.match(/<\/script>/g)?.length, 2);
    assert.equal(text.match(/[\u2028\u2029]/g), null);
    const [, json] = /id="report-data">(.*)<\/script>\n<script>/s.exec(text)!;
    assert.equal(JSON.parse(json!).data.name, HOSTILE);
  });

  it("says how many of how many its timeline has, and sums up all", () => {
    const text = written(3_000, 500);
    assert.match(text, /\d+ of 3,000 requests: the 125 slowest, 52 of 52 failed ones/);
    const counts = [...text.matchAll(/<th scope="row">GET \/\d+<\/th><td class="right">(\d+)/g)].map(([, n]) =>
      Number(n),
    );
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      Math.ceil((3_000 * 6) / 7),
      "all but the server's alone, which are not the probe's",
    );
  });

  it("escapes", () => {
    assert.equal(html(`<a href="x" b='y'>&\u0000`), "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;\uFFFD");
    const value = { "</script>": "<!--\u2028&" };
    assert.doesNotMatch(scriptJson(value), /[<>&\u2028]/);
    assert.deepEqual(JSON.parse(scriptJson(value)), value);
  });
});

describe("a file that is written", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-write-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is whole or the one from before, and leaves nothing beside it", async () => {
    const file = join(folder, "report.html");
    await writeParts(file, ["a", "b"]);
    assert.equal(readFileSync(file, "utf8"), "ab");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const broken = function* () {
      yield "c";
      throw new Error("the disk is full");
    };
    await assert.rejects(writeParts(file, broken()), /disk is full/);
    assert.equal(readFileSync(file, "utf8"), "ab");
    assert.deepEqual(readdirSync(folder), ["report.html"]);
  });

  it("keeps a link a link, and its file's mode", async () => {
    writeFileSync(join(folder, "real"), "old", { mode: 0o640 });
    symlinkSync("real", join(folder, "link"));
    await writeParts(join(folder, "link"), ["new"]);
    assert.equal(readFileSync(join(folder, "real"), "utf8"), "new");
    assert.equal(statSync(join(folder, "real")).mode & 0o777, 0o640);
  });

  it("is no file where the place is a device", async () => {
    await writeParts("/dev/null", ["gone"]);
    assert.ok(statSync("/dev/null").isCharacterDevice());
  });
});
