import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type Alignment, align, clockSentence, type Exchanges } from "../../../../src/model/alignment";
import { empty, mapped } from "./simulation";

/**
 * Debian's faketime makes one machine two hosts. The server answers with when, on its own clock, it had the request and
 * when it handed the response over; once, with the anchor of that clock, and with how far its stamps are behind its own
 * wall clock (Date has whole milliseconds: the truth lies between the extremes of many readings).
 */
const CLOCK = `
const origin = Math.round(performance.timeOrigin * 1000);
const now = () => origin + Math.round(performance.now() * 1000);
function anchor() {
  const readings = [];
  for (let i = 0; i < 20000; i++) {
    const before = now(), wall = Date.now() * 1000, after = now();
    if (after >= before && after - before <= 50) readings.push({ low: wall - after, high: wall + 1000 - before });
  }
  // libfaketime can give a single reading without its offset while another thread has it read its file (once in some
  // hundred runs). Every true reading lies within a millisecond of their median; such a one is seconds away.
  const median = readings.map(({ low }) => low).sort((a, b) => a - b)[readings.length >> 1];
  const kept = readings.filter(({ low }) => Math.abs(low - median) < 2000);
  const low = kept.reduce((most, reading) => Math.max(most, reading.low), -Infinity);
  const high = kept.reduce((least, reading) => Math.min(least, reading.high), Infinity);
  let mono = 0n, width = Infinity;
  for (let i = 0; i < 50; i++) {
    const before = performance.now(), read = process.hrtime.bigint(), after = performance.now();
    if (after < before || after - before >= width) continue;
    width = after - before;
    mono = read - BigInt(Math.round((before + after) * 5e5));
  }
  return { wall: origin, mono: mono.toString(), behind: (low + high) / 2, error: (high - low) / 2 };
}`;
const SERVER = `${CLOCK}
require("node:http").createServer((request, response) => {
  const received = now();
  response.end(request.url === "/anchor" ? JSON.stringify(anchor()) : JSON.stringify([received, now()]));
}).listen(0, "127.0.0.1", function () { console.log(this.address().port); });`;

interface Anchor {
  wall: number;
  mono: string;
  behind: number;
  error: number;
}

const own = new Function("process", "performance", `${CLOCK}; return { now, anchor };`)(process, performance) as {
  now(): number;
  anchor(): Anchor;
};

interface Host {
  ask(): Promise<[sent: number, received: number, answered: number, seen: number]>;
  anchor: Anchor;
}

async function underFaketime(environment: Record<string, string>, use: (host: Host) => Promise<void>): Promise<void> {
  const library = spawnSync("faketime", ["-f", "+0s", "printenv", "LD_PRELOAD"], { encoding: "utf8" }).stdout.trim();
  const env = { ...process.env, LD_PRELOAD: library, ...environment };
  const child = spawn(process.execPath, ["-e", SERVER], { env, stdio: ["ignore", "pipe", "inherit"] });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const port = await new Promise<number>((resolve, reject) => {
      child.stdout.once("data", (chunk) => resolve(Number(chunk)));
      child.once("exit", (code) => reject(new Error(`the server under faketime has ended with ${code}`)));
    });
    const fetched = (path: string) =>
      new Promise<{ sent: number; seen: number; body: unknown }>((resolve, reject) => {
        const sent = own.now();
        get({ host: "127.0.0.1", port, path, agent }, (response) => {
          const seen = own.now();
          let text = "";
          response.setEncoding("utf8").on("data", (part) => {
            text += part;
          });
          response.on("end", () => resolve({ sent, seen, body: JSON.parse(text) }));
        }).on("error", reject);
      });
    await use({
      anchor: (await fetched("/anchor")).body as Anchor,
      async ask() {
        const { sent, seen, body } = await fetched("/");
        const [received, answered] = body as [number, number];
        return [sent, received, answered, seen];
      },
    });
  } finally {
    agent.destroy();
    child.kill();
  }
}

