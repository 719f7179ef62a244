import assert from "node:assert/strict";
import { kindOf } from "../../../src/model/kind";
import { durations, type StampKey, uncertainties } from "../../../src/model/metrics";

const stamps = (known: Partial<Record<StampKey, number>>) => (key: StampKey) => known[key] ?? Number.NaN;

/** The worked example of the methodology (section 5.1), µs after 10:15:40. */
const example = stamps({
  requestStart: 80_000,
  parseStart: 171_298,
  parseEnd: 178_134,
  processEnd: 308_017,
  sendEnd: 308_993,
  responseStart: 570_000,
  responseEnd: 2_000_000,
});

describe("the durations of a request", () => {
  it("are those of the worked example", () => {
    const of = durations(example, null);
    assert.equal(of.clientResponse, 1_920_000);
    assert.equal(of.serverResponse, 137_695);
    assert.equal(of.network, 1_782_305);
    assert.deepEqual([of.parse, of.process, of.send], [6_836, 129_883, 976]);
    assert.equal(of.parse! + of.process! + of.send!, of.serverResponse);
    assert.equal(of.wait! + of.load!, of.clientResponse);
  });

  it("are null where a stamp is unknown, and across the clocks without an offset", () => {
    const of = durations(example, null);
    for (const key of ["queue", "dns", "connect", "tls", "blocked", "networkUp", "networkDown"] as const)
      assert.equal(of[key], null, key);
  });

  it("take the middle of an arrival's interval, with half of it as uncertainty", () => {
    const stamp = stamps({ requestStart: 100, arrivalEarliest: 1000, arrivalLatest: 1300, parseStart: 1500 });
    const offset = { up: 850, down: 850, uncertainty: 40, exact: false };
    const of = durations(stamp, offset);
    assert.equal(of.queue, 350);
    assert.equal(of.networkUp, 200);
    assert.deepEqual(uncertainties(of, stamp, offset), { queue: 150, networkUp: 190 });
  });

  it("narrow the arrival by the client's send where the clocks are aligned, and by its write within one machine", () => {
    // The loop was blocked from 0 to 500 ms; the request was written at 50 ms.
    const stamp = stamps({
      requestStart: 50_000,
      requestEnd: 50_100,
      arrivalEarliest: 0,
      arrivalLatest: 500_000,
      parseStart: 500_000,
    });
    assert.equal(durations(stamp, null, true).queue, 250_000);
    assert.equal(uncertainties(durations(stamp, null, true), stamp, null, true).queue, 250_000);
    const estimated = { up: 0, down: 0, uncertainty: 40, exact: false };
    assert.equal(durations(stamp, estimated).queue, (500_000 - 50_000 + 40) / 2);
    const known = { ...estimated, uncertainty: 0, exact: true };
    assert.equal(durations(stamp, known).queue, 449_950);
    assert.equal(uncertainties(durations(stamp, known), stamp, known).queue, 50);
  });

  it("count as queued only what is certain, where there is no client and the log names nobody that kept the loop busy", () => {
    const stamp = stamps({ arrivalEarliest: 1_000, arrivalLatest: 21_000, parseStart: 21_200 });
    const of = durations(stamp, null);
    assert.equal(of.queue, 200);
    assert.deepEqual(uncertainties(of, stamp, null), { queue: 20_000 });
  });

  it("keep an arrival that was logged as a point, whatever the client says", () => {
    const stamp = stamps({
      requestStart: 900,
      requestEnd: 950,
      arrivalEarliest: 800,
      arrivalLatest: 800,
      parseStart: 1_000,
    });
    assert.equal(durations(stamp, { up: 0, down: 0, uncertainty: 1, exact: true }).queue, 200);
  });

  it("sum to the network's, up and down, where all is known", () => {
    const stamp = stamps({
      requestStart: 0,
      arrivalEarliest: 5_100,
      arrivalLatest: 5_100,
      parseStart: 5_150,
      sendEnd: 5_400,
      responseEnd: 600,
    });
    const of = durations(stamp, { up: 5_000, down: 5_000, uncertainty: 0, exact: true });
    assert.equal(of.networkUp! + of.queue! + of.networkDown!, of.network);
    assert.deepEqual(uncertainties(of, stamp, { up: 5_000, down: 5_000, uncertainty: 0, exact: true }), {});
  });

  it("count what lies before mark 1 from fetchStart", () => {
    const stamp = stamps({
      fetchStart: 0,
      domainLookupStart: 10,
      domainLookupEnd: 15,
      connectStart: 15,
      secureConnectionStart: 20,
      connectEnd: 40,
      requestStart: 41,
    });
    const { blocked, dns, connect, tls } = durations(stamp, null);
    assert.deepEqual({ blocked, dns, connect, tls }, { blocked: 10, dns: 5, connect: 25, tls: 20 });
    assert.equal(durations(stamps({ fetchStart: 0, requestStart: 7 }), null).blocked, 7);
  });
});

describe("the kind of a resource", () => {
  for (const [target, kind] of Object.entries({
    "/": "document",
    "/images/header.JPG": "image",
    "/app.js?v=3": "script",
    "/page.html": "document",
    "/page.html?x": "dynamic",
    "/cgi-bin/calendar.cgi": "dynamic",
    "/cgi-bin/x": "dynamic",
    "/download": "other",
    "/x.constructor": "other",
  }))
    it(`of ${target} is ${kind}`, () => assert.equal(kindOf(target), kind));

  it("of a framework's route is dynamic", () => assert.equal(kindOf("/users/7", true), "dynamic"));
});
