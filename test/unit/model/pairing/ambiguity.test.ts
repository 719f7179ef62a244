import assert from "node:assert/strict";
import { joinClientStamps } from "../../../../src/model/pairing/client-stamps";
import { pairByOrder } from "../../../../src/model/pairing/order";
import { joinServerStamps } from "../../../../src/model/pairing/server-stamps";
import type { StampRecord } from "../../../../src/model/record";
import { random } from "../random";

const SECOND = 1_000_000;
const CLIENT_MARKS = { S: "requestStart", R: "responseStart", F: "responseEnd" } as const;

/** `S1 R2 F3`: marks of one URL at seconds. */
const browser = (marks: string, url = "http://h/a"): StampRecord[] =>
  marks.split(" ").map((word) => ({
    type: "stamp",
    role: "client",
    mark: CLIENT_MARKS[word[0] as "S" | "R" | "F"],
    time: Number(word.slice(1)) * SECOND,
    grain: 1000,
    url,
  }));

const arrival = (at: number): StampRecord => ({
  type: "stamp",
  role: "server",
  mark: "parseStart",
  time: at * SECOND,
  grain: 977,
});
const file = (at: number, name = "/root/a", host = "me"): StampRecord => ({
  ...({ type: "stamp", role: "server", mark: "parseEnd", or: "sendEnd" } as const),
  ...{ time: at * SECOND, grain: 977, file: name, host },
});
const done = (at: number, target = "/a", host = "me"): StampRecord => ({
  ...({ type: "stamp", role: "server", mark: "processEnd" } as const),
  ...{ time: at * SECOND, grain: 977, method: "GET", target, host },
});
/** The four stamps of a request that takes half a second. */
const whole = (at: number, name = "/a", host = "me"): StampRecord[] => [
  arrival(at),
  file(at + 0.01, `/root${name}`, host),
  done(at + 0.499, name, host),
  file(at + 0.5, `/root${name}`, host),
];

const clientsOf = (...stamps: StampRecord[][]) => joinClientStamps(stamps.flat()).requests;
const shape = (marks: string) =>
  joinClientStamps(browser(marks)).requests.map(({ requestStart, responseStart, responseEnd, note }) =>
    note ? "ambiguous" : [requestStart, responseStart, responseEnd].map((time) => (time ?? 0) / SECOND).join(" "),
  );

describe("marks of one URL", () => {
  it("a repeated send or header counts when it came last; missing headers and ends stay missing", () => {
    assert.deepEqual(shape("S1 R2 F3"), ["1 2 3"]);
    assert.deepEqual(shape("S1 S2 R3 R4 F5"), ["2 4 5"]);
    assert.deepEqual(shape("S1 F3"), ["1 0 3"]);
    assert.deepEqual(shape("S1 R2 S5 R6 F7"), ["1 2 0", "5 6 7"]);
    assert.deepEqual(shape("S1 R2 F3 S4 R5 F6"), ["1 2 3", "4 5 6"]);
    assert.deepEqual(shape("S1 S60 R61 F62"), ["1 0 0", "60 61 62"]);
  });

  it("requests of one URL that overlap are ambiguous, all of them", () => {
    assert.deepEqual(shape("S1 S2 R3 R4 F5 F6"), ["ambiguous", "ambiguous"]);
    assert.deepEqual(shape("S1 R2 S3 R4 F5 F6"), ["ambiguous", "ambiguous"]);
    assert.deepEqual(shape("S1 R2 F3 S4 R5 S6 R7 F8 F9 S10 F11"), ["1 2 3", "ambiguous", "ambiguous", "10 0 11"]);
  });

  it("what belongs to no request is an orphan: an end after the end, a header before any send", () => {
    assert.deepEqual(
      joinClientStamps(browser("R1 S2 R3 F4 F5")).orphans.map(({ stamp }) => stamp),
      [0, 4],
    );
  });
});

