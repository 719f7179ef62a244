import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportJson } from "../../../src/engine/report-json";
import { Store } from "../../../src/engine/store";
import { detectFormat } from "../../../src/formats/registry";
import type { Report } from "../../../src/model/report";
import { type Random, random, seeds } from "../model/random";

interface Log {
  name: string;
  text: string;
}

/** Writes the logs into a store some bytes at a time, all of them in turn, and joins after each turn. */
function grow(logs: readonly Log[], turns: number, dice: Random): Store {
  const store = new Store();
  const writers = logs.map(({ name, text }) => {
    const bytes = Buffer.from(text);
    const decoder = detectFormat(text)!.open(store.addFile(`/${name}`, name), { file: name, zone: -7 * 60 });
    return { bytes, decoder, at: 0 };
  });
  for (let turn = 1; turn <= turns; turn++) {
    for (const writer of writers) {
      // A log may be late by some turns: what it has to say of others' records comes after them.
      const part = turn === turns ? 1 : Math.max(0, turn - dice.below(3)) / turns;
      const to = Math.max(writer.at, Math.floor(writer.bytes.length * part));
      writer.decoder.push(writer.bytes.subarray(writer.at, to));
      if (turn === turns) writer.decoder.end();
      writer.at = to;
    }
    store.stamps.join();
  }
  return store;
}

/** What a report says, but for the order in which it came to be known. */
function said(store: Store): { requests: string[]; problems: string[]; clocks: unknown } {
  const { requests, problems, clocks }: Report = JSON.parse([...reportJson(store)].join(""));
  return {
    requests: requests.map((request) => JSON.stringify(request)).sort(),
    problems: problems.map((problem) => JSON.stringify(problem)).sort(),
    clocks,
  };
}

describe("historical logs that grow while they are open", function () {
  this.timeout(120_000);
  let logs: Log[];

  before(() => {
    const folder = mkdtempSync(join(tmpdir(), "historical-live-"));
    try {
      execFileSync(process.execPath, ["examples/campus-1999/write-logs.mjs", folder]);
      const names = readdirSync(folder).filter((name) => detectFormat(readFileSync(join(folder, name), "utf8")));
      logs = names.map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
    } finally {
      rmSync(folder, { recursive: true });
    }
    assert.ok(logs.length >= 2);
  });

  it("say in the end what they say when they are opened then, however they grew", () => {
    const dice = random(1);
    const whole = said(grow(logs, 1, dice));
    assert.ok(whole.requests.length > 126);
    for (let seed = 0; seed < seeds(2, 20); seed++) {
      const store = grow(logs, 12 + dice.below(8), random(seed));
      const live = said(store);
      assert.deepEqual(live, whole, `seed ${seed}`);
      // Every line of a request leads to a row that is one.
      for (const file of store.files)
        for (let line = 1; file.at(line); line++) {
          const place = file.at(line)!;
          assert.ok(!store.rows.isEmpty(store.rows.row(place.side, place.record)), `${file.name}:${line}`);
        }
    }
  });

  it("take a mark that comes late into the request's row, which stays the row it was", () => {
    const store = new Store();
    const file = store.addFile("/time.txt", "time.txt");
    const stamp = (mark: "requestStart" | "responseStart" | "responseEnd", time: number, line: number) =>
      file.record({ type: "stamp", role: "client", url: "http://h/a", mark, time: time * 1e6, grain: 1 }, line);
    stamp("requestStart", 1, 1);
    store.stamps.join();
    const place = file.at(1)!;
    const row = store.rows.row("client", place.record);
    assert.ok(Number.isNaN(store.client.time(place.record, "responseEnd")));
    stamp("responseEnd", 3, 3);
    store.stamps.join();
    assert.deepEqual(file.at(3), place);
    assert.equal(store.rows.row("client", place.record), row);
    assert.equal(store.client.time(place.record, "responseEnd"), 3e6);
    assert.equal(store.rows.requests, 1);
    // What could not be told is no problem any more once it can.
    stamp("responseEnd", 5, 5);
    store.stamps.join();
    assert.equal(store.problems.total, 1);
    stamp("requestStart", 4, 4);
    store.stamps.join();
    assert.deepEqual([store.problems.total, store.rows.requests], [1, 2]);
  });

  it("hold no more marks than some hours have, and lose none", () => {
    const store = new Store();
    const browser = store.addFile("/time.txt", "time.txt");
    const server = store.addFile("/projlog2", "projlog2");
    const requests = seeds(12_000, 100_000);
    const line = { browser: 0, server: 0 };
    let most = 0;
    for (let request = 0; request < requests; request++) {
      const start = 9e14 + request * 2e6;
      const path = `/${request % 40}`;
      const mark = { type: "stamp", role: "client", url: `http://h${path}`, grain: 1 } as const;
      browser.record({ ...mark, mark: "requestStart", time: start }, ++line.browser);
      const stamp = { type: "stamp", role: "server", grain: 1 } as const;
      server.record({ ...stamp, mark: "parseStart", time: start + 300_010_000 }, ++line.server);
      server.record({ ...stamp, mark: "parseEnd", file: path, time: start + 300_020_000 }, ++line.server);
      server.record({ ...stamp, mark: "parseEnd", file: path, time: start + 300_030_000 }, ++line.server);
      browser.record({ ...mark, mark: "responseStart", time: start + 40_000 }, ++line.browser);
      browser.record({ ...mark, mark: "responseEnd", time: start + 50_000 }, ++line.browser);
      if (request % 2_000 !== 1_999) continue;
      store.stamps.join();
      most = Math.max(most, store.stamps.held);
    }
    store.stamps.join();
    assert.ok(most < 50_000, `${most} marks`);
    let wrong = 0;
    for (let client = 0; client < requests; client++) {
      const peer = store.rows.server(store.rows.row("client", client));
      const sent = store.client.time(client, "requestStart");
      if (store.server.time(peer, "parseStart") - sent !== 300_010_000) wrong++;
    }
    assert.deepEqual([wrong, store.rows.requests, store.problems.total], [0, requests, 0]);
  });
});
