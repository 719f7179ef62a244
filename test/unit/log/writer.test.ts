import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { claimLog, siblingLog } from "../../../src/log/claim";
import { now } from "../../../src/log/clock";
import { LogWriter, type WriterOptions } from "../../../src/log/writer";
import { inFolder, recordsOf, until } from "../instrument/support";

const writer = (file: string, options: Partial<WriterOptions> = {}): LogWriter =>
  new LogWriter({ file, role: "server", ...options });

describe("a log's writer", () => {
  it("begins with a header and numbers its records without a gap up to the end", () =>
    inFolder(async (folder) => {
      const log = writer(join(folder, "a.ndjson"));
      log.write({ type: "listen", time: now(), url: "http://x" });
      log.write({ type: "event", time: now(), name: "paint" });
      log.close(0, "done");
      const [header, ...records] = recordsOf(log.file);
      assert.equal(header!.type, "header");
      assert.deepEqual(
        records.map((record) => ("seq" in record ? record.seq : null)),
        [1, 2, 3],
      );
      assert.deepEqual(records.at(-1), { ...records.at(-1)!, type: "end", requests: 0, lost: 0, reason: "done" });
    }));

  it("appends to a file that exists, with a header of its own", () =>
    inFolder(async (folder) => {
      const file = join(folder, "a.ndjson");
      writer(file).close(0);
      writer(file).close(0);
      assert.deepEqual(
        recordsOf(file).map((record) => record.type),
        ["header", "end", "header", "end"],
      );
    }));

  it("hands a record to the operating system without being asked", () =>
    inFolder(async (folder) => {
      const log = writer(join(folder, "a.ndjson"));
      for (const name of ["first", "second"]) {
        log.write({ type: "event", time: now(), name });
        await until(() => readFileSync(log.file, "utf8").includes(name));
      }
      log.close(0);
    }));

  it("writes records larger than its buffer whole and in order", () =>
    inFolder(async (folder) => {
      const log = writer(join(folder, "a.ndjson"));
      for (let i = 0; i < 5_000; i++) log.write({ type: "event", time: now(), name: "e".repeat(50) });
      log.close(0);
      assert.equal(recordsOf(log.file).length, 5_002);
    }));

  for (const [where, file] of [
    ["in a folder that is not there", "/nonexistent/a.ndjson"],
    ["on a full disk", "/dev/full"],
  ] as const)
    it(`${where} ends the logging with one line on stderr, and the program goes on`, () => {
      const code = `const { LogWriter } = require(${JSON.stringify(require.resolve("../../../src/log/writer"))});
        const log = new LogWriter({ file: "${file}", role: "server" });
        for (let i = 0; i < 1e4; i++) log.write({ type: "event", time: 1, name: "lost" });
        log.close(0);
        console.log("went on");`;
      const { stdout, stderr, status } = spawnSync(process.execPath, ["--require", "tsx/cjs", "-e", code], {
        encoding: "utf8",
      });
      assert.deepEqual([status, stdout], [0, "went on\n"]);
      assert.match(stderr, /^request-timeline: logging to \S+ has ended: E[^\n]+\n$/);
    });
});

describe("the claim on a log", () => {
  it("gives FILE to one writer and a file of its own to each other", () =>
    inFolder(async (folder) => {
      const file = join(folder, "server.ndjson");
      const options = { shared: true, recording: "r" };
      const logs = [writer(file, options), writer(file, options), writer(file, options)];
      assert.equal(logs[0]!.file, file);
      assert.deepEqual(
        logs.slice(1).map((log) => log.file),
        logs.slice(1).map((log) => join(folder, `server.${log.header.writer}.ndjson`)),
      );
      for (const log of logs) log.close(0);
      assert.deepEqual(readdirSync(folder).sort(), logs.map((log) => log.file.slice(folder.length + 1)).sort());
    }));

  it("is free again when its writer ends: a server that restarts goes on in FILE", () =>
    inFolder(async (folder) => {
      const file = join(folder, "server.ndjson");
      claimLog(file, "r", "a").release();
      assert.equal(claimLog(file, "r", "b").file, file);
      assert.equal(claimLog(file, "r", "c").file, siblingLog(file, "c"));
    }));

  it("of a crashed recording hinders no later one", () =>
    inFolder(async (folder) => {
      const file = join(folder, "server.ndjson");
      claimLog(file, "crashed", "a");
      assert.equal(claimLog(file, "later", "b").file, file);
    }));

  it("is one thread's only, however many ask at once", () =>
    inFolder(async (folder) => {
      mkdirSync(join(folder, "logs"));
      const file = join(folder, "logs", "server.ndjson");
      const claim = require.resolve("../../../src/log/claim");
      const code = `require("tsx/cjs"); const { parentPort, workerData } = require("node:worker_threads");
        parentPort.once("message", () => parentPort.postMessage(
          require(workerData.claim).claimLog(workerData.file, "r", String(workerData.i)).file));`;
      const workers = Array.from(
        { length: 6 },
        (_, i) => new Worker(code, { eval: true, workerData: { claim, file, i } }),
      );
      const files = await Promise.all(
        workers.map((worker) => {
          worker.postMessage("go");
          return new Promise<string>((done) => worker.once("message", done));
        }),
      );
      await Promise.all(workers.map((worker) => worker.terminate()));
      assert.equal(files.filter((name) => name === file).length, 1);
      assert.equal(new Set(files).size, workers.length);
    }));
});
