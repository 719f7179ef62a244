/** Somebody else's archive: Playwright's, of Chromium's requests to a server on loopback; read beside what was served. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { findBrowser } from "../../../src/probe/browser/find";
import { opened } from "./exchange";

const PAGE =
  '<link rel="stylesheet" href="/a.css"><img src="/a.png"><img src="/gone.png"><script src="/a.js"></script>';
const TYPES: Record<string, string> = { css: "text/css", png: "image/png", js: "text/javascript" };
/** What the stylesheet's answer waits for, ms. */
const SLOW = 150;
const TRACE = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;

function listening(): Promise<Server> {
  const server = createServer(({ url, socket }, response) => {
    if (url === "/gone.png") return socket.destroy();
    const type = TYPES[url!.split(".")[1] ?? ""] ?? "text/html";
    const answer = () => response.writeHead(200, { "content-type": type }).end(url === "/" ? PAGE : "/* */");
    if (url === "/a.css") setTimeout(answer, SLOW);
    else answer();
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

describe("a HAR that Playwright made of Chromium", function () {
  this.timeout(120_000);
  let program: string;
  before(function () {
    try {
      program = findBrowser();
    } catch (error) {
      process.stderr.write(`    SKIPPED: ${(error as Error).message}\n`);
      this.skip();
    }
  });

  it("is read whole: every request, its times and what became of it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "request-timeline-har-"));
    const server = await listening();
    const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const began = Date.now();
    try {
      const path = join(folder, "archive");
      const context = await browser.newContext({
        recordHar: { path },
        extraHTTPHeaders: { traceparent: TRACE },
      });
      await (await context.newPage()).goto(`${url}/`, { waitUntil: "load" });
      await context.close();
      const ended = Date.now();
      const { items, problems } = await opened({ archive: readFileSync(path) });
      assert.deepEqual(problems, []);
      const requests = new Map(items.map(({ request }) => [request.url.slice(url.length), request]));
      for (const name of ["/", "/a.css", "/a.png", "/a.js"]) {
        const { status, state, id, marks, durations } = requests.get(name)!;
        assert.deepEqual([status, state, id], [200, "complete", TRACE.slice(3, -3)]);
        // Chromium's wall clock and ours are one machine's.
        assert.ok(marks.requestStart! >= (began - 1000) * 1000 && marks.responseEnd! <= (ended + 1000) * 1000);
        const { connectStart = marks.requestStart, connectEnd = marks.requestStart } = marks;
        assert.ok(connectStart! <= connectEnd! && connectEnd! <= marks.requestStart!);
        assert.ok(marks.requestStart! <= marks.responseStart! && marks.responseStart! <= marks.responseEnd!);
        assert.ok(name !== "/a.css" || durations.clientResponse! >= (SLOW - 5) * 1000);
      }
      const gone = requests.get("/gone.png")!;
      assert.deepEqual([gone.state, gone.status, gone.error], ["failed", null, "net::ERR_EMPTY_RESPONSE"]);
    } finally {
      await browser.close();
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});
