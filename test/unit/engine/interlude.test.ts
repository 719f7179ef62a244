/** A line that is asked for while the engine's thread works out an answer in one go. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineClient } from "../../../src/engine/node/client";
import { buildEngine, ENGINE } from "./engine-bundle";
import { header, logText, serverRecord } from "./sample-logs";

const REQUESTS = 40_000;

describe("the engine's thread", () => {
  let folder: string;
  let engine: EngineClient;

  before(buildEngine);
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "request-timeline-"));
    engine = new EngineClient(ENGINE);
    const records = Array.from({ length: REQUESTS }, (_, at) =>
      serverRecord(at + 1, at * 50, { target: `/${at % 7}`, route: `/${at % 7}` }),
    );
    writeFileSync(join(folder, "server.ndjson"), logText(header("server"), ...records));
    await engine.call("open", { paths: [folder], follow: false });
  });
  afterEach(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("answers lines in the middle of it, and all else in the order in which it was asked", async () => {
    const answered: string[] = [];
    const asked = <T>(what: string, answer: Promise<T>): Promise<T> => answer.finally(() => answered.push(what));
    const budgets = [{ route: "GET /1", duration: "serverResponse", statistic: "p95", most: 1 }] as const;
    const [, position, line] = await Promise.all([
      asked("overruns", engine.call("overruns", { session: folder, budgets: [...budgets] })),
      asked("position", engine.call("position", { session: folder, index: 8, side: "server" })),
      asked("line", engine.call("line", { file: join(folder, "server.ndjson"), line: 12 })),
      asked("problems", engine.call("problems", { session: folder, limit: 1 })),
    ]);
    assert.deepEqual(answered, ["line", "overruns", "position", "problems"]);
    assert.equal(position?.line, 10);
    assert.equal(line?.detail.request.log.server?.line, 12);
  });
});
