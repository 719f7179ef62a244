import assert from "node:assert/strict";
import { join } from "node:path";
import { defaultProbeOptions, planOf } from "../../../src/cli/probe-options";
import { LogWriter } from "../../../src/log/writer";
import { Exchange } from "../../../src/probe/exchange";
import { arrivals } from "../../../src/probe/load/arrivals";
import { runClosedLoop } from "../../../src/probe/load/closed-loop";
import { Histogram } from "../../../src/probe/load/histogram";
import { isLoopback, MAX_FOREIGN_RATE, Pace } from "../../../src/probe/load/limits";
import type { LoadPlan } from "../../../src/probe/load/load";
import { parseMix } from "../../../src/probe/load/mix";
import { seeded, weighted } from "../../../src/probe/load/random";
import { originOf } from "../../../src/probe/origin";
import { runProbe } from "../../../src/probe/probe";
import { Recorder } from "../../../src/probe/recorder";
import { cannedServer, cleanUp, httpServer, millis, newFolder, planFor, probe, rawServer } from "./support";

afterEach(cleanUp);

const loadOf = (url: string, plan: Partial<LoadPlan>): LoadPlan => ({
  mix: [{ weight: 1, method: "GET", url: new URL(url) }],
  arrivals: "constant",
  duration: 0.5,
  warmup: 0,
  seed: 1,
  unlimited: false,
  ...plan,
});

describe("arrivals", () => {
  it("at equal distances never drift", () => {
    const next = arrivals("constant", 3, seeded(1));
    let last = 0;
    for (let i = 0; i <= 3_000_000; i++) last = next();
    assert(Math.abs(last - 1e12) < 1e-3, String(last));
  });

  it("at random have exponential gaps of the right mean and spread", () => {
    const next = arrivals("poisson", 1000, seeded(7));
    let before = 0;
    const gaps = Array.from({ length: 100_000 }, () => {
      const at = next();
      const gap = at - before;
      before = at;
      return gap;
    });
    const mean = gaps.reduce((sum, gap) => sum + gap) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    assert(Math.abs(mean - 1000) < 15 && Math.abs(deviation - 1000) < 25, `${mean} ${deviation}`);
  });

  it("and draws of a mix are the same for the same seed", () => {
    const draws = (seed: number) => {
      const draw = weighted([1, 2, 3], seeded(seed));
      return Array.from({ length: 50 }, draw).join("");
    };
    assert.equal(draws(5), draws(5));
    assert.notEqual(draws(5), draws(6));
  });
});

describe("a mix", () => {
  it("is a weight, a method and a URL a line", () => {
    const entries = parseMix("# static\n35% /small\r\n\n50 HEAD http://other:1/x#y\n0.5\tpost /z", "http://h:8");
    assert.deepEqual(
      entries.map(({ weight, method, url }) => [weight, method, url.href]),
      [
        [35, "GET", "http://h:8/small"],
        [50, "HEAD", "http://other:1/x"],
        [0.5, "POST", "http://h:8/z"],
      ],
    );
  });

  it("draws in proportion, and never what has no weight", () => {
    const draw = weighted([35, 50, 14, 1, 0], seeded(3));
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 100_000; i++) counts[draw()]!++;
    assert.deepEqual(
      counts.map((count) => Math.round(count / 1000)),
      [35, 50, 14, 1, 0],
    );
  });

  it("says which line is wrong", () => {
    assert.throws(() => parseMix("1 /a\nx /b", "http://h"), /line 2/);
    assert.throws(() => parseMix("# nothing"), /no request/);
    assert.throws(() => parseMix("0 /a", "http://h"), /no request/);
  });
});

