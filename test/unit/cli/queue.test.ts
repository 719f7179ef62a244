/** A request that comes while the event loop is busy: how long it waited, and for whom, through the whole path. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../instrument/support";
import { CLI, cli, inFolder, ROOT, reportOf } from "./support";

/** Nobody waits for longer, whatever goes wrong. */
const LONGEST_BLOCK_MS = 30_000;
/** A request is logged as pending once it has waited for so long, µs. */
const PENDING = 1_000_000;
const SERVER = `
const { existsSync } = require("node:fs");
function busy(request, response) {
  const end = performance.now() + ${LONGEST_BLOCK_MS};
  while (!existsSync(process.argv[2]) && performance.now() < end);
  response.end("busy");
}
require("node:http").createServer((request, response) => {
  if (request.url === "/busy") { process.stdout.write("blocking"); busy(request, response); }
  else response.end("quick");
}).listen(0, "127.0.0.1");
`;

const saying = async (stream: NodeJS.ReadableStream, what: RegExp): Promise<string> => {
  for await (const chunk of stream) {
    const found = what.exec(String(chunk));
    if (found) return found[1] ?? found[0];
  }
  throw new Error(`never said ${what}`);
};

const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, "exit");

describe("a request that comes while the event loop is busy", () => {
  it("shows its wait as queue to 2 ms, and names the request that it waited for", () =>
    inFolder(async (folder) => {
      const script = join(folder, "server.js");
      const server = join(folder, "server.ndjson");
      const [first, second] = [join(folder, "first.ndjson"), join(folder, "second.ndjson")];
      const enough = join(folder, "enough");
      writeFileSync(script, SERVER);
      const run = spawn(process.execPath, [CLI, "run", "--log", server, "--", process.execPath, script, enough], {
        cwd: ROOT,
        stdio: ["ignore", "pipe", "pipe"],
      });
      try {
        const url = await saying(run.stderr!, /listening on (http:\S+)/);
        const blocking = saying(run.stdout!, /blocking/);
        const busy = cli("probe", `${url}/busy`, "--log", first);
        await blocking;
        const quick = cli("probe", `${url}/quick`, "--log", second);
        await until(() => existsSync(second) && readFileSync(second, "utf8").includes('"type":"pending"'));
        writeFileSync(enough, "");
        await Promise.all([busy, quick]);
        // SIGTERM ends a server without a listener at once: records are in the file after at most 20 ms of a turning loop.
        await until(() => readFileSync(server, "utf8").includes('"/quick"'));
      } finally {
        run.kill("SIGTERM");
        await ended(run);
      }
      const report = await reportOf(server, first, second);
      const quick = report.requests.find((request) => request.url.endsWith("/quick"))!;
      const { queue } = quick.durations;
      const waited = quick.marks.parseStart! - quick.marks.requestStart!;
      assert.ok(queue! > PENDING / 2, `queue is ${queue} µs`);
      assert.ok(Math.abs(queue! - waited) < 2000, `queue is ${queue} µs of ${waited} µs`);
      assert.ok(quick.uncertainty.queue! < 2000, `± ${quick.uncertainty.queue} µs`);
      assert.match(quick.blockedBy!.url, /\/busy$/);
      assert.equal(quick.blockedBy!.handler?.file, script);
      assert.match(
        await cli("report", server, first, second),
        /waited for the event loop behind[\s\S]*GET +\/quick[\s\S]*GET \/busy/,
      );
    }));
});
