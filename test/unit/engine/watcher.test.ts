import assert from "node:assert/strict";
import fs, { appendFileSync, type FSWatcher, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SessionReader } from "../../../src/engine/node/reader";
import { Session } from "../../../src/engine/session";
import { header, logText, serverRecord } from "./sample-logs";

describe("a session whose folder can no longer be watched", () => {
  const { watch } = fs;
  const watchers: FSWatcher[] = [];
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-watcher-"));
    fs.watch = ((...args: Parameters<typeof watch>) => {
      const watcher = watch(...args);
      watchers.push(watcher);
      return watcher;
    }) as typeof watch;
  });
  after(() => {
    fs.watch = watch;
    rmSync(folder, { recursive: true, force: true });
  });

  it("goes on by looking, as where Windows refuses a folder that was deleted", async () => {
    const log = join(folder, "server.ndjson");
    writeFileSync(log, logText(header("server"), serverRecord(1, 0)));
    const session = new Session(folder, "followed", folder);
    let grown = (): void => undefined;
    const changed = new Promise<void>((resolve) => {
      grown = resolve;
    });
    const reader = new SessionReader(session, {}, { progress: () => undefined, changed: () => grown() });
    await reader.load([folder]);
    reader.follow();
    try {
      assert.ok(watchers.length > 0);
      for (const watcher of watchers) {
        watcher.emit("error", new Error("EPERM: operation not permitted, watch"));
        watcher.close();
      }
      appendFileSync(log, logText(serverRecord(2, 1_000)));
      await changed;
      assert.equal(session.info().requests, 2);
    } finally {
      await reader.close();
    }
  });
});