describe("a histogram", () => {
  it("tells quantiles to within a percent, and the maximum exactly", () => {
    const histogram = new Histogram();
    for (let i = 1; i <= 100_000; i++) histogram.add(i);
    for (const q of [0.01, 0.5, 0.95, 0.99]) {
      const value = histogram.quantile(q)!;
      assert(value >= q * 100_000 - 1 && value <= q * 100_000 * 1.011, `${q}: ${value}`);
    }
    assert.equal(histogram.summary().max, 100_000);
    assert.equal(new Histogram().quantile(0.5), null);
  });
});

describe("an open loop", () => {
  it("calls for its requests at their times, logs them, and marks the warm-up", async () => {
    const url = await httpServer((_, response) => response.end());
    const load = loadOf(url, { rate: 200, warmup: 0.2 });
    const { requests, result } = await probe([], { load, connections: 32 });
    assert.equal(requests.length, 140);
    const intended = requests.map(({ intendedStart }) => intendedStart!);
    for (const [i, at] of intended.entries()) assert(Math.abs(at - intended[0]! - i * 5000) <= 1);
    assert.deepEqual([requests.filter(({ warmup }) => warmup).length, requests[40]!.warmup], [40, undefined]);
    assert(requests.every(({ intendedStart, requestStart }) => requestStart! >= intendedStart!));
    assert.equal(result.answered, 140);
    assert(result.load!.sinceIntended!.p50! >= result.load!.clientResponse.p50!);
  });

  it("shows a server's stall in all requests that were due in it; a closed loop does not", async () => {
    const STALL = 500;
    const stalling = async () => {
      let stallUntil = 0;
      let count = 0;
      return httpServer((_, response) => {
        if (++count === 40) stallUntil = Date.now() + STALL;
        const wait = stallUntil - Date.now();
        if (wait > 0) setTimeout(() => response.end(), wait);
        else response.end();
      });
    };
    const open = await probe([], { load: loadOf(await stalling(), { rate: 200, duration: 1 }), connections: 4 });
    // Due in the first half of the stall, they are late by the other half at least; 200 a second are due.
    const late = open.requests.filter((request) => millis(request, "intendedStart", "responseEnd") > STALL / 2);
    assert(late.length >= 45, `${late.length} of ${open.requests.length}`);
    const slow = open.requests.filter((request) => millis(request, "requestStart", "responseEnd") > STALL / 2);
    assert(slow.length <= 8, "the service's own time shows no more than the connections that were stuck");
    const closed = await probe([], { load: loadOf(await stalling(), { duration: 1 }), connections: 4 });
    const stuck = closed.requests.filter((request) => millis(request, "requestStart", "responseEnd") > 400);
    assert(stuck.length <= 4, String(stuck.length));
    assert(closed.requests.every(({ intendedStart }) => intendedStart === undefined));
  });

  it("gives up what waits too long for a connection, so that no backlog grows without end", async () => {
    const url = await httpServer(() => {});
    const { requests } = await probe([], { load: loadOf(url, { rate: 100 }), connections: 1, timeout: 0.3 });
    assert(requests.length >= 50 && requests.every(({ state }) => state === "failed"));
    assert(requests.some(({ error, requestStart }) => /no connection was free/.test(error ?? "") && !requestStart));
  });

  it("fails as a whole only where nobody answers", async () => {
    const { result } = await probe([], { load: loadOf("http://127.0.0.1:1/", { rate: 20 }), connections: 4 });
    assert.deepEqual([result.answered, result.unanswered], [0, 10]);
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    const url = await httpServer((_, response) => response.end());
    setTimeout(() => controller.abort(), 200);
    const { result } = await probe([], { load: loadOf(url, { rate: 100, duration: 60 }) }, controller.signal);
    assert(result.stopped && result.requests < 100);
  });
});

