import assert from "node:assert/strict";
import { Admission } from "../../../src/server/pool/admission";
import { type Random, random } from "../model/random";
import { buildWorker, type Site, type SiteOptions, serving } from "./support";

/**
 * A pool with `places` of work that each takes `service` ms, offered `load` times what it can do, in time that is only
 * counted. Gives the longest queue that was ever waiting, in ms of work a place, and the share that was refused.
 */
function simulate(load: number, maxLoad: number, places: number, service: number, chance: Random) {
  const admission = new Admission(maxLoad, 0);
  const free: number[] = Array(places).fill(0);
  const ends: { at: number; charged: number; cost: number }[] = [];
  let longest = 0;
  let refused = 0;
  let last = 0;
  const arrivals = 20_000;
  for (let i = 0; i < arrivals; i++) {
    last += chance.exponential(service / places / load);
    const now = last;
    ends.sort((a, b) => a.at - b.at);
    while (ends.length && ends[0]!.at <= now) {
      const { charged, cost } = ends.shift()!;
      admission.settle(charged, cost);
    }
    const charged = admission.admit(places, now);
    if (charged === null) {
      refused++;
      continue;
    }
    free.sort((a, b) => a - b);
    const start = Math.max(now, free[0]!);
    longest = Math.max(longest, start - now);
    const cost = service * (0.5 + chance.next());
    free[0] = start + cost;
    ends.push({ at: start + cost, charged, cost });
  }
  return { longest, refused: refused / arrivals };
}

describe("admission", () => {
  for (const load of [1.5, 3, 10])
    it(`of ${load} times the capacity refuses what is too much, and keeps the queue short`, () => {
      const { longest, refused } = simulate(load, 0.95, 4, 50, random(1));
      const needed = 1 - 0.95 / load;
      assert.ok(Math.abs(refused - needed) < 0.05, `refused ${refused}, needed ${needed}`);
      assert.ok(longest < 1_500, `${longest} ms`);
    });

  it("of half the capacity refuses next to nothing", () => {
    const { refused } = simulate(0.5, 0.95, 4, 50, random(2));
    assert.ok(refused < 0.01, `${refused}`);
  });

  it("comes back after a quiet time, but does not save it up", () => {
    const admission = new Admission(0.95, 0);
    for (let i = 0; i < 100; i++) admission.settle(0, 100);
    assert.equal(admission.admit(1, 1), null);
    assert.ok(admission.retryAfter(1) >= 10);
    assert.notEqual(admission.admit(1, 1e9), null);
    let admitted = 1;
    while (admission.admit(1, 1e9) !== null) admitted++;
    assert.ok(admitted < 10, `${admitted}`);
  });
});

const SERVICE_MS = 50;
const WAITS = `#!/bin/sh\nsleep ${SERVICE_MS / 1000}\nprintf 'Content-Type: text/plain\\n\\ndone'\n`;

/** Requests on a schedule, whatever becomes of them; the answers' times in ms, by status. */
async function openLoop({ ask }: Site, perSecond: number, seconds: number): Promise<{ status: number; ms: number }[]> {
  const start = performance.now();
  const answers: Promise<{ status: number; ms: number }>[] = [];
  for (let i = 0; i < perSecond * seconds; i++) {
    const due = start + (i * 1000) / perSecond;
    while (performance.now() < due) await new Promise((done) => setTimeout(done, Math.max(1, due - performance.now())));
    answers.push(ask("/cgi-bin/waits.cgi").then(({ status }) => ({ status, ms: performance.now() - due })));
  }
  return Promise.all(answers);
}

describe("a pool that is offered more than it can do", function () {
  // A backlog takes its time.
  this.timeout(60_000);
  before(buildWorker);
  const options = (maxLoad: number | null): SiteOptions => ({
    files: { "cgi-bin/waits.cgi": WAITS },
    pool: { low: 2, high: 2, maxLoad },
  });
  const SECONDS = 2;
  /** Half as much again as two workers can do, were they nothing but the wait. */
  const RATE = Math.round((2 * 1000 * 1.5) / SERVICE_MS);

  it("answers in bounded time what it admits, and refuses the rest, which is in the log", async () => {
    const unbounded = await serving(options(null), (site) => openLoop(site, RATE, SECONDS));
    assert.ok(unbounded.every(({ status }) => status === 200));
    const grown = Math.max(...unbounded.map(({ ms }) => ms));
    await serving(options(0.95), async (site) => {
      const answers = await openLoop(site, RATE, SECONDS);
      const refused = answers.filter(({ status }) => status === 503);
      const accepted = answers.filter(({ status }) => status === 200);
      assert.equal(refused.length + accepted.length, answers.length);
      assert.ok(refused.length > answers.length * 0.2, `${refused.length} of ${answers.length}`);
      const longest = Math.max(...accepted.map(({ ms }) => ms));
      assert.ok(longest < grown / 1.5, `${longest} ms with admission, ${grown} ms without`);
      const statuses = (await site.records(answers.length)).map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 503).length, refused.length);
    });
  });

  it("says when to come back", () =>
    serving(options(0.01), async (site) => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => site.ask("/cgi-bin/waits.cgi")));
      await Promise.all(Array.from({ length: 20 }, () => site.ask("/cgi-bin/waits.cgi")));
      const late = [...answers, await site.ask("/cgi-bin/waits.cgi")].filter(({ status }) => status === 503);
      assert.ok(late.length > 0);
      for (const { headers } of late) assert.match(headers["retry-after"]!, /^[1-9]\d*$/);
    }));
});
