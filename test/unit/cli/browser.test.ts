/** Laws of a recording by the browser probe, through the built command line. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { quantileSorted } from "../../../src/model/statistics/quantile";
import { findBrowser } from "../../../src/probe/browser/find";
import { cli, inFolder, recordCampus, reportOf } from "./support";

/** Of two clocks' reading, and of a server's `sendEnd`, which it may see late. */
const TOLERANCE_US = 1_000;
const WAIT_MS = 200;
/** The timer's own, at least. */
const NOISE_US = 1_000;
const COUNT = 12;

const SERVER = `
const page = \`<link rel=icon href=data:,><script>(async () => {
  for (let i = 0; i < ${COUNT}; i++)
    for (const path of ["/control", "/wait"])
      await (await fetch(path, { cache: "no-store" })).text();
})()</script>\`;
require("node:http").createServer((request, response) => {
  response.setHeader("content-type", request.url === "/" ? "text/html" : "text/plain");
  if (request.url === "/wait") setTimeout(() => response.end("late"), ${WAIT_MS});
  else response.end(request.url === "/" ? page : "fine");
}).listen(0, "127.0.0.1");
`;

describe("a recording by the browser", function () {
  this.timeout(90_000);
  before(function () {
    try {
      findBrowser();
    } catch {
      this.skip();
    }
  });

  it("pairs every resource of the campus page, none of which takes longer at the server than at the client", async () => {
    await inFolder(async (folder) => {
      const { requests } = await recordCampus(folder, "--browser", "/");
      assert(requests.length > 10, String(requests.length));
      for (const { url, pairing, state, durations } of requests) {
        assert.deepEqual([pairing, state], ["connection", "complete"], url);
        const { clientResponse, serverResponse } = durations;
        assert(clientResponse !== null && serverResponse !== null, url);
        assert(clientResponse >= serverResponse - TOLERANCE_US, `${url}: ${clientResponse} < ${serverResponse} us`);
      }
    });
  });

  it("shows a handler's wait in R C, within ten times the noise of what does not wait", async () => {
    await inFolder(async (folder) => {
      const [server, session] = [join(folder, "server.js"), join(folder, "session")];
      writeFileSync(server, SERVER);
      await cli("record", "--session", session, "--server", `node '${server}'`, "--", "--browser", "/");
      const { requests } = await reportOf(session);
      const [[low, control, high], [, wait]] = ["/control", "/wait"].map((path) => {
        const own = requests.filter(({ url }) => new URL(url).pathname === path);
        assert.equal(own.length, COUNT, path);
        const sorted = Float64Array.from(own.map(({ durations }) => durations.clientResponse!)).sort();
        return [0.25, 0.5, 0.75].map((q) => quantileSorted(sorted, q));
      }) as [number[], number[]];
      const margin = Math.min(10 * Math.max(high! - low!, NOISE_US), WAIT_MS * 500);
      const off = wait! - control! - WAIT_MS * 1000;
      assert(Math.abs(off) <= margin, `${off} us off, of ${margin}`);
    });
  });
});