describe("a closed loop", () => {
  it("has one request under way on each connection, and a connection for each request where told so", async () => {
    let open = 0;
    let most = 0;
    const url = await httpServer((_, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open--;
        response.end();
      }, 5);
    });
    const kept = await probe([], { load: loadOf(url, {}), connections: 3 });
    assert.equal(most, 3);
    assert.equal(new Set(kept.requests.map(({ conn }) => conn)).size, 3);
    const single = await probe([], {
      load: loadOf(url, { duration: 0.2 }),
      connections: 3,
      connectionPerRequest: true,
    });
    assert.equal(new Set(single.requests.map(({ conn }) => conn)).size, single.requests.length);
    assert(single.requests.every(({ connectStart, connectEnd }) => connectStart && connectEnd));
  });

  it("sends what fell due in one turn together, never within the handler of an answer", async () => {
    const underWay: (() => void)[] = [];
    const turns: number[] = [];
    let answering = false;
    const answerAll = () => {
      turns.push(underWay.length);
      answering = true;
      for (const answer of underWay.splice(0)) answer();
      answering = false;
      // The immediates of this turn are those that were there before it: the loop's runs first.
      if (turns.length < 10) setImmediate(answerAll);
    };
    const request = { method: "GET", origin: originOf(new URL("http://127.0.0.1:1/")), target: "/" };
    const ended = runClosedLoop({
      connections: 5,
      end: Number.POSITIVE_INFINITY,
      paced: false,
      send(_, settled) {
        assert(!answering);
        const exchange = new Exchange(request, settled);
        exchange.outcome = "complete";
        underWay.push(() => settled(exchange));
      },
      hasStopped: () => turns.length === 10,
    });
    answerAll();
    await ended;
    assert.deepEqual(turns, Array(10).fill(5));
  });

  it("keeps a request's own id where the answer comes before the request has gone out", async () => {
    const controller = new AbortController();
    let ids: string[] = [];
    const url = await rawServer((socket) => {
      let text = "";
      socket.once("data", () => {
        // The rest of the first request stays in the client's queue while the second one is sent.
        socket.write("HTTP/1.1 204 No Content\r\n\r\n");
        socket.pause();
        setTimeout(() => socket.resume(), 50);
      });
      socket.on("data", (bytes) => {
        text = (text + bytes.toString("latin1")).replace(/x{9,}/g, "");
        ids = [...text.matchAll(/traceparent: 00-(.*)-01\r\n\r\n/g)].map(([, id]) => id!);
        if (ids.length === 2) controller.abort();
      });
    });
    const headers = [["X-Long", "x".repeat(12e6)]] as const;
    const { requests } = await probe([], { load: loadOf(url, {}), connections: 1, headers }, controller.signal);
    assert.deepEqual(
      ids,
      requests.map(({ id }) => id),
    );
  });

  it("does not spin where the server is gone", async () => {
    const { requests } = await probe([], { load: loadOf("http://127.0.0.1:1/", { duration: 0.5 }), connections: 2 });
    assert(requests.length <= 14, String(requests.length));
  });
});

