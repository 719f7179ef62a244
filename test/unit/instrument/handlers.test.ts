import assert from "node:assert/strict";
import type { ServerRecord, SourceRecord } from "../../../src/model/record";
import { buildBundles } from "./bundles";
import { launched } from "./launched";
import { recordsIn } from "./support";

const TERM = `process.on("SIGTERM", () => process.exit());`;

/** What is expected of a request: the line (found by its text) where the handler begins, and the one that sends. */
interface Expected {
  path: string;
  handler: string;
  responder?: string;
  route?: string;
  name?: string;
}

interface Case {
  file: string;
  text: string;
  expect: Expected[];
  /** Behind `node`. */
  arguments?: string[];
}

const EXPRESS = (version: string): string => `
  const express = require("${version}");
  const app = express();
  app.use((request, response, next) => { /* gate */
    if (request.path === "/gate") response.status(403).end(); // gate's line
    else next();
  });
  app.get("/plain", function plain(request, response) {
    response.send("plain"); // plain's line
  });
  const users = express.Router();
  users.get("/:id", (request, response, next) => next(), async (request, response) => { /* user */
    await new Promise((done) => setTimeout(done, 5));
    response.json({ id: request.params.id }); // user's line
  });
  app.use("/users", users);
  app.listen(0, "127.0.0.1");
  ${TERM}`;

const EXPRESS_EXPECTED: Expected[] = [
  { path: "/plain", handler: "function plain", responder: "plain's line", route: "/plain", name: "plain" },
  { path: "/users/1", handler: "/* user */", responder: "user's line", route: "/users/:id" },
  { path: "/gate", handler: "/* gate */", responder: "gate's line" },
];

const CASES: Record<string, Case> = {
  "bare node:http": {
    file: "server.cjs",
    text: `
      const send = (response) => {
        response.end("bare"); // bare's line
      };
      require("node:http").createServer(function serve(request, response) {
        setImmediate(() => send(response));
      }).listen(0, "127.0.0.1");
      ${TERM}`,
    expect: [{ path: "/", handler: "function serve", responder: "bare's line", name: "serve" }],
  },
  "a bound listener": {
    file: "server.cjs",
    text: `
      class Server {
        serve(request, response) {
          response.end("bound"); // bound's line
        }
      }
      const server = new Server();
      require("node:http").createServer(server.serve.bind(server)).listen(0, "127.0.0.1");
      ${TERM}`,
    expect: [{ path: "/", handler: "serve(request", responder: "bound's line", name: "serve" }],
  },
  "an ES module": {
    file: "server.mjs",
    text: `
      import { createServer } from "node:http";
      createServer((request, response) => { /* handler */
        response.end("esm"); // esm's line
      }).listen(0, "127.0.0.1");
      ${TERM}`,
    expect: [{ path: "/", handler: "/* handler */", responder: "esm's line" }],
  },
  "TypeScript through tsx": {
    file: "server.ts",
    arguments: ["--import", "tsx"],
    text: `
      import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
      interface Unused {
        a: string;
      }
      enum Also { Gone }
      createServer((request: IncomingMessage, response: ServerResponse) => { /* handler */
        const unused: Unused | Also = Also.Gone;
        response.end("ts" + unused); // ts's line
      }).listen(0, "127.0.0.1");
      ${TERM}`,
    expect: [{ path: "/", handler: "/* handler */", responder: "ts's line" }],
  },
  "Express 4": { file: "server.cjs", text: EXPRESS("express4"), expect: EXPRESS_EXPECTED },
  "Express 5": { file: "server.cjs", text: EXPRESS("express"), expect: EXPRESS_EXPECTED },
  Fastify: {
    file: "server.cjs",
    text: `
      const app = require("fastify")();
      app.get("/value/:id", async (request) => { /* value */
        return { id: request.params.id };
      });
      app.get("/reply", function replies(request, reply) {
        reply.send("reply"); // reply's line
      });
      app.listen({ port: 0, host: "127.0.0.1" });
      ${TERM}`,
    expect: [
      { path: "/value/1", handler: "/* value */", route: "/value/:id" },
      { path: "/reply", handler: "function replies", route: "/reply", name: "replies" },
    ],
  },
  "Koa with its router": {
    file: "server.cjs",
    text: `
      const Koa = require("koa");
      const { Router } = require("@koa/router");
      const router = new Router();
      router.get("/items/:id", async (context) => { /* item */
        context.body = { id: context.params.id };
      });
      new Koa().use(router.routes()).listen(0, "127.0.0.1");
      ${TERM}`,
    expect: [{ path: "/items/1", handler: "/* item */", route: "/items/:id" }],
  },
};

const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split("\n").length;

describe("handler and responder", function () {
  this.timeout(60_000);
  before(buildBundles);

  for (const [name, { file, text, expect, arguments: words = [] }] of Object.entries(CASES))
    it(`are found for ${name}`, () =>
      launched(
        { files: { [file]: text }, command: [process.execPath, ...words, file], packages: true },
        async (server) => {
          const [url] = await server.urls(1);
          for (const { path } of expect) await (await fetch(url + path)).text();
          const records = await server.records(expect.length);
          const sources = recordsIn(server.folder).filter((record) => record.type === "source");
          expect.forEach((expected, i) => {
            check(records[i]!, sources, text, file, expected);
          });
        },
      ));
});

function check(record: ServerRecord, sources: SourceRecord[], text: string, file: string, expected: Expected): void {
  const of = (id?: number): SourceRecord | undefined => sources.find((source) => source.id === id);
  const handler = of(record.handler);
  assert.deepEqual([handler?.file, handler?.line], [file, lineOf(text, expected.handler)], JSON.stringify(sources));
  assert.match(handler?.hash ?? "", /^[0-9a-f]{16}$/);
  assert.equal(record.route, expected.route);
  if (expected.name) assert.equal(handler?.name, expected.name);
  if (expected.responder) {
    const responder = of(record.responder);
    assert.deepEqual([responder?.file, responder?.line], [file, lineOf(text, expected.responder)]);
  }
}
