import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Agent } from "node:http";
import { join } from "node:path";
import type { HeaderRecord, ServerRecord } from "../../../src/model/record";
import { UPLOADS } from "../../../src/server/files/uploads";
import { type RawClient, rawClient, until } from "../instrument/support";
import { buildWorker, type Site, type SiteOptions, serving } from "./support";

const waits = (seconds: number): string => `#!/bin/sh\nsleep ${seconds}\nprintf 'Content-Type: text/plain\\n\\ndone'\n`;
const FILES = {
  "index.html": "main",
  "files/old.txt": "old",
  "cgi-bin/waits.cgi": waits(0.2),
  // Longer than a busy machine takes to bring the next request.
  "cgi-bin/long.cgi": waits(0.6),
};
const pooled = (pool: SiteOptions["pool"], more: SiteOptions = {}): SiteOptions => ({ files: FILES, pool, ...more });

const headers = (site: Site): HeaderRecord[] => site.all().filter((record) => record.type === "header");
const workersOf = (site: Site): HeaderRecord[] => headers(site).filter(({ worker }) => worker !== undefined);
/** µs. */
const queueOf = (record: ServerRecord): number => record.parseStart - record.arrival![0];

/** How many requests were between their first and their last mark at the same time, at most. */
const mostAtATime = (records: readonly ServerRecord[]): number =>
  Math.max(
    ...records.map(
      ({ parseStart }) =>
        records.filter((other) => other.parseStart <= parseStart && other.sendEnd! > parseStart).length,
    ),
  );

/** Gone, or only waiting for its parent to take note. */
function hasEnded(pid: string): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

/** Sends the head of a PUT and a part of its body. */
async function halfPut(site: Site, path: string): Promise<RawClient> {
  const client = await rawClient(site.port);
  client.socket.write(`PUT ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf`);
  await until(() => readdirSync(join(site.root, "files", UPLOADS)).length > 0);
  return client;
}

