import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { findBrowser } from "../../../src/probe/browser/find";
import { readManifest } from "../../../src/session";
import { readLog } from "../probe/support";

const root = resolve(__dirname, "../../..");
const CAMPUS = join(root, "examples/campus");

interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
}

function start(...words: string[]): { child: ChildProcess; ended: Promise<Run>; output: () => string } {
  const child = spawn(process.execPath, ["--import", "tsx", join(root, "src/cli/main.ts"), ...words], { cwd: root });
  const run: Run = { status: null, stdout: "", stderr: "" };
  child.stdout.on("data", (text) => {
    run.stdout += text;
  });
  child.stderr.on("data", (text) => {
    run.stderr += text;
  });
  const ended = new Promise<Run>((done) => child.on("close", (status) => done({ ...run, status })));
  return { child, ended, output: () => run.stdout + run.stderr };
}

const run = (...words: string[]): Promise<Run> => start(...words).ended;

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + 45_000; !condition(); await delay(20))
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
}

describe("request-timeline record", function () {
  this.timeout(60_000);
  let folder: string;
  let session: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "record-"));
    session = join(folder, "session");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A server of the user's own, without a dependency: tells its process number, ends on SIGTERM. */
  const serverFile = (code: string): string => {
    const file = join(folder, "server.js");
    writeFileSync(file, code);
    return file;
  };
  const HELLO = 'require("http").createServer((q, r) => r.end("hello")).listen(0, "127.0.0.1");';

  it("records the campus site: both logs, a manifest, and nothing is left running", async () => {
    const result = await run(
      "record",
      "--session",
      session,
      "--serve",
      CAMPUS,
      "--serve-options",
      "--lock file --max-body 1000",
      "--",
      "--page",
      "/",
      "/cgi-bin/calendar.cgi?3+1993",
    );
    assert.equal(result.status, 0, result.stderr);
    const manifest = await readManifest(session);
    assert(manifest.ended! > manifest.started);
    assert.deepEqual(manifest.commands, {
      serve: CAMPUS,
      serveOptions: ["--lock", "file", "--max-body", "1000"],
      probe: ["--page", "/", "/cgi-bin/calendar.cgi?3+1993"],
    });
    const client = readLog(join(session, "client.ndjson"));
    const server = readLog(join(session, "server.ndjson"));
    for (const log of [client, server]) {
      assert(log[0]?.type === "header" && log[0].recording === manifest.id);
      assert.equal(log.at(-1)?.type, "end");
    }
    const ids = (log: typeof client, type: "client" | "server") =>
      log.flatMap((record) => (record.type === type ? [record.id] : [])).toSorted();
    assert.deepEqual(ids(client, "client"), ids(server, "server"));
    assert(ids(client, "client").length >= 15);
    assert.deepEqual(readdirSync(session).toSorted(), ["client.ndjson", "manifest.json", "server.ndjson"]);
  });

  it("records the campus site in a browser: each request has its server record, by connection and ordinal", async function () {
    try {
      findBrowser();
    } catch {
      return this.skip();
    }
    const result = await run("record", "--session", session, "--serve", CAMPUS, "--", "--browser", "/");
    assert.equal(result.status, 0, result.stderr);
    const places = (file: string, type: "client" | "server") =>
      readLog(join(session, file))
        .flatMap((record) => (record.type === type ? [`${record.conn} ${record.ord}`] : []))
        .toSorted();
    const seen = places("client.ndjson", "client");
    assert.deepEqual(seen, places("server.ndjson", "server"));
    assert(seen.length >= 15);
  });

  it("records a server of the user's own, found by its log, and ends it", async () => {
    const command = `node '${serverFile(`${HELLO}console.log("pid " + process.pid)`)}'`;
    const result = await run("record", "--session", session, "--server", command, "--", "/x", "--json");
    assert.notEqual(result.status, 0, "--json is an option of record, not of the probe");
    rmSync(session, { recursive: true, force: true });
    const good = await run("record", "--json", "--session", session, "--server", command, "--", "/x");
    assert.equal(good.status, 0, good.stderr);
    assert.equal(JSON.parse(good.stdout).answered, 1);
    const pid = Number(/pid (\d+)/.exec(good.stderr)?.[1]);
    assert.throws(() => process.kill(pid, 0), /ESRCH/);
    const { commands, git } = await readManifest(session);
    assert.deepEqual(commands.server, ["node", join(folder, "server.js")]);
    // Ended by a signal, it could not release its claim on the log itself.
    assert.deepEqual(readdirSync(session).toSorted(), ["client.ndjson", "manifest.json", "server.ndjson"]);
    const [head] = readLog(join(session, "server.ndjson"));
    assert(head?.type === "header" && git?.commit && head.commit === git.commit);
  });

  it("waits for a URL, and logs that as warm-up", async () => {
    const file = serverFile(
      'let asked = 0; const s = require("http").createServer((q, r) => { r.statusCode = ++asked < 3 ? 503 : 200; r.end(); });' +
        's.listen(Number(process.argv[2]), "127.0.0.1");',
    );
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/ready`;
    const result = await run(
      "record",
      "--session",
      session,
      "--server",
      `node ${file} ${port}`,
      "--wait-for",
      url,
      "--",
      "/x",
    );
    assert.equal(result.status, 0, result.stderr);
    const requests = readLog(join(session, "client.ndjson")).filter((record) => record.type === "client");
    assert(requests.length >= 2);
    for (const request of requests.slice(0, -1)) assert.deepEqual([request.url, request.warmup], [url, true]);
    assert.deepEqual(
      requests.map(({ status }) => status),
      [503, 503, 200, 200],
    );
    const last = requests.at(-1)!;
    assert.deepEqual([last.url.slice(-2), last.warmup, last.status], ["/x", undefined, 200]);
  });

  it("says so when the server ends before it listens", async () => {
    const result = await run(
      "record",
      "--session",
      session,
      "--server",
      `node ${serverFile("process.exit(3)")}`,
      "--",
      "/",
    );
    assert.equal(result.status, 1);
    assert.match(result.stderr, /the server ended with status 3/);
  });

  it("says so when the command cannot be started", async () => {
    const result = await run("record", "--session", session, "--server", "no-such-command-here", "--", "/");
    assert.equal(result.status, 1);
    assert.match(result.stderr, /the server cannot be started/);
  });

  it("says so when the server dies under the probe", async () => {
    const file = serverFile(
      'require("http").createServer(() => process.kill(process.pid, "SIGKILL")).listen(0, "127.0.0.1")',
    );
    const result = await run("record", "--session", session, "--server", `node ${file}`, "--", "/");
    assert.equal(result.status, 1);
    assert.match(result.stderr, /the server was ended by SIGKILL/);
    const [request] = readLog(join(session, "client.ndjson")).filter((record) => record.type === "client");
    assert(request!.requestStart && request!.state !== undefined);
  });

  it("without a probe records until it is told to stop, in an orderly way", async () => {
    const { child, ended, output } = start("record", "--session", session, "--server", `node ${serverFile(HELLO)}`);
    await until(() => /recording http/.test(output()), "the server");
    const url = /recording (http\S+);/.exec(output())![1]!;
    assert.equal(await (await fetch(url)).text(), "hello");
    child.kill("SIGINT");
    const result = await ended;
    assert.equal(result.status, 0, result.stderr);
    assert.equal(existsSync(join(session, "client.ndjson")), false);
    const server = readLog(join(session, "server.ndjson"));
    assert.equal(server.filter(({ type }) => type === "server").length, 1);
    assert(((await readManifest(session)).ended ?? 0) > 0);
  });

  it("stops a probe on Ctrl-C with a complete log", async () => {
    const { child, ended } = start(
      "record",
      "--session",
      session,
      "--server",
      `node ${serverFile(HELLO)}`,
      "--",
      "--count",
      "1000000",
      "/",
    );
    const log = join(session, "client.ndjson");
    await until(() => existsSync(log) && readFileSync(log, "utf8").split("\n").length > 10, "requests");
    child.kill("SIGINT");
    assert.equal((await ended).status, 0);
    const end = readLog(log).at(-1);
    assert(end?.type === "end" && end.reason === "SIGINT" && end.requests >= 8);
  });

  const wrong: [what: string, words: string[], says: RegExp][] = [
    ["nothing to record", [], /nothing to record/],
    ["two servers", ["--serve", CAMPUS, "--server", "x", "--", "/"], /exclude each other/],
    ["an open quotation mark", ["--server", "node 'x", "--", "/"], /not closed/],
    ["a path without a server", ["--", "/x"], /a path alone needs a server/],
    ["no URL", ["--serve", CAMPUS, "--", "ftp://x/"], /only http/],
    ["an unknown probe option", ["--serve", CAMPUS, "--", "--pge", "/"], /unknown option/],
    ["a header that is none", ["--serve", CAMPUS, "--", "--header", "x", "/"], /is not a header/],
  ];
  for (const [what, words, says] of wrong)
    it(`is told at once, with status 2: ${what}`, async () => {
      const result = await run("record", "--session", session, ...words);
      assert.equal(result.status, 2, result.stderr);
      assert.match(result.stderr, says);
      assert.equal(existsSync(session), false);
    });

  it("refuses a folder that is not empty", async () => {
    writeFileSync(join(folder, "x"), "");
    const result = await run("record", "--session", folder, "--serve", CAMPUS, "--", "/");
    assert.equal(result.status, 2);
    assert.match(result.stderr, /not empty/);
  });
});

async function freePort(): Promise<number> {
  const { createServer } = await import("node:net");
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}
