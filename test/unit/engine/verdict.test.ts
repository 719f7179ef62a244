import assert from "node:assert/strict";
import { verdictOf } from "../../../src/engine/verdict";
import type { ChildSpan, ClientRecord, ServerRecord } from "../../../src/model/record";
import { random } from "../model/random";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord, storeOf } from "./sample-logs";

/** How long each step of a request takes, µs. */
interface Steps {
  blocked: number;
  dns: number;
  connect: number;
  up: number;
  queue: number;
  parse: number;
  process: number;
  send: number;
  down: number;
  bytes: number;
  children: ChildSpan[];
}

type Fault = (steps: Steps, number: number) => void;

/** 200 requests of a healthy server, each third of one of three handlers; a fault changes some of them. */
function verdictUnder(fault: Fault, width = 100) {
  const dice = random(1);
  const clients: ClientRecord[] = [];
  const servers: ServerRecord[] = [];
  for (let number = 1; number <= 200; number++) {
    const around = (mean: number) => Math.round(mean * (0.8 + 0.4 * dice.next()));
    const steps: Steps = {
      ...{ blocked: 0, dns: 0, connect: 0, up: around(200), queue: around(100), parse: around(60) },
      ...{ process: around(3000), send: around(80), down: around(250), bytes: 9000, children: [] },
    };
    fault(steps, number);
    let at = EPOCH + number * 1_000_000;
    const after = (micros: number): number => {
      at += micros;
      return at;
    };
    const fetchStart = at;
    const domainLookupStart = after(steps.blocked);
    const connectStart = after(steps.dns);
    const requestStart = after(steps.connect);
    const arrived = after(steps.up);
    const parseStart = after(steps.queue);
    const parseEnd = after(steps.parse);
    const processEnd = after(steps.process);
    const sendEnd = after(steps.send);
    const responseEnd = after(steps.down);
    const set = steps.connect
      ? { domainLookupStart, domainLookupEnd: connectStart, connectStart, connectEnd: requestStart }
      : {};
    const id = requestId(number);
    const times = { fetchStart, ...set, requestStart, responseStart: processEnd + 200, responseEnd };
    clients.push(clientRecord(number, 0, { id, bytes: steps.bytes, ...times }));
    const marks = {
      arrival: [arrived - width / 2, arrived + width / 2] as const,
      parseStart,
      parseEnd,
      processEnd,
      sendEnd,
    };
    servers.push(
      serverRecord(number, 0, {
        id,
        bytes: steps.bytes,
        handler: 1 + (number % 3),
        children: steps.children,
        ...marks,
      }),
    );
  }
  const sources = [1, 2, 3].map(
    (id) => ({ type: "source", seq: id, id, file: `handler-${id}.js`, line: id, confidence: 1 }) as const,
  );
  const numbered = servers.map((record, i) => ({ ...record, seq: i + 4 }));
  return verdictOf(
    storeOf({
      "server.ndjson": logText(header("server"), ...sources, ...numbered),
      "client.ndjson": logText(header("client"), ...clients),
    }),
  );
}

const some =
  (change: (steps: Steps) => void): Fault =>
  (steps, number) => {
    if (number % 18 === 5) change(steps);
  };

const child = (kind: ChildSpan["kind"], name: string, duration: number): ChildSpan => ({ kind, name, duration });

const FAULTS: Record<string, [fault: Fault, says: RegExp]> = {
  "a slow query": [
    some((steps) => {
      steps.process = 180_000;
    }),
    /^Processing makes the slow requests slow\..*in its own code/,
  ],
  "a blocked event loop": [
    some((steps) => {
      steps.queue = 150_000;
    }),
    /^Waiting at the server before it looks makes.*event loop was busy/,
  ],
  "a lock": [
    some((steps) => {
      steps.process = 90_000;
      steps.children = [child("lock", "/file", 86_000)];
    }),
    /^Processing makes.*waiting for a lock/,
  ],
  "a slow look-up of the name": [
    some((steps) => {
      steps.dns = 120_000;
      steps.connect = 300;
    }),
    /^Getting a connection makes.*looking up the name/,
  ],
  "a slow reader": [
    some((steps) => {
      steps.send = 400_000;
    }),
    /^Sending the response makes.*the client reads slowly/,
  ],
  "a big response": [
    some((steps) => {
      steps.down = 300_000;
      steps.bytes = 32_000_000;
    }),
    /^The network makes.*their responses are larger, 32\.0 MB for 9\.0 kB/,
  ],
  "a late first byte": [
    (steps) => {
      steps.process = 220_000;
    },
    /^Processing takes most of the time\./,
  ],
  "a connection for each request": [
    (steps) => {
      steps.connect = 80_000;
    },
    /^Getting a connection takes most.*connecting; nearly each opens its own/,
  ],
  "too few connections": [
    some((steps) => {
      steps.blocked = 70_000;
    }),
    /^Getting a connection makes.*waiting for a free connection/,
  ],
  "a pool that is too small": [
    (steps, number) => {
      steps.queue = 60_000 + 100 * number;
    },
    /^Waiting at the server before it looks takes most.*no free worker/,
  ],
  "a wait for another service": [
    some((steps) => {
      steps.process = 250_000;
      steps.children = [child("http", "GET http://other/", 240_000)];
    }),
    /^Processing makes.*waiting for another service/,
  ],
  "a large header that is slow to parse": [
    some((steps) => {
      steps.parse = 50_000;
    }),
    /^Receiving and parsing the request makes/,
  ],
  "a cold start": [
    (steps, number) => {
      if (number <= 9) steps.process = 300_000;
    },
    /^Processing makes.*the first of the session: a cold start/,
  ],
};

describe("verdict", () => {
  for (const [name, [fault, says]] of Object.entries(FAULTS))
    it(`names ${name}`, () => {
      const verdict = verdictUnder(fault);
      assert.match(`${verdict?.title} ${verdict?.text}`, says);
    });

  it("says nothing of a healthy server, nor of a handful of requests", () => {
    assert.equal(
      verdictUnder(() => undefined),
      null,
    );
    assert.equal(verdictOf(storeOf({ "server.ndjson": logText(header("server"), serverRecord(1, 0, {})) })), null);
  });

  it("leads to the handler of a slow request", () => {
    const verdict = verdictUnder(FAULTS["a slow query"]![0]);
    assert.match(verdict!.source!.file, /^handler-\d\.js$/);
    assert.notEqual(verdict!.request, null);
  });

  it("is withheld where the arrival is too uncertain to tell queue from network", () => {
    const verdict = verdictUnder(FAULTS["a blocked event loop"]![0], 400_000);
    assert.match(verdict!.title, /cannot be told/);
  });
});
