/** Servers with one planted fault each; every delay is at least ten times what a request takes without it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { get, probe } from "./drive";

/** ms that a fault costs a request. */
const DELAY = 400;
/** ms in its handler that every request takes without a fault: a busy machine's noise stays small beside it. */
const USUAL = 15;

export interface Fault {
  /** A module that serves, to run under the hook. */
  server?: string;
  /** A CGI program and options of the reference server instead. */
  serve?: { program: string; options: string[] };
  /** Sends requests to the server; a client's log, if there is one, is `log`. Resolves to how many it sent. */
  drive(url: URL, log: string): Promise<number>;
  says: RegExp;
  /** Text of the line that the verdict's link leads to. */
  link?: string;
}

const HEAD = `
const { setTimeout: later } = require("node:timers/promises");
const { createServer } = require("node:http");
const express = () => require(${JSON.stringify(resolve(__dirname, "../../../node_modules/express"))})();
const usual = async (request, response) => { await later(${USUAL}); response.end("usual"); };
const spin = (ms) => { const end = performance.now() + ms; while (performance.now() < end); };
const listen = (listener) => createServer(listener).listen(0, "127.0.0.1");
`;

/** 80 requests one after the other, one in ten to another path. */
const oneInTen =
  (path: string): Fault["drive"] =>
  (url, log) =>
    probe(url, log, [...Array.from({ length: 9 }, (_, i) => `/usual?${i}`), path], ["--count", "8"]);

/** So many requests at any time, for some seconds. */
const steadily =
  (path: string, together: number, seconds: number): Fault["drive"] =>
  (url, log) =>
    probe(url, log, [path], ["--closed", "--connections", `${together}`, "--duration", `${seconds}`]);

const app = (body: string): string => `${HEAD}
const app = express();
app.get("/usual", usual);
${body}
listen(app);`;

/** A raw client's requests, one at a time, every tenth of them in its own way. */
async function raw(url: URL, path: string, tenth: Parameters<typeof get>[2]): Promise<number> {
  for (let number = 1; number <= 60; number++) await get(url, path, number % 10 === 5 ? tenth : {});
  return 60;
}

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => `${name}.slow-names.test`);
const SLOW_NAMES = resolve(__dirname, "slow-names.cjs");
const TLS = resolve(__dirname, "../../fixtures/tls");

