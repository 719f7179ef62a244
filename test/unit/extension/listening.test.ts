import assert from "node:assert/strict";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reachable, resolveUrls, untilListening } from "../../../src/extension/listening";

const listen = (url: string) => `{"type":"listen","seq":1,"time":918666940080000,"url":"${url}"}\n`;

describe("where a server listens", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "request-timeline-listening-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is what its log says, also when the line comes in parts", async () => {
    const url = untilListening(folder, new AbortController().signal);
    const line = listen("http://127.0.0.1:4711");
    await writeFile(join(folder, "server.ndjson"), `torn\n${line.slice(0, 20)}`);
    await appendFile(join(folder, "server.ndjson"), line.slice(20));
    assert.equal(await url, "http://127.0.0.1:4711");
  });

  it("may stand in the log of a further process", async () => {
    const url = untilListening(folder, new AbortController().signal);
    await writeFile(join(folder, "server.ndjson"), "");
    await writeFile(join(folder, "server.a1b2c3.ndjson"), listen("http://[::]:3000"));
    assert.equal(await url, "http://[::]:3000");
  });

  it("is not taken from the client's log", async () => {
    const over = new AbortController();
    const url = untilListening(folder, over.signal);
    await writeFile(join(folder, "client.ndjson"), listen("http://127.0.0.1:1"));
    over.abort();
    assert.equal(await url, null);
  });

  it("is requested by a name that leads there", () => {
    assert.equal(reachable("http://0.0.0.0:3000"), "http://localhost:3000/");
    assert.equal(reachable("https://[::]:3000"), "https://localhost:3000/");
    assert.equal(reachable("http://127.0.0.1:3000"), "http://127.0.0.1:3000/");
  });

  it("completes the paths that are requested, and leaves whole URLs alone", () => {
    assert.deepEqual(resolveUrls(["/", "/cgi-bin/calendar.cgi?3+1993", "http://other/x"], "http://localhost:1/"), [
      "http://localhost:1/",
      "http://localhost:1/cgi-bin/calendar.cgi?3+1993",
      "http://other/x",
    ]);
    assert.throws(() => resolveUrls(["http://[broken"], "http://localhost:1/"), /Not a URL or a path/);
  });
});
