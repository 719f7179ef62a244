/** A server that dies by SIGKILL in the middle of a recording: what was recorded is shown, what was cut off says so. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { CLI, inFolder, ROOT, reportOf } from "./support";

/** Answers /fine; dies in /die, as soon as its log has the request as pending. */
const SERVER = `
const { readFileSync } = require("node:fs");
const dieOncePending = () => {
  if (readFileSync(process.env.REQUEST_TIMELINE_LOG, "utf8").includes('"type":"pending"')) process.kill(process.pid, "SIGKILL");
};
require("node:http").createServer((request, response) => {
  if (request.url === "/die") setInterval(dieOncePending, 20);
  else response.end("fine");
}).listen(0, "127.0.0.1");
`;

describe("a server killed while it is recorded", () => {
  it("keeps every request before, and marks the interrupted one up to its last known mark", () =>
    inFolder(async (folder) => {
      const script = join(folder, "server.js");
      writeFileSync(script, SERVER);
      const session = join(folder, "session");
      await promisify(execFile)(
        process.execPath,
        [CLI, "record", "--session", session, "--server", `node ${script}`, "--", "/fine", "/fine", "/die"],
        { cwd: ROOT },
      ).catch(() => "the recording tells that the server died");
      // What a crash may leave: the beginning of a line.
      appendFileSync(join(session, "server.ndjson"), '{"type":"server","seq":');
      const { requests, problems } = await reportOf(session);
      // The connection was a kept-alive one, so that the probe tries again, as browsers do, and is refused.
      assert.deepEqual(
        requests.map((request) => [new URL(request.url).pathname, request.state === "complete"]),
        [
          ["/fine", true],
          ["/fine", true],
          ["/die", false],
          ["/die", false],
        ],
      );
      assert.equal(requests[3]!.pairing, "none");
      const cut = requests[2]!;
      assert.ok(cut.marks.requestStart && cut.marks.parseStart && cut.marks.parseEnd, JSON.stringify(cut.marks));
      assert.equal(cut.marks.processEnd, null);
      assert.equal(cut.marks.responseEnd, null);
      assert.equal(cut.durations.serverResponse, null);
      assert.equal(problems.length, 1, JSON.stringify(problems));
    }));
});
