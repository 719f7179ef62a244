import assert from "node:assert/strict";
import type { SourceRecord } from "../../../src/model/record";
import { buildBundles } from "./bundles";
import { launched } from "./launched";
import { NODE_VERSIONS, nodeOrSkip } from "./nodes";
import { recordsIn } from "./support";

/** A framework that nobody has heard of: functions return values, and it sends them. */
const FRAMEWORK = `
  const { createServer } = require("node:http");
  module.exports = () => {
    const middleware = [], routes = [];
    const listener = async (request, response) => {
      const path = request.url.split("?")[0];
      const route = routes.find((one) => one.path.test(path));
      const chain = route ? [...middleware, route.handler] : middleware;
      const run = async (i) => (chain[i] ? chain[i](request, () => run(i + 1)) : "nothing");
      response.end(String(await run(0)));
    };
    return {
      use: (one) => middleware.push(one),
      get: (path, handler) => routes.push({ path, handler }),
      listen: () => createServer(listener).listen(0, "127.0.0.1"),
    };
  };`;

/** A package that calls the handler's own functions back. */
const EACH = `exports.each = async (all, call) => { for (const one of all) await call(one); };`;

const SERVER = `
  const app = require("unheard-of")();
  const { each } = require("each");
  const pause = () => new Promise((done) => setTimeout(done, 5));
  app.use(async (request, next) => { /* middleware */
    await pause();
    const value = await next();
    await pause();
    return value;
  });
  app.get(/^.value/, async (request) => { /* value */
    return "value";
  });
  app.get(/^.atonce/, (request) => "atonce");
  app.get(/^.later/, (request) => { /* later */
    return new Promise((done) => setTimeout(done, 5, "later"));
  });
  app.get(/^.helped/, async function helped(request) { /* helped */
    await pause();
    await each([1, 2], async () => { await pause(); });
    return "helped";
  });
  app.listen();
  process.on("SIGTERM", () => process.exit());`;

const FILES = {
  "server.cjs": SERVER,
  "node_modules/unheard-of/index.js": FRAMEWORK,
  "node_modules/each/index.js": EACH,
};

/** What returns at once leaves no trace: then no handler is named, least of all the middleware. */
const PATHS = ["value", "later", "helped", "atonce"];
const lineOf = (marker: string): number => SERVER.slice(0, SERVER.indexOf(`/* ${marker} */`)).split("\n").length;

describe("the handler of a framework that nobody has heard of", function () {
  this.timeout(60_000);
  before(buildBundles);

  for (const version of NODE_VERSIONS)
    it(`is found where it returns its answer later, also among requests at the same time, on Node ${version}`, async function () {
      const node = nodeOrSkip(this, version);
      await launched({ files: FILES, command: [node, "server.cjs"] }, async (server) => {
        const [url] = await server.urls(1);
        const rounds = 3;
        for (let round = 0; round < rounds; round++)
          await Promise.all(
            PATHS.map(async (path) => assert.equal(await (await fetch(`${url}/${path}`)).text(), path)),
          );
        const records = await server.records(PATHS.length * rounds);
        const sources = recordsIn(server.folder).filter((record) => record.type === "source");
        for (const { target, handler } of records) {
          if (target === "/atonce") {
            assert.equal(handler, undefined);
            continue;
          }
          const source: SourceRecord | undefined = sources.find(({ id }) => id === handler);
          assert.deepEqual(
            [source?.file, source?.line],
            ["server.cjs", lineOf(target!.slice(1))],
            `${target}: ${JSON.stringify(source)}`,
          );
          assert.ok(source!.confidence < 1);
        }
        assert.equal(server.stderr().replace(/^request-timeline: .*\n/gm, ""), "");
      });
    });
});
