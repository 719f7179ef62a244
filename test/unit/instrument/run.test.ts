import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hookEnvironment } from "../../../src/session/launch";
import { buildBundles, HOOK } from "./bundles";
import { launched, logsIn } from "./launched";
import { inFolder, recordsIn, recordsOf, serverRecords } from "./support";

const SERVER = `
  const server = require("node:http").createServer((request, response) => {
    if (request.url === "/exit") process.exit(3);
    response.end("hello");
  });
  server.listen(0, "127.0.0.1", () => console.log("up"));
  process.on("SIGTERM", () => server.close(() => console.log("down")));
`;
/** Exits when it has answered 150 requests at once. */
const BURST = `
  let answered = 0;
  const server = require("node:http").createServer((_, response) =>
    response.end("x", () => ++answered === 150 && process.exit(4)),
  );
  server.listen(0, "127.0.0.1", () => {
    const socket = require("node:net").connect(server.address().port, "127.0.0.1").resume();
    socket.write("GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n".repeat(150));
  });
`;
/** Closes what files it finds open, as a daemon does, while a response waits for a client that does not read. */
const DAEMON = `
  const { closeSync, readdirSync, readlinkSync } = require("node:fs");
  const opened = () => readdirSync("/proc/self/fd").filter((fd) => {
    try { return readlinkSync("/proc/self/fd/" + fd).endsWith("/schedstat"); } catch { return false; }
  });
  const server = require("node:http").createServer((_, response) => {
    if (process.platform === "linux") console.log(opened().map((fd) => closeSync(+fd)).length + " closed");
    response.end(Buffer.alloc(64 << 20));
    setTimeout(() => process.exit(5), 50);
  });
  server.listen(0, "127.0.0.1", () => {
    require("node:net").connect(server.address().port, "127.0.0.1").write("GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n");
  });
`;
const node = process.execPath;