describe("the pool", () => {
  before(buildWorker);

  it("serves at a time as many connections as it has workers; the others' wait is their queue", () =>
    serving(pooled({ low: 2, high: 2 }), async (site) => {
      const answers = await Promise.all([1, 2, 3, 4].map(() => site.ask("/cgi-bin/long.cgi")));
      assert.ok(answers.every(({ text }) => text === "done"));
      const records = (await site.records(4)).sort((a, b) => a.parseStart - b.parseStart);
      assert.equal(mostAtATime(records), 2);
      const [first, , third] = records;
      assert.ok(third!.arrival![1] < first!.sendEnd! && queueOf(third!) >= 100_000, `${queueOf(third!)} µs`);
    }));

  it("lets a worker have more connections where it may", () =>
    serving(pooled({ low: 1, high: 1, perWorker: 4 }), async (site) => {
      await Promise.all([1, 2, 3, 4].map(() => site.ask("/cgi-bin/long.cgi")));
      assert.ok(mostAtATime(await site.records(4)) > 2);
    }));

  it("says which worker answered, in a log of its own that is complete at the end", () =>
    serving(pooled({ low: 3, high: 3 }), async (site) => {
      await Promise.all(Array.from({ length: 12 }, () => site.ask("/cgi-bin/waits.cgi")));
      await site.close();
      assert.deepEqual(
        workersOf(site)
          .map(({ worker }) => worker)
          .sort(),
        [1, 2, 3],
      );
      assert.equal(new Set(headers(site).map(({ recording }) => recording)).size, 1);
      assert.equal(site.all().filter(({ type }) => type === "end").length, 4, "three workers and the listener");
      assert.equal(site.all().filter(({ type }) => type === "listen").length, 1);
    }));

  it("keeps the order within a worker and loses nothing: sequence numbers have no gap", () =>
    serving(pooled({ low: 2, high: 2, perWorker: 4 }), async (site) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 8 });
      await Promise.all(Array.from({ length: 400 }, () => site.ask("/", { agent })));
      agent.destroy();
      await site.close();
      let expected = 0;
      for (const record of site.all()) {
        if (record.type === "header") expected = 0;
        else assert.equal("seq" in record ? record.seq : null, ++expected);
      }
      assert.equal((await site.records(400)).length, 400);
    }));

  it("keeps no worker for an idle connection while others wait", () =>
    serving(pooled({ low: 1, high: 1 }, { limits: { keepAliveTimeout: 60_000 } }), async (site) => {
      const agent = new Agent({ keepAlive: true });
      await site.ask("/", { agent });
      assert.equal((await site.ask("/")).text, "main");
      agent.destroy();
    }));

  it("replaces a worker that dies, and gives its waiting connections to another", () =>
    serving(pooled({ low: 1, high: 1 }), async (site) => {
      await site.ask("/");
      const [first] = workersOf(site);
      const broken = site.ask("/cgi-bin/waits.cgi").catch((error: Error) => error);
      const waiting = [1, 2, 3].map(() => site.ask("/"));
      process.kill(first!.pid, "SIGKILL");
      for (const answer of await Promise.all(waiting)) assert.equal(answer.text, "main");
      await broken;
      assert.equal((await site.ask("/")).text, "main");
      assert.equal(workersOf(site).length, 2);
    }));

  it("loses a worker in the middle of a PUT without a trace: the old file, no temporary, no lock", () =>
    serving(pooled({ low: 2, high: 2 }, { writable: "/files/" }), async (site) => {
      const client = await halfPut(site, "/files/old.txt");
      const [upload] = readdirSync(join(site.root, "files", UPLOADS));
      process.kill(Number.parseInt(upload!, 10), "SIGKILL");
      await client.closed;
      await until(() => readdirSync(join(site.root, "files", UPLOADS)).length === 0);
      assert.equal((await site.ask("/files/old.txt")).text, "old");
      assert.equal((await site.ask("/files/old.txt", { method: "PUT", body: "new" })).status, 204);
      assert.equal((await site.ask("/files/old.txt")).text, "new");
    }));

  it("ends the programs of a worker that dies, with all that they have started", () => {
    const script = '#!/bin/sh\nsleep 600 &\necho $$ $! > "$(dirname "$0")/pids"\nwait\n';
    return serving(pooled({ low: 1, high: 1 }, { files: { "cgi-bin/long.cgi": script } }), async (site) => {
      const file = join(site.root, "cgi-bin/pids");
      const broken = site.ask("/cgi-bin/long.cgi").catch((error: Error) => error);
      await until(() => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
      process.kill(workersOf(site)[0]!.pid, "SIGKILL");
      await broken;
      await until(() => readFileSync(file, "utf8").trim().split(" ").every(hasEnded));
    });
  });

  it("leaves what a dead worker was at as a pending record", () =>
    serving(pooled({ low: 1, high: 1 }), async (site) => {
      const client = await rawClient(site.port);
      client.socket.write("GET / HTTP/1.1\r\nHost: local");
      await until(() => site.all().some(({ type }) => type === "pending"));
      process.kill(workersOf(site)[0]!.pid, "SIGKILL");
      await client.closed;
      assert.equal((await site.ask("/")).text, "main");
      assert.equal((await site.records(1)).length, 1, "no final record of the other one");
    }));

  it("frees a lock whose holder dies", () =>
    serving(pooled({ low: 2, high: 2 }, { writable: "/files/", lockMode: "handler" }), async (site) => {
      const client = await halfPut(site, "/files/old.txt");
      const next = site.ask("/");
      const [upload] = readdirSync(join(site.root, "files", UPLOADS));
      process.kill(Number.parseInt(upload!, 10), "SIGKILL");
      assert.equal((await next).text, "main", "it had to wait for the lock of the whole handler");
      client.socket.destroy();
    }));

  it("with a lock over the whole handler serves one request at a time, and the wait is a span", () =>
    serving(pooled({ low: 3, high: 3 }, { lockMode: "handler" }), async (site) => {
      await Promise.all([1, 2, 3].map(() => site.ask("/cgi-bin/long.cgi")));
      const waits = (await site.records(3))
        .map(({ children }) => children!.find(({ name }) => name === "handler")?.duration ?? 0)
        .sort((a, b) => a - b);
      assert.ok(waits[1]! > 150_000 && waits[2]! > 350_000 + 600_000, `${waits} µs`);
    }));

  it("that is elastic grows while connections wait, up to its high mark", () =>
    serving(pooled({ low: 1, high: 3 }), async (site) => {
      assert.equal(workersOf(site).length, 1);
      await Promise.all(Array.from({ length: 12 }, () => site.ask("/cgi-bin/waits.cgi")));
      // One that has been started takes its time to say so.
      await until(() => workersOf(site).length >= 3);
      await site.close();
      assert.equal(workersOf(site).length, 3);
    }));

  it("says so where its workers cannot start", () =>
    assert.rejects(
      serving(pooled({ worker: { file: "", arguments: [], execArgv: ["--eval", "process.exit(1)"] } }), async () => {}),
      /could not start/,
    ));
});
