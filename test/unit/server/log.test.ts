import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { inFolder, recordsOf, until } from "../instrument/support";
import { buildWorker, serving } from "./support";

const WRITER = require.resolve("../../../src/log/writer");

describe("the third critical region, the log", () => {
  before(buildWorker);

  it("has no overlap and no hole where several processes append to one file, in any finishing order", function () {
    this.timeout(60_000);
    const RECORDS = 3_000;
    return inFolder(async (folder) => {
      const file = join(folder, "shared.ndjson");
      // Records of all lengths, and batches that end anywhere.
      const code = `const { LogWriter } = require(${JSON.stringify(WRITER)});
        const log = new LogWriter({ file: ${JSON.stringify(file)}, role: "server", writer: process.argv[1] });
        process.stdin.once("data", () => {
          for (let i = 0; i < ${RECORDS}; i++) {
            log.write({ type: "event", time: 1, name: process.argv[1], detail: "x".repeat((i * 7919) % 3000) });
            if (i % 61 === 0) log.flush();
          }
          log.close(0);
          process.stdin.destroy();
        });
        process.stdout.write("ready");`;
      const writers = ["a", "b", "c", "d"];
      const processes = writers.map((name) =>
        spawn(process.execPath, ["--require", "tsx/cjs", "-e", code, name], { stdio: ["pipe", "pipe", "inherit"] }),
      );
      const closed = processes.map((process) => once(process, "close"));
      await Promise.all(processes.map(({ stdout }) => once(stdout, "data")));
      for (const { stdin } of processes) stdin.end("begin");
      await Promise.all(closed);
      const events = recordsOf(file).filter((record) => record.type === "event");
      for (const writer of writers) {
        const own = events.filter(({ name }) => name === writer);
        assert.deepEqual(
          own.map(({ seq }) => seq),
          Array.from({ length: RECORDS }, (_, index) => index + 1),
        );
      }
      const owners = events.map(({ name }) => name);
      assert.ok(
        owners.some((name, index) => index > 0 && name < owners[index - 1]!),
        "they wrote at the same time",
      );
    });
  });

  it("grows with requests and not with bytes: it holds no contents", async () => {
    const size = (bytes: number): Promise<number> =>
      serving(
        { files: { "files/x": Buffer.alloc(bytes) }, writable: "/files/" },
        async ({ ask, root, records, close }) => {
          for (let i = 0; i < 20; i++) {
            await ask("/files/x");
            await ask("/files/y", { method: "PUT", body: Buffer.alloc(bytes, "body") });
          }
          await records(40);
          await close();
          const logs = join(dirname(root), "logs");
          return readdirSync(logs).reduce((sum, name) => sum + statSync(join(logs, name)).size, 0);
        },
      );
    const [small, large] = [await size(10), await size(1_000_000)];
    assert.ok(Math.abs(large - small) < small * 0.1, `${small} bytes, ${large} bytes`);
  });

  it("is complete when the pool is told to end while it works", () =>
    serving({ files: { "index.html": "main" }, pool: { low: 2, high: 2, perWorker: 4 } }, async (site) => {
      let stopping = false;
      const loops = Array.from({ length: 8 }, async () => {
        let answered = 0;
        while (
          !stopping &&
          (await site.ask("/").then(
            () => true,
            () => false,
          ))
        )
          answered++;
        return answered;
      });
      await until(() => site.all().filter(({ type }) => type === "server").length > 100);
      await site.close();
      stopping = true;
      const answered = (await Promise.all(loops)).reduce((sum, count) => sum + count, 0);
      const logged = site.all().filter((record) => record.type === "server" && record.state === undefined);
      assert.ok(logged.length >= answered, `${logged.length} logged of ${answered} answered`);
      assert.equal(site.all().filter(({ type }) => type === "end").length, 3);
    }));
});