async function measure(host: Host, count: number, every: number): Promise<Exchanges> {
  const of = empty(count);
  for (let i = 0; i < count; i++) {
    [of.sent[i], of.received[i], of.answered[i], of.seen[i]] = await host.ask();
    await wait(every);
  }
  return of;
}

/** What two logs of one boot would take for their offset. */
const sharedOffset = (server: Anchor, client: Anchor): number =>
  server.wall - client.wall - Number(BigInt(server.mono) - BigInt(client.mono)) / 1000;

function holds(alignment: Alignment, time: number, truth: number, slack: number): void {
  const { low, high } = alignment.offsetAt(time);
  assert.ok(low - slack <= truth && truth <= high + slack, `${truth} outside ${low}…${high} (± ${slack})`);
}

const exists = spawnSync("faketime", ["--version"]).status === 0;

describe("two clocks on one machine (faketime)", function () {
  this.timeout(60_000);
  before(function () {
    // The one tool of this test that npm does not bring: .ci/run installs it.
    if (!exists) this.skip();
  });

  it("3 s ahead and drifting 100 ppm: the truth is in the bounds, and one boot is not believed", async () => {
    const started = own.now();
    await underFaketime({ FAKETIME: "+3s x1.0001" }, async (host) => {
      const client = own.anchor();
      const ready = own.now();
      const of = await measure(host, 300, 8);
      const alignment = align(of, { grain: 1, shared: sharedOffset(host.anchor, client) });
      assert.equal(alignment.quality, "bounded");
      assert.equal(alignment.epochs.length, 1, clockSentence(alignment));
      // The drift began when the process did, at some moment between the two.
      const slack = host.anchor.error + client.error + ((ready - started) / 2) * 1e-4;
      const begin = (started + ready) / 2;
      for (const time of of.sent) {
        const truth = 3e6 + (time - begin) * 1e-4 - host.anchor.behind + client.behind;
        holds(alignment, time, truth, slack + 20);
      }
      const [least, most] = alignment.epochs[0]!.driftRange!;
      assert.ok(least <= 100 && most >= 100, `drift ${least}…${most}`);
      assert.match(clockSentence(alignment), /^Server clock 3\.00\d s ahead ± /);
    });
  });

  it("only the wall clock differs: one boot is believed, and every request agrees", async () => {
    await underFaketime({ FAKETIME: "+3s", FAKETIME_DONT_FAKE_MONOTONIC: "1" }, async (host) => {
      const of = await measure(host, 100, 1);
      const alignment = align(of, { grain: 1, shared: sharedOffset(host.anchor, own.anchor()) });
      assert.equal(alignment.quality, "exact");
      assert.ok(Math.abs(alignment.offsetAt(of.sent[0]!).offset - 3e6) < 50_000);
    });
  });

  it("a step while it runs is found where it was, and each side's truth is in its bounds", async () => {
    const folder = mkdtempSync(join(tmpdir(), "faketime-"));
    const file = join(folder, "time");
    writeFileSync(file, "+3s\n");
    try {
      await underFaketime({ FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: "1" }, async (host) => {
        const client = own.anchor();
        const before = await measure(host, 100, 2);
        // At once: a file that is being written says nothing for a moment.
        writeFileSync(`${file}.new`, "+8s\n");
        renameSync(`${file}.new`, file);
        const stepped = own.now();
        const after = await measure(host, 100, 2);
        const of = mapped(before, (column, name) => Float64Array.of(...column, ...after[name]));
        const alignment = align(of, { grain: 1, shared: sharedOffset(host.anchor, client) });
        assert.equal(alignment.quality, "bounded");
        const { epochs } = alignment;
        assert.equal(epochs.length, 2, clockSentence(alignment));
        assert.ok(epochs[0]!.to <= stepped && epochs[1]!.from >= before.seen[99]!);
        assert.ok(epochs[1]!.from <= after.seen[1]!, "within one pair");
        const slack = host.anchor.error + client.error + 20;
        const base = 3e6 - host.anchor.behind + client.behind;
        for (const time of before.sent) holds(alignment, time, base, slack);
        for (const time of after.seen) holds(alignment, time, base + 5e6, slack);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
