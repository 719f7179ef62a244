/** A request that comes while the event loop is busy: how long it waited, and for whom, through the whole path. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "../../../src/model/statistics/select";
import { until } from "../instrument/support";
import { CLI, cli, inFolder, ROOT, reportOf } from "./support";

/** Nobody waits for longer, whatever goes wrong. */
const LONGEST_BLOCK_MS = 30_000;
/** Requests that come meanwhile, 50 ms apart. */
const QUICK = 10;
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

const count = (file: string, text: string): number => readFileSync(file, "utf8").split(text).length - 1;

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
        const load = ["--rate", "20", "--duration", `${QUICK / 20}`, "--connections", `${QUICK}`];
        const quick = cli("probe", `${url}/quick`, ...load, "--log", second);
        await until(() => existsSync(second) && count(second, '"type":"pending"') === QUICK);
        writeFileSync(enough, "");
        await Promise.all([busy, quick]);
        // SIGTERM ends a server without a listener at once: records are in the file after at most 20 ms of a turning loop.
        await until(() => count(server, '"target":"/quick"') >= QUICK);
      } finally {
        run.kill("SIGTERM");
        await ended(run);
      }
      const report = await reportOf(server, first, second);
      const quick = report.requests.filter((request) => request.url.endsWith("/quick"));
      assert.equal(quick.length, QUICK);
      const errors = quick.map(({ durations: { queue }, uncertainty, marks: { parseStart, requestStart } }) => {
        assert.ok(queue! > PENDING / 2, `queue is ${queue} µs`);
        const error = Math.abs(queue! - (parseStart! - requestStart!));
        assert.ok(error <= uncertainty.queue!, `${error} of ± ${uncertainty.queue} µs`);
        return error;
      });
      const half = quick.map(({ uncertainty }) => uncertainty.queue!);
      // A busy machine may leave the client alone between its stamp and what it sends, now and then.
      for (const [what, values] of Object.entries({ errors, half }))
        assert.ok(median(Float64Array.from(values)) < 2000, `${what}: ${values} µs`);
      assert.match(quick[0]!.blockedBy!.url, /\/busy$/);
      assert.equal(quick[0]!.blockedBy!.handler?.file, script);
      assert.match(
        await cli("report", server, first, second),
        /waited for the event loop behind[\s\S]*GET +\/quick[\s\S]*GET \/busy/,
      );
    }));
});
