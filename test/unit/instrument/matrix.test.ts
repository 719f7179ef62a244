import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { connect } from "node:http2";
import { get } from "node:https";
import { resolve } from "node:path";
import { transformSync } from "esbuild";
import type { ServerRecord } from "../../../src/model/record";
import { buildBundles } from "./bundles";
import { launched } from "./launched";
import { NODE_VERSIONS, nodeOrSkip } from "./nodes";
import { recordsIn, until } from "./support";

const tls = resolve(__dirname, "../../fixtures/tls");

/** Packages by the name that the servers below know them by. */
const IMPORTS = {
  http: "node:http",
  https: "node:https",
  http2: "node:http2",
  fs: "node:fs",
  express4: "express4",
  express5: "express",
  fastify: "fastify",
  Koa: "koa",
  koaRouter: "@koa/router",
};

/** `any` stands for a type: removed for JavaScript, where it would be none. */
const SERVERS = `
const TLS = { key: fs.readFileSync("${tls}/key.pem"), cert: fs.readFileSync("${tls}/certificate.pem") };
const listen = (server: any, name: any) =>
  server.listen(0, "127.0.0.1", () => console.log(name, server.address().port));
listen(http.createServer((request: any, response: any) => { // http
  response.end("ok");
}), "http");
listen(https.createServer(TLS, (request: any, response: any) => { // https
  response.end("ok");
}), "https");
listen(http2.createSecureServer(TLS, (request: any, response: any) => { // http2
  response.end("ok");
}), "http2");
const four = express4();
four.get("/express4/:id", (request: any, response: any) => { // express4
  response.send("ok");
});
listen(http.createServer(four), "express4");
const five = express5();
five.get("/express5/:id", async (request: any, response: any) => { // express5
  response.send("ok");
});
listen(http.createServer(five), "express5");
const fast = fastify();
fast.get("/fastify/:id", async (request: any) => { // fastify
  return "ok";
});
fast.listen({ port: 0, host: "127.0.0.1" }).then(() => console.log("fastify", fast.server.address().port));
const router = new koaRouter.Router();
router.get("/koa/:id", async (context: any) => { // koa
  context.body = "ok";
});
listen(http.createServer(new Koa().use(router.routes()).callback()), "koa");
process.on("SIGTERM", () => process.exit());
`;

const NAMES = ["http", "https", "http2", "express4", "express5", "fastify", "koa"];
const untyped = SERVERS.replaceAll(": any", "");
const requires = Object.entries(IMPORTS).map(([name, module]) => `const ${name} = require("${module}");`);
const imports = Object.entries(IMPORTS).map(([name, module]) =>
  name === "koaRouter" ? `import * as koaRouter from "${module}";` : `import ${name} from "${module}";`,
);

interface Kind {
  files: Record<string, string>;
  /** What runs, and what its author wrote. */
  run: string;
  source: string;
}

function compiled(map: "inline" | "external"): Kind {
  const source = [...imports, SERVERS].join("\n");
  const { code, map: text } = transformSync(source, {
    loader: "ts",
    format: "esm",
    minifyWhitespace: true,
    sourcefile: "source/server.ts",
    sourcemap: map,
  });
  const files: Record<string, string> = { "server.mjs": code };
  if (map === "external") {
    files["server.mjs"] += "//# sourceMappingURL=server.mjs.map\n";
    files["server.mjs.map"] = text;
  }
  return { files, run: "server.mjs", source };
}

const STRIPPED = "TypeScript by Node's own type stripping";
/** Node's major version that has it without a flag and a warning. */
const STRIPPED_SINCE = 24;

const KINDS: Record<string, () => Kind> = {
  CommonJS: () => {
    const source = [...requires, untyped].join("\n");
    return { files: { "server.cjs": source }, run: "server.cjs", source };
  },
  "ES modules": () => {
    const source = [...imports, untyped].join("\n");
    return { files: { "server.mjs": source }, run: "server.mjs", source };
  },
  "TypeScript with an external source map": () => compiled("external"),
  "TypeScript with an inline source map": () => compiled("inline"),
  [STRIPPED]: () => {
    const source = [...imports, SERVERS].join("\n");
    return { files: { "server.mts": source }, run: "server.mts", source };
  },
};

/** A request by the protocol of the server of that name. */
function ask(name: string, port: number): Promise<void> {
  const path = `/${name}/7`;
  if (name === "http2") {
    const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false });
    return new Promise((done) =>
      session
        .request({ ":path": path })
        .resume()
        .on("end", () => {
          session.close();
          done();
        }),
    );
  }
  if (name === "https")
    return new Promise((done) =>
      get({ host: "127.0.0.1", port, path, rejectUnauthorized: false, agent: false }, (response) =>
        response.resume().on("end", done),
      ),
    );
  return fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: "close" } }).then(async (response) => {
    await response.text();
  });
}

const lineOf = (text: string, marker: string): number =>
  text.slice(0, text.search(new RegExp(`// ${marker}$`, "m"))).split("\n").length;

describe("the hook", function () {
  this.timeout(120_000);
  before(buildBundles);

  for (const version of NODE_VERSIONS)
    for (const [kind, build] of Object.entries(KINDS)) {
      if (kind === STRIPPED && version < STRIPPED_SINCE) continue;
      it(`works on Node ${version} with ${kind}: node:http, https, http2, Express 4 and 5, Fastify, Koa`, async function () {
        const node = nodeOrSkip(this, version);
        assert.match(String(execFileSync(node, ["--version"])), new RegExp(`^v${version}\\.`));
        const { files, run, source } = build();
        await launched({ files, command: [node, run], packages: true }, async (server) => {
          await server.urls(NAMES.length);
          // What the server prints comes by another pipe than what `run` says of it.
          const ports = () =>
            new Map([...server.stdout().matchAll(/^(\w+) (\d+)\n/gm)].map(([, name, port]) => [name, port]));
          await until(() => ports().size === NAMES.length);
          for (const name of NAMES) await ask(name, Number(ports().get(name)));
          const records = await server.records(NAMES.length);
          const sources = recordsIn(server.folder).filter((record) => record.type === "source");
          for (const name of NAMES) {
            const record = records.find(({ target }) => target === `/${name}/7`)!;
            inOrder(record);
            const handler = sources.find(({ id }) => id === record.handler);
            assert.deepEqual(
              [handler?.file, handler?.line],
              [run.endsWith(".mjs") && source.includes(": any") ? "source/server.ts" : run, lineOf(source, name)],
              `${name}: ${JSON.stringify(handler)}`,
            );
            const route = ["http", "https", "http2"].includes(name) ? undefined : `/${name}/:id`;
            assert.equal(record.route, route);
          }
        });
      });
    }
});

function inOrder({ parseStart, parseEnd, processEnd, sendEnd, status, target }: ServerRecord): void {
  assert.equal(status, 200);
  assert.ok(parseStart <= parseEnd! && parseEnd! <= processEnd! && processEnd! <= sendEnd!, target);
}