describe("the limits for other people's servers", () => {
  it("know this machine by its names and addresses", () => {
    for (const host of ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
      assert(isLoopback(host), host);
    for (const host of ["example.org", "10.0.0.1", "128.0.0.1", "::2", "localhost.example.org", "127.0.0.1.nip.io"])
      assert(!isLoopback(host), host);
  });

  const plan = (url: string, options: object) => () =>
    planOf([url], { ...defaultProbeOptions(), duration: 1, ...options });
  it("refuse more than 50 connections or 2,000 requests/s, unless the user owns the host", () => {
    assert.throws(plan("http://10.0.0.1/", { rate: 2001 }), /2000 requests\/s are refused/);
    assert.throws(plan("http://10.0.0.1/", { rate: 1, connections: 51 }), /50 connections are refused/);
    assert.throws(plan("http://10.0.0.1/", { duration: undefined, connections: 51 }), /--i-own-this-host/);
    plan("http://10.0.0.1/", { rate: 2000, connections: 50 })();
    plan("http://10.0.0.1/", { rate: 2001, connections: 51, iOwnThisHost: true })();
    plan("http://[::1]/", { rate: 20_000, connections: 500 })();
  });

  const wrong: [options: object, says: RegExp][] = [
    [{ rate: 1, closed: true }, /give one of them/],
    [{}, /needs --rate R/],
    [{ rate: 1, duration: undefined }, /needs --duration/],
    [{ rate: 1, page: true }, /do not go with a load/],
    [{ rate: 1, http: "2" }, /a load speaks HTTP\/1\.1/],
    [{ rate: 1, mix: "/no/mix" }, /^Error: there is no file \/no\/mix$/],
    [{ duration: undefined, warmUp: 1 }, /belong to a load/],
  ];
  for (const [options, says] of wrong)
    it(`and what makes no sense is told: ${JSON.stringify(options)}`, () =>
      assert.throws(plan("http://127.0.0.1/", options), says));
});

describe("a closed loop's pace on somebody else's server", () => {
  it("is the limit, and in no second more, however many ask at once", () => {
    const pace = new Pace();
    const sent: number[] = [];
    // Fifty loops: each asks again when it was told to, with a timer's whole milliseconds.
    const asks = Array.from({ length: 50 }, (_, i) => 7e6 + i);
    while (Math.min(...asks) < 12e6) {
      const time = Math.min(...asks);
      const wait = pace.wait(time);
      if (wait === 0) sent.push(time);
      asks[asks.indexOf(time)] = time + (wait === 0 ? 150 : wait * 1000 + 90);
    }
    for (const [i, time] of sent.entries())
      assert((sent[i + MAX_FOREIGN_RATE] ?? Number.POSITIVE_INFINITY) - time >= 1e6, `from ${time}`);
    assert(sent.length / 5 > 0.95 * MAX_FOREIGN_RATE, String(sent.length / 5));
  });
});

describe("what went wrong in a load", () => {
  it("is counted by sentence, in bounded memory", async () => {
    const url = await httpServer((request, response) => {
      if (request.url === "/cut") request.socket.end("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi");
      else response.end();
    });
    const mix = [1, 1].map((weight, i) => ({ weight, method: "GET", url: new URL(i ? "/cut" : "/", url) }));
    const { result } = await probe([], { load: { ...loadOf(url, { rate: 100, duration: 0.3 }), mix } });
    assert(result.failed > 0 && result.answered > 0);
    assert.deepEqual(result.errors, {
      "the connection was closed 3 bytes before the end of the answer": result.failed,
    });
    const recorder = new Recorder(new LogWriter({ file: join(newFolder(), "client.ndjson"), role: "client" }));
    for (let i = 0; i < 100; i++)
      recorder.record({ req: i, method: "GET", url: "http://h/", state: "failed", error: `sentence ${i}` });
    assert.deepEqual([recorder.totals.failed, Object.keys(recorder.totals.errors).length], [100, 20]);
    recorder.close();
  });
});

describe("memory", () => {
  const requests = process.env.SOAK ? 1_000_000 : 20_000;
  it(`does not grow with the requests: ${requests}`, async function () {
    this.timeout(60_000 + requests);
    const url = await cannedServer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    const controller = new AbortController();
    let half = 0;
    let whole = 0;
    const file = join(newFolder(), "client.ndjson");
    const recorder = new Recorder(new LogWriter({ file, role: "client" }));
    const plan = planFor([], { load: loadOf(url, { duration: 3600 }), connections: 16 });
    const timer = setInterval(() => {
      const used = () => {
        global.gc?.();
        return process.memoryUsage().heapUsed;
      };
      if (!half && recorder.totals.requests > requests / 2) half = used();
      if (recorder.totals.requests > requests) {
        whole = used();
        controller.abort();
      }
    }, 5);
    const result = await runProbe(plan, recorder, controller.signal);
    clearInterval(timer);
    recorder.close();
    assert(result.answered > requests - 100, String(result.answered));
    // Without --expose-gc garbage counts too: then only a leak of everything would be seen.
    assert(whole - half < (global.gc !== undefined ? 10e6 : 200e6), `${whole - half} bytes`);
  });
});
