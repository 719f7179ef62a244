import assert from "node:assert/strict";
import { verdictOf } from "../../../src/engine/verdict/verdict";
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
  /** Of a pool, which is handed a connection for each request. */
  worker?: number;
  /** Of a browser. */
  initiator?: string;
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
    clients.push(clientRecord(number, 0, { id, bytes: steps.bytes, initiator: steps.initiator, ...times }));
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
        ...(steps.worker === undefined ? {} : { worker: steps.worker, conn: `client:${number}>server`, ord: 1 }),
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
    /^Slow requests take long in their own code\. The slowest 10 of 200 take .*% of the difference is process of handler-3.js:3\.$/,
  ],
  "a blocked event loop": [
    some((steps) => {
      steps.queue = 150_000;
    }),
    /^Slow requests wait at the server before it looks\..*is queue: the server was busy/,
  ],
  "a lock": [
    some((steps) => {
      steps.process = 90_000;
      steps.children = [child("lock", "/file", 86_000)];
    }),
    /^Slow requests wait for a lock\..*is the wait for \/file\./,
  ],
  "a slow look-up of the name": [
    some((steps) => {
      steps.dns = 120_000;
      steps.connect = 300;
    }),
    /^Slow requests wait for the look-up of a name\./,
  ],
  "a slow reader": [
    some((steps) => {
      steps.send = 400_000;
    }),
    /^Slow requests wait for a client that reads slowly\..*is send/,
  ],
  "a big response": [
    some((steps) => {
      steps.down = 300_000;
      steps.bytes = 32_000_000;
    }),
    /^Slow requests have larger responses\..*is the network, on the way back: .* 32\.0 MB for 9\.0 kB/,
  ],
  "a late first byte": [
    (steps) => {
      steps.process = 220_000;
    },
    /^Requests take long in their own code\. They take 22\d ms at the median/,
  ],
  "a connection for each request": [
    (steps) => {
      steps.connect = 80_000;
    },
    /^Requests wait for a connection to be made\..*is connecting; nearly each opens its own/,
  ],
  "too few connections": [
    some((steps) => {
      steps.blocked = 70_000;
    }),
    /^Slow requests wait for a free connection\./,
  ],
  "a browser that lets requests wait": [
    (steps, number) => {
      steps.initiator = "parser http://host/:1";
      if (number % 18 === 5) steps.blocked = 70_000;
    },
    /^Slow requests wait in the browser\..*is the browser's own wait, for their turn and for a free connection\.$/,
  ],
  "a browser that reads late": [
    (steps, number) => {
      steps.initiator = "parser http://host/:1";
      if (number % 18 === 5) steps.down = 70_000;
    },
    /^Slow requests spend their time on the network or in the browser\..*is the network, on the way back, and the browser until/,
  ],
  "a slow way from a browser": [
    (steps, number) => {
      steps.initiator = "parser http://host/:1";
      if (number % 18 === 5) steps.up = 70_000;
    },
    /^Slow requests spend their time on the network\..*is the network, on the way to the server\.$/,
  ],
  "a pool that is too small": [
    (steps, number) => {
      steps.queue = 60_000 + 100 * number;
      steps.worker = 1 + (number % 2);
    },
    /^Requests wait for a free worker\..*is queue: no worker of the pool was free/,
  ],
  "a wait for another service": [
    some((steps) => {
      steps.process = 250_000;
      steps.children = [child("http", "GET http://other/", 240_000)];
    }),
    /^Slow requests wait for another service\..*which waits for GET http:\/\/other\//,
  ],
  "a large header that is slow to parse": [
    some((steps) => {
      steps.parse = 50_000;
    }),
    /^Slow requests take long to be received and parsed\./,
  ],
  "a stall": [
    (steps, number) => {
      if (number > 20 && number <= 40) steps.queue = (41 - number) * 1_000_000;
    },
    /^Requests were slow at one moment only\. The slowest .* of the difference is queue: the server was busy/,
  ],
  "a cold start": [
    (steps, number) => {
      if (number <= 9) steps.process = 300_000;
    },
    /^The first requests are slow: a cold start\..*is process/,
  ],
};

describe("verdict", () => {
  for (const [name, [fault, says]] of Object.entries(FAULTS))
    it(`names ${name}`, () => {
      const verdict = verdictUnder(fault);
      assert.match(`${verdict?.title} ${verdict?.text}`, says);
    });

  it("says of a healthy server that no part stands out, and nothing of a handful of requests", () => {
    assert.equal(verdictUnder(() => undefined)?.title, "No part stands out.");
    assert.equal(verdictOf(storeOf({ "server.ndjson": logText(header("server"), serverRecord(1, 0, {})) })), null);
  });

  it("says where what they take is more than the R C of their rows, for what they waited before", () => {
    const waiting = verdictUnder((steps) => {
      steps.blocked = 4000;
    });
    assert.match(waiting!.text, /^200 requests take 7\.\d+ ms at the median, waits before sending included\.$/);
    assert.match(verdictUnder(() => undefined)!.text, /^200 requests take 3\.\d+ ms at the median\.$/);
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
