import assert from "node:assert/strict";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { EngineClient } from "../../../src/engine/node/client";
import { readIndex, writeIndex } from "../../../src/engine/node/index-file";
import { NativeScanner } from "../../../src/engine/scan";
import { Store } from "../../../src/engine/store";
import { encodeNative } from "../../../src/formats/native";
import { requestRecord } from "../formats/record-arbitrary";
import { until } from "../instrument/support";
import { dump } from "./dump";
import { buildEngine, ENGINE } from "./engine-bundle";
import { clientRecord, header, logText, requestId, serverRecord } from "./sample-logs";

describe("the index beside a log", () => {
  let folder: string;
  let log: string;
  let index: string;
  before(buildEngine);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-"));
    log = join(folder, "server.ndjson");
    index = join(folder, "server.ndjson.rtindex");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const scan = (store: Store, text: string, file = store.addFile(log, "server.ndjson"), first = 1): NativeScanner => {
    const scanner = new NativeScanner(file, store, first);
    scanner.push(new TextEncoder().encode(text));
    return scanner;
  };

  /** Writes a log and its index. */
  async function indexed(text: string): Promise<void> {
    const store = new Store();
    const { progress } = scan(store, text);
    writeFileSync(log, text);
    const position = Buffer.byteLength(text) - progress!.held;
    await writeIndex(index, store, [{ path: log, position, lines: progress!.lines }], () => true);
  }

  it("gives back the store, which goes on where the log went on", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(requestRecord, { maxLength: 30 }),
        fc.array(requestRecord, { maxLength: 10 }),
        async (before, after) => {
          const first = logText(header("server")) + before.map(encodeNative).join("");
          const second = after.map(encodeNative).join("");
          await indexed(first);
          appendFileSync(log, second);
          const reopened = new Store();
          const [read] = (await readIndex(index, reopened))!;
          assert.equal(read!.position, Buffer.byteLength(first));
          scan(reopened, second, reopened.files[0], read!.lines + 1);
          const loaded = new Store();
          scan(loaded, first + second);
          assert.deepEqual(dump(reopened), dump(loaded));
          for (let line = 1; line <= before.length + after.length + 1; line++)
            assert.deepEqual(reopened.files[0]!.at(line), loaded.files[0]!.at(line));
        },
      ),
      { numRuns: 60 },
    ));

  const TEXT = logText(header("server"), ...Array.from({ length: 500 }, (_, at) => serverRecord(at + 1, at)));
  const spoiled = (file: string, at: number): void => {
    const bytes = readFileSync(file);
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(file, bytes);
  };

  for (const [what, spoil] of Object.entries<() => void>({
    "the log is shorter": () => writeFileSync(log, TEXT.slice(0, -1)),
    "the log begins otherwise": () => spoiled(log, 30),
    "the log ends otherwise": () => spoiled(log, TEXT.length - 30),
    "the log is gone": () => rmSync(log),
    "the index was cut": () => writeFileSync(index, readFileSync(index).subarray(0, 3000)),
    "the index is empty": () => writeFileSync(index, ""),
    "the index is spoiled in its columns": () => spoiled(index, readFileSync(index).length - 50),
    "the index is spoiled in its beginning": () => spoiled(index, 40),
  }))
    it(`is thrown away where ${what}`, async () => {
      await indexed(TEXT);
      assert.ok(await readIndex(index, new Store()), "it is good before");
      spoil();
      const store = new Store();
      assert.equal(await readIndex(index, store), null);
      assert.equal(store.files.length, 0);
    });

  for (const [what, fields] of Object.entries({ "one clock": {}, "a clock each": { boot: "another" } }))
    it(`gives back the order of requests, their overview and what is known of ${what}, and goes on with them`, async () => {
      // Starts out of order, peers in another order, some without: on either side of where the index was written.
      const at = (n: number) => ((n * 7919) % 400) * 1000;
      const half = (from: number, to: number) => {
        const numbers = Array.from({ length: to - from }, (_, place) => from + place);
        return {
          server: logText(...numbers.map((n) => serverRecord(n, at(n), { id: requestId(n) }))),
          client: logText(
            ...numbers.map((n) => {
              const peer = to + from - n;
              return clientRecord(n, at(peer) - 10, { id: requestId(peer) });
            }),
          ),
        };
      };
      const [first, second] = [half(1, 300), half(300, 400)];
      const [serverHead, clientHead] = [logText(header("server")), logText(header("client", fields))];
      const clients = join(folder, "client.ndjson");
      const filled = new Store();
      scan(filled, serverHead + first.server);
      const { progress } = scan(filled, clientHead + first.client, filled.addFile(clients, "client.ndjson"));
      writeFileSync(log, serverHead + first.server);
      writeFileSync(clients, clientHead + first.client);
      const lines = progress!.lines;
      const read = [log, clients].map((path) => ({ path, position: readFileSync(path).length, lines }));
      await writeIndex(index, filled, read, () => true);
      const reopened = new Store();
      assert.ok(await readIndex(index, reopened));
      const known = (store: Store) => ({
        rows: [...store.spine.rows()],
        summary: store.spine.summary(0, store.rows.requests),
        clocks: store.clocks.list(),
        measured: store.parts.map((part) => store.clocks.hasClient(part)),
      });
      assert.deepEqual(known(reopened), known(filled));
      for (const store of [reopened, filled]) {
        scan(store, second.server, store.files[0], lines + 1);
        scan(store, second.client, store.files[1], lines + 1);
      }
      assert.deepEqual(known(reopened), known(filled));
      const loaded = new Store();
      scan(loaded, serverHead + first.server + second.server);
      scan(loaded, clientHead + first.client + second.client, loaded.addFile(clients, "client.ndjson"));
      assert.deepEqual(known(reopened).summary, known(loaded).summary);
      assert.deepEqual(known(reopened).clocks, known(loaded).clocks);
    });

  it("makes a session open as it was, and follow what is appended", async function () {
    this.timeout(60_000);
    const count = 30_000;
    const numbers = Array.from({ length: count }, (_, at) => at + 1);
    const ids = (n: number) => ({ id: requestId(n) });
    writeFileSync(log, logText(header("server"), ...numbers.map((n) => serverRecord(n, n * 50, ids(n)))));
    const clients = join(folder, "client.ndjson");
    writeFileSync(clients, logText(header("client"), ...numbers.map((n) => clientRecord(n, n * 50 - 10, ids(n)))));
    const opened = async () => {
      const engine = new EngineClient(ENGINE);
      const info = await engine.call("open", { paths: [folder], follow: false });
      const detail = await engine.call("detail", { session: info.key, index: 777 });
      const line = await engine.call("line", { file: clients, line: 778 });
      return { engine, info, detail, line };
    };
    const first = await opened();
    await until(() => existsSync(join(folder, "session.rtindex")));
    await first.engine.close();
    const second = await opened();
    await second.engine.close();
    assert.deepEqual({ ...second, engine: null }, { ...first, engine: null });
    appendFileSync(log, logText(serverRecord(count + 1, 0, { id: requestId(count + 1) })));
    const third = await opened();
    await third.engine.close();
    assert.equal(third.info.requests, count + 1);
    assert.equal(third.info.problems, 0);
  });
});