describe("marks of the server", () => {
  const shapes = (...stamps: StampRecord[][]) =>
    joinServerStamps(stamps.flat()).requests.map(({ parseStart, parseEnd, processEnd, sendEnd }) =>
      [parseStart, parseEnd, processEnd, sendEnd]
        .map((time) => (time === undefined ? "-" : String(time / SECOND)))
        .join(" "),
    );

  it("interleaved requests for different files are told apart, in any order of the lines", () => {
    const stamps = [
      arrival(1),
      file(2, "/root/a"),
      arrival(3),
      file(4, "/root/b"),
      done(5, "/b"),
      file(5.001, "/root/b"),
      done(6),
      file(6.001),
    ];
    const expected = ["1 2 6 6.001", "3 4 5 5.001"];
    const dice = random(1);
    for (let i = 0; i < 20; i++) assert.deepEqual(shapes(stamps.toSorted(() => dice.next() - 0.5)), expected);
  });

  it("all four stamps in one tick of the clock", () => {
    assert.deepEqual(shapes([file(1), arrival(1), file(1), done(1)]), ["1 1 1 1"]);
  });

  it("two arrivals before a file: neither is taken", () => {
    const { requests } = joinServerStamps([
      arrival(1),
      arrival(1.1),
      file(1.2),
      file(1.3, "/root/b"),
      done(2),
      file(2.001),
    ]);
    assert.deepEqual(
      requests.map(({ parseStart }) => parseStart),
      [undefined, undefined],
    );
    assert.match(requests[0]!.note!, /^ambiguous: 2 requests had arrived/);
    // The next request is clear again.
    assert.equal(
      shapes([arrival(1), arrival(1.1), file(1.2), file(1.3, "/root/b"), ...whole(5, "/c")]).at(-1),
      "5 5.01 5.499 5.5",
    );
  });

  it("two requests for one file at a time: their ends stay unknown", () => {
    const { requests } = joinServerStamps([
      arrival(1),
      file(1.01),
      arrival(1.1),
      file(1.11),
      done(2),
      file(2.001),
      done(3),
      file(3.001),
    ]);
    assert.deepEqual(
      requests.map(({ parseStart, sendEnd }) => [parseStart, sendEnd]),
      [
        [SECOND, undefined],
        [1.1 * SECOND, undefined],
      ],
    );
    for (const { note } of requests) assert.match(note!, /^ambiguous: 2 requests for this file overlap/);
  });

  it("an error leaves no end: the next request for the file is a new one", () => {
    assert.deepEqual(shapes([arrival(1), file(1.01), done(1.02)], whole(5)), ["1 1.01 1.02 -", "5 5.01 5.499 5.5"]);
  });

  it("a request that could not be read is an arrival and a transaction of no host", () => {
    assert.deepEqual(shapes([arrival(1), done(1.1, "/", "-")], whole(5)), ["1 - 1.1 -", "5 5.01 5.499 5.5"]);
  });

  it("a transaction log alone, as in appendix F, gives requests with one mark", () => {
    assert.deepEqual(shapes([done(1), done(2, "/b")]), ["- - 1 -", "- - 2 -"]);
  });
});

describe("pairing by order", () => {
  const pair = (clients: StampRecord[], servers: StampRecord[]) =>
    pairByOrder(joinClientStamps(clients).requests, joinServerStamps(servers).requests);

  it("sequential requests of one URL pair in order, whatever the offset within ten minutes", () => {
    for (const offset of [0, -2, 0.4, 300, -590]) {
      const { peers } = pair(browser("S10 R11 F12 S20 R21 F22"), [...whole(10.2 + offset), ...whole(20.2 + offset)]);
      assert.deepEqual([...peers], [0, 1], `${offset}`);
    }
    const { peers, clientReasons } = pair(browser("S1000 R1001 F1002"), whole(5000));
    assert.deepEqual([...peers], [-1]);
    assert.match(clientReasons.get(0)!, /within 10 minutes/);
  });

  it("one request and two records that fit are left alone, and say so", () => {
    const { peers, clientReasons, serverReasons } = pair(browser("S10 R11 F12"), [...whole(10.2), ...whole(40.2)]);
    assert.deepEqual([...peers], [-1]);
    assert.match(clientReasons.get(0)!, /^ambiguous: 2 records/);
    assert.match(serverReasons.get(0)!, /^ambiguous/);
  });

  it("overlapping requests of one URL stay unpaired", () => {
    const { peers, clientReasons } = pair(browser("S10 S10.1 R11 R11.5 F12 F12.5"), [...whole(10.2), ...whole(10.9)]);
    assert.deepEqual([...peers], [-1, -1]);
    for (const reason of clientReasons.values()) assert.match(reason, /^ambiguous/);
  });

  it("records of another host are never the probe's, where the host can be told", () => {
    const own = [10, 20, 30].flatMap((at) => [...whole(at + 0.2, "/a"), ...whole(at + 3.2, "/b")]);
    const requests = clientsOf(
      browser("S10 R11 F12 S20 R21 F22 S30 R31 F32"),
      browser("S13 R14 F15 S23 R24 F25", "http://h/b"),
    );
    const { peers, serverReasons, clientReasons } = pairByOrder(
      requests,
      joinServerStamps([...own, ...whole(27, "/a", "other")]).requests,
    );
    assert.equal([...peers].filter((peer) => peer >= 0).length, 5, JSON.stringify([...clientReasons]));
    assert.ok([...serverReasons.values()].some((reason) => reason === "a request of another host, other"));
  });

  it("one request, and a record of each of two hosts: ambiguous", () => {
    const { peers } = pair(browser("S10 R11 F12"), [...whole(10.2), ...whole(11.5, "/a", "other")]);
    assert.deepEqual([...peers], [-1]);
  });
});
