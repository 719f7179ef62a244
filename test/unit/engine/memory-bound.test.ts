import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Column } from "../../../src/engine/column";
import type { ElementType } from "../../../src/engine/elements";
import { MemoryBound } from "../../../src/engine/memory-bound";
import { EngineClient } from "../../../src/engine/node/client";
import { SessionReader } from "../../../src/engine/node/reader";
import { ScratchFile } from "../../../src/engine/node/scratch-file";
import { Pages } from "../../../src/engine/pages";
import { Session } from "../../../src/engine/session";
import { FIRST_VIEW } from "../../../src/protocol/messages";
import { dump } from "./dump";
import { buildEngine, ENGINE } from "./engine-bundle";
import { clientRecord, header, logText, requestId, serverRecord } from "./sample-logs";

const PAGE_BYTES = 64;
const CACHED = 3;

describe("a column whose oldest elements are in a file", () => {
  const scratch = new ScratchFile();
  after(() => scratch.close());

  for (const type of ["u8", "u16", "u32", "i32", "f64"] satisfies ElementType[])
    it(`gives back what was set, before and after they went there (${type})`, () => {
      const step = fc.oneof(
        {
          weight: 20,
          arbitrary: fc.tuple(fc.nat({ max: 700 }), fc.oneof(fc.nat({ max: 400 }), fc.constant(Number.NaN))),
        },
        { weight: 2, arbitrary: fc.constant("release" as const) },
      );
      fc.assert(
        fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
          const pages = new Pages(scratch, CACHED * PAGE_BYTES, PAGE_BYTES);
          const column = new Column(type);
          const model = new Map<number, number>();
          let count = 0;
          for (const one of steps) {
            if (one === "release") {
              column.release(count, pages);
              continue;
            }
            const [index, value] = one;
            column.set(index, value);
            model.set(index, value);
            count = Math.max(count, index + 1);
          }
          const all = Uint32Array.from({ length: 702 }, (_, index) => index);
          const expected = Float64Array.from(all, (index) => model.get(index) ?? Number.NaN);
          assert.deepEqual(column.gather(all), expected);
          assert.deepEqual(
            column.gatherNumbers(all, 999),
            Uint32Array.from(expected, (one) => (one >= 0 ? one : 999)),
          );
          assert.deepEqual(
            Float64Array.from(all, (index) => column.get(index)),
            expected,
          );
          assert.ok(pages.bytes <= CACHED * PAGE_BYTES);
        }),
      );
    });
});

describe("a session beyond the memory that it may take", () => {
  const COUNT = 12_000;
  const path = (n: number) => `/items/${n % 50}`;
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-"));
    const numbers = Array.from({ length: COUNT }, (_, at) => at + 1);
    const servers = numbers.map((n) => {
      const children = n % 10 ? {} : { children: [{ kind: "http" as const, name: "out", duration: n % 70 }] };
      return serverRecord(n, n * 50, { id: requestId(n), ord: n, bytes: n * 3, target: path(n), ...children });
    });
    // Every seventh comes out of order, and some have no peer.
    const clients = numbers.map((n) => {
      const peer = n % 7 ? n : ((n * 31) % COUNT) + 1;
      return clientRecord(n, peer * 50 - 10, { id: requestId(peer), ord: n, url: `http://localhost${path(peer)}` });
    });
    writeFileSync(join(folder, "server.ndjson"), logText(header("server"), ...servers));
    writeFileSync(join(folder, "client.ndjson"), logText(header("client"), ...clients));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function opened(most: number | null) {
    const session = new Session(folder, "s", folder);
    const reader = new SessionReader(session, {}, { progress: () => undefined, changed: () => undefined });
    if (most !== null) session.store.memory = new MemoryBound(most, new ScratchFile(), 4096);
    await reader.load([folder]);
    reader.finish();
    return { session, reader };
  }

  const pause = async (): Promise<void> => {};

  /** What all that it shows comes from. */
  async function answers(session: Session) {
    const views = [];
    for (const view of [
      { filter: "rs:>5us" },
      { sort: "path" as const },
      { sort: "clientResponse" as const, descending: true },
      { filter: "path:/items/12* rc:>100us" },
      { filter: requestId(77) },
    ]) {
      const { revision, matches } = await session.view("p", { ...FIRST_VIEW, ...view }, pause);
      views.push({ matches, rows: (await session.rows("p", { revision, from: 0, count: 40 }, pause)).times });
    }
    const rows = session.store.spine.rows();
    const chosen = [rows[0]!, rows[rows.length >> 1]!, rows.at(-1)!];
    const details = await Promise.all(chosen.map((row) => session.detail(row, pause)));
    return { views, details, lines: session.line(join(folder, "client.ndjson"), 778), info: session.info() };
  }

  it("answers as one that is held as a whole, from less memory", async function () {
    this.timeout(60_000);
    const whole = await opened(null);
    const { bytes } = whole.session.store;
    const most = Math.ceil(bytes * 0.75);
    const bounded = await opened(most);
    assert.ok(bounded.session.store.memory!.isInUse);
    assert.ok(!whole.session.store.memory!.isInUse);
    assert.ok(bounded.session.store.bytes <= most, `${bounded.session.store.bytes} of ${bytes}`);
    assert.deepEqual(await answers(bounded.session), await answers(whole.session));
    assert.deepEqual(dump(bounded.session.store), dump(whole.session.store));
    for (const { reader } of [whole, bounded]) await reader.close();
  });

  it("stops where its strings alone are too many, says so, and can be used as far as it goes", async () => {
    const { session, reader } = await opened(1 << 19);
    const { problems, rows, server } = session.store;
    assert.ok(rows.requests > 1000 && server.length < COUNT, `${rows.requests}, ${server.length}`);
    assert.match(problems.list()[0]!.reason, /^not read beyond \d+ bytes: the session needs more than 1 MiB$/);
    assert.ok(session.store.bytes < 3 << 19, `${session.store.bytes}`);
    assert.equal(
      (await session.view("p", { ...FIRST_VIEW, sort: "path" }, async () => undefined)).matches,
      rows.requests,
    );
    await reader.close();
  });

  it("is told how much that is with the request to open it", async () => {
    await buildEngine();
    const engine = new EngineClient(ENGINE);
    const open = (memory: number) => engine.call("open", { paths: [folder], follow: false, memory });
    await assert.rejects(open(0), /memory is not valid/);
    const { key, problems } = await open(1);
    assert.ok(problems > 0);
    const { revision, rows } = await engine.call("view", { session: key, page: "p", view: FIRST_VIEW });
    const window = await engine.call("rows", { session: key, page: "p", revision, from: rows - 10, count: 10 });
    assert.equal(window.index.length, 10);
    await engine.close();
  });
});
