import assert from "node:assert/strict";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LineIndex } from "../../../src/extension/line-index";

describe("the line index of a large file", () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "request-timeline-index-"));
    file = join(folder, "log.ndjson");
  });
  afterEach(() => rm(folder, { recursive: true }));
  const lines = (from: number, to: number, size: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => `${from + at} ${"é".repeat(size)}\n`).join("");

  it("cuts slices at lines, across the blocks that it reads", async () => {
    await writeFile(file, lines(1, 1_000, 1_500));
    const index = new LineIndex(file, 100);
    assert.equal(await index.lineCount(), 1_000);
    assert.equal(await index.slice(1), lines(1, 100, 1_500));
    assert.equal(await index.slice(501), lines(501, 600, 1_500));
    assert.equal(await index.slice(1_001), "");
  });

  it("follows a file that grows, and shows a last line that is not ended", async () => {
    await writeFile(file, lines(1, 150, 3));
    const index = new LineIndex(file, 100);
    assert.equal(await index.slice(101), lines(101, 150, 3));
    await appendFile(file, `${lines(151, 250, 3)}torn`);
    assert.equal(await index.slice(101), lines(101, 200, 3));
    assert.equal(await index.slice(201), `${lines(201, 250, 3)}torn`);
    assert.equal(await index.lineCount(), 250);
  });

  it("answers several questions at once the same", async () => {
    await writeFile(file, lines(1, 1_000, 10));
    const index = new LineIndex(file, 100);
    const texts = await Promise.all([1, 301, 901].map((from) => index.slice(from)));
    assert.deepEqual(texts, [lines(1, 100, 10), lines(301, 400, 10), lines(901, 1_000, 10)]);
  });

  it("says that a file cannot be read, and reads it once it can", async () => {
    const index = new LineIndex(file, 100);
    await assert.rejects(index.slice(1), /ENOENT/);
    await writeFile(file, "here\n");
    assert.equal(await index.slice(1), "here\n");
  });
});