export const FAULTS: Record<string, Fault> = {
  "a slow query": {
    server: app(`
const query = async (text) => { await later(${DELAY}); return [text]; };
app.get("/orders", async function orders(request, response) { response.json(await query("SELECT")); });`),
    drive: oneInTen("/orders"),
    says: /^Slow requests take long in their own code\..* % of the difference is process of server\.js:\d+\.$/,
    link: 'app.get("/orders"',
  },
  "a blocked event loop": {
    server: app(`app.get("/quick", (request, response) => response.end("quick"));
app.get("/busy", function busy(request, response) { spin(${DELAY}); response.end("busy"); });`),
    async drive(url, log) {
      // A server that has just started is slow by itself.
      for (let i = 0; i < 5; i++) await get(url, "/quick", {});
      const load = probe(url, log, ["/quick"], ["--rate", "30", "--duration", "5"]);
      const busy = probe(url, `${log}.busy.ndjson`, ["/busy"], ["--rate", "1", "--duration", "5"]);
      return (await load) + (await busy);
    },
    says: /^(Slow r|R)equests wait for the event loop\..* the event loop: busy with GET \/busy \(server\.js:\d+\)\.$/,
    link: 'app.get("/busy"',
  },
  "a lock": {
    serve: { program: "sleep 0.1", options: ["--lock", "handler"] },
    drive: steadily("/cgi-bin/program", 8, 3),
    says: /^Requests wait for a lock\./,
  },
  "slow DNS": {
    server: `${HEAD}listen(usual);`,
    drive: (url, log) =>
      probe(
        url,
        log,
        NAMES.map((name) => `http://${name}:${url.port}/usual`),
        ["--count", "12", "--i-own-this-host"],
        { NODE_OPTIONS: `--require ${SLOW_NAMES}`, SLOW_NAMES_MS: `${DELAY}` },
      ),
    says: /^Slow requests wait for the look-up of a name\..*is looking up the name/,
  },
  "a slow reader": {
    server: `${HEAD}const body = Buffer.alloc(12e6); listen((request, response) => response.end(body));`,
    drive: (url) => raw(url, "/", { pauseReading: DELAY }),
    says: /^Slow requests wait for a client that reads slowly\./,
  },
  "a big response": {
    server: `${HEAD}const big = Buffer.alloc(64e6);
listen((request, response) => response.end(request.url === "/export" ? big : "usual"));`,
    drive: oneInTen("/export"),
    says: /^Slow requests have larger responses\..*\d+\.\d MB for 5 B/,
  },
  "a late first byte": {
    server: app(
      `app.get("/late", async function late(request, response) { await later(${DELAY}); response.end("late"); });`,
    ),
    drive: steadily("/late", 8, 3),
    says: /^Requests take long in their own code\..* % of their time is process of server\.js:\d+\.$/,
    link: 'app.get("/late"',
  },
  "a connection for each request": {
    server: `${HEAD}
const { readFileSync } = require("node:fs");
const tls = require("node:tls");
const pair = { key: readFileSync(${JSON.stringify(`${TLS}/key.pem`)}), cert: readFileSync(${JSON.stringify(`${TLS}/certificate.pem`)}) };
const context = tls.createSecureContext(pair);
const SNICallback = (name, done) => setTimeout(done, ${DELAY / 2}, null, context);
require("node:https").createServer({ ...pair, SNICallback }, (request, response) => {
  response.setHeader("Connection", "close");
  usual(request, response);
}).listen(0, "127.0.0.1");`,
    drive: (url, log) =>
      probe(
        url,
        log,
        [`https://localhost:${url.port}/`],
        ["--closed", "--connections", "6", "--duration", "2", "--insecure"],
      ),
    says: /^Requests wait for the TLS handshake\..*nearly each opens its own connection/,
  },
  "a pool that is too small": {
    serve: { program: "sleep 0.1", options: ["--workers", "1"] },
    drive: steadily("/cgi-bin/program", 8, 3),
    says: /^Requests wait for a free worker\..*no worker of the pool was free/,
  },
  "a wait for another service": {
    server: app(`app.get("/prices", async function prices(request, response) {
  response.end(await (await fetch(request.query.of)).text());
});`),
    async drive(url, log) {
      const other = createServer((_, response) => void setTimeout(() => response.end("prices"), DELAY));
      await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
      const of = `http://127.0.0.1:${(other.address() as AddressInfo).port}/list`;
      try {
        return await oneInTen(`/prices?of=${of}`)(url, log);
      } finally {
        other.closeAllConnections();
        other.close();
      }
    },
    says: /^Slow requests wait for another service\..*process of server\.js:\d+, which waits for GET http:\/\/127\.0\.0\.1:\d+\/list\.$/,
    link: 'app.get("/prices"',
  },
  "slow parsing of a large header": {
    server: `${HEAD}listen(usual);`,
    drive: (url) => raw(url, "/", { header: { bytes: 12_000, pieces: 8, pause: DELAY / 8 } }),
    says: /^Slow requests take long to be received and parsed\..*a large header/,
  },
  "a cold start": {
    server: app(`
let ready;
app.get("/page", async function page(request, response) { await (ready ??= later(${2 * DELAY})); await usual(request, response); });`),
    drive: steadily("/page", 4, 2),
    says: /^The first requests are slow: a cold start\..* is process of server\.js:\d+\.$/,
    link: 'app.get("/page"',
  },
};

/** The same applications, none of them with a fault. */
export const HEALTHY: Fault = {
  server: app(
    `app.get("/page", async function page(request, response) { await later(${5 * USUAL}); response.end("page"); });`,
  ),
  drive: steadily("/page", 2, 3),
  says: /^No part stands out\. \d+ requests take \d/,
};