describe("run", () => {
  before(buildBundles);

  it("reports where the server listens, logs its requests and leaves no other file", () =>
    launched({ files: { "server.cjs": SERVER }, command: [node, "server.cjs"] }, async (server) => {
      const [url] = await server.urls(1);
      await fetch(`${url}/a`, { headers: { connection: "close" } });
      const [record] = await server.records(1);
      assert.deepEqual([record!.method, record!.target, record!.status, record!.bytes], ["GET", "/a", 200, 5]);
      server.child.kill("SIGTERM");
      assert.deepEqual(await server.ended, { status: 0, signal: null });
      assert.equal(server.stdout(), "up\ndown\n");
      assert.equal(recordsIn(server.folder).at(-1)!.type, "end");
      assert.deepEqual(logsIn(server.folder), ["server.ndjson"]);
    }));

  it("ends with the command's own status", () =>
    launched({ files: { "server.cjs": SERVER }, command: [node, "server.cjs"] }, async (server) => {
      const [url] = await server.urls(1);
      await fetch(`${url}/exit`).catch(() => {});
      assert.equal((await server.ended).status, 3);
      const records = recordsOf(join(server.folder, "server.ndjson"));
      assert.deepEqual(
        records.slice(-2).map((record) => record.type),
        ["pending", "end"],
      );
    }));

  it("ends with 128 + the signal that ended the command", () =>
    launched({ files: {}, command: ["sh", "-c", "kill -9 $$"] }, async (server) =>
      assert.equal((await server.ended).status, 137),
    ));

  it("passes signals on", () =>
    launched({ files: {}, command: [node, "-e", "setInterval(() => {}, 1e3); console.log()"] }, async (server) => {
      await new Promise((done) => server.child.stdout.once("data", done));
      server.child.kill("SIGHUP");
      assert.equal((await server.ended).status, 129);
    }));

  it("tells of a command that is not there", () =>
    launched({ files: {}, command: ["no-such-command"] }, async (server) => {
      assert.equal((await server.ended).status, 127);
      assert.match(server.stderr(), /^request-timeline run: .*no-such-command.*\n$/);
    }));

  it("has the record of every request that was answered when the server exits on the spot", () =>
    launched({ files: { "server.cjs": BURST }, command: [node, "server.cjs"] }, async (server) => {
      assert.equal((await server.ended).status, 4);
      const records = recordsIn(server.folder);
      assert.deepEqual(
        serverRecords(records).map(({ ord, status }) => [ord, status]),
        Array.from({ length: 150 }, (_, i) => [i + 1, 200]),
      );
      const end = records.at(-1)!;
      assert.ok(end.type === "end" && end.requests === 150 && end.lost === 0);
    }));

  it("ends no server whose code has closed the files that the hook reads", () =>
    launched({ files: { "server.cjs": DAEMON }, command: [node, "server.cjs"] }, async (server) => {
      assert.deepEqual([(await server.ended).status, server.stderr().includes("EBADF")], [5, false]);
      if (process.platform === "linux") assert.match(server.stdout(), /^[1-9]\d* closed$/m);
    }));

  it("writes nothing for a process that serves nothing", () =>
    launched({ files: {}, command: [node, "-e", "0"] }, async (server) => {
      assert.equal((await server.ended).status, 0);
      assert.deepEqual(logsIn(server.folder), []);
    }));

  it("keeps a server that is restarted, as by node --watch or nodemon, in one recording, a header for each process", () =>
    launched({ files: { "server.cjs": SERVER }, command: [node, "--watch", "server.cjs"] }, async (server) => {
      const [first] = await server.urls(1);
      await fetch(`${first}/before`, { headers: { connection: "close" } });
      const edit = (): void => writeFileSync(join(server.folder, "server.cjs"), SERVER);
      // An edit before the watcher has learnt of the file is not seen.
      const again = setInterval(edit, 7_000);
      edit();
      const urls = await server.urls(2).finally(() => clearInterval(again));
      await fetch(`${urls.at(-1)}/after`, { headers: { connection: "close" } });
      const records = await server.records(2);
      assert.deepEqual(records.map(({ target }) => target).toSorted(), ["/after", "/before"]);
      const headers = recordsIn(server.folder).filter((record) => record.type === "header");
      assert.equal(new Set(headers.map(({ recording }) => recording)).size, 1);
      assert.ok(new Set(headers.map(({ pid }) => pid)).size >= 2);
    })).timeout(60_000);

  it("gives each further process and thread a log of its own, in one recording", () =>
    launched(
      {
        files: {
          "main.cjs": `
            const { Worker } = require("node:worker_threads");
            require("./server.cjs");
            new Worker("./server.cjs");
            const child = require("node:child_process").fork("./server.cjs");
            process.on("SIGTERM", () => process.exit(child.kill() ? 0 : 1));`,
          "server.cjs": SERVER,
        },
        command: [node, "main.cjs"],
      },
      async (server) => {
        const urls = await server.urls(3);
        await Promise.all(urls.map((url) => fetch(url)));
        await server.records(3);
        const headers = recordsIn(server.folder).filter((record) => record.type === "header");
        assert.equal(logsIn(server.folder).filter((name) => name.endsWith(".ndjson")).length, 3);
        assert.equal(new Set(headers.map((header) => header.recording)).size, 1);
        assert.equal(new Set(headers.map((header) => header.log)).size, 3);
        assert.equal(new Set(headers.map((header) => header.writer)).size, 3);
        assert.deepEqual(headers.map((header) => header.thread).filter((thread) => thread > 0).length, 1);
      },
    ));

  it("numbers the workers of a cluster", () =>
    launched(
      {
        files: {
          "main.cjs": `
            const cluster = require("node:cluster");
            if (cluster.isPrimary) { cluster.fork(); cluster.fork(); process.on("SIGTERM", () => process.exit()); }
            else require("node:http").createServer((_, response) => response.end("hello")).listen(0);`,
        },
        command: [node, "main.cjs"],
      },
      async (server) => {
        const [url] = await server.urls(1);
        const headers = () => recordsIn(server.folder).filter((record) => record.type === "header");
        // They start when they start: until then the first one has all requests.
        let asked = 0;
        const deadline = Date.now() + 30_000;
        do {
          await fetch(url!, { headers: { connection: "close" } });
          await server.records(++asked);
        } while (headers().length < 2 && Date.now() < deadline);
        assert.deepEqual(
          headers()
            .map(({ worker }) => worker)
            .sort(),
          [1, 2],
        );
      },
    ));

  it("leaves a package manager around the server alone", () =>
    launched(
      {
        files: { "package.json": JSON.stringify({ scripts: { start: "exec node server.cjs" } }), "server.cjs": SERVER },
        command: ["npm", "run", "--silent", "start"],
      },
      async (server) => {
        const [url] = await server.urls(1);
        await fetch(url!);
        await server.records(1);
        assert.deepEqual(
          logsIn(server.folder).filter((name) => name.endsWith(".ndjson")),
          ["server.ndjson"],
        );
        await fetch(`${url}/exit`).catch(() => {});
        assert.equal((await server.ended).status, 3);
      },
    ));

  it("leaves a test runner alone, though it serves", () =>
    launched({ files: { "mocha.js": SERVER }, command: [node, "mocha.js"] }, async (server) => {
      await new Promise((done) => server.child.stdout.once("data", done));
      server.child.kill("SIGTERM");
      assert.equal((await server.ended).status, 0);
      assert.deepEqual(logsIn(server.folder), []);
    }));
});

describe("the environment of a launch", () => {
  it("adds the hook to NODE_OPTIONS, whatever its path holds, and keeps what is there", () =>
    inFolder(async (folder) => {
      const odd = join(folder, 'a "quoted" \\ folder');
      mkdirSync(odd);
      writeFileSync(join(odd, "hook.js"), "console.log('loaded')");
      const launch = { hook: join(odd, "hook.js"), log: "x.ndjson", recording: "r" };
      const env = hookEnvironment(launch, { ...process.env, NODE_OPTIONS: "--no-warnings" });
      const output = execFileSync(node, ["-p", "process.execArgv.length, process.env.NODE_OPTIONS"], { env });
      assert.match(String(output), /^loaded\n--no-warnings --require "/);
    }));

  it("names the log absolutely and lets VS Code's switch for its Node end here", () => {
    const env = hookEnvironment(
      { hook: HOOK, log: "x.ndjson", recording: "r" },
      { ELECTRON_RUN_AS_NODE: "1", A: "b", B: undefined },
    );
    assert.equal(env.REQUEST_TIMELINE_LOG, join(process.cwd(), "x.ndjson"));
    assert.equal(env.REQUEST_TIMELINE_RECORDING, "r");
    assert.deepEqual(Object.keys(env).sort(), [
      "A",
      "NODE_OPTIONS",
      "REQUEST_TIMELINE_LOG",
      "REQUEST_TIMELINE_RECORDING",
    ]);
  });
});
