import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect } from "node:net";
import { resolve } from "node:path";
import { originOf } from "../../../src/probe/origin";
import { proxyFor } from "../../../src/probe/proxy";
import { cannedServer, cleanUp, listen, probe, rawServer } from "./support";

afterEach(cleanUp);

const fixture = (name: string) => readFileSync(resolve(__dirname, "../../fixtures/tls", name));
const credentials = { key: fixture("key.pem"), cert: fixture("certificate.pem") };

describe("a proxy of the environment", () => {
  const origin = (url: string) => originOf(new URL(url));
  it("is used for other machines, not for this one, and not where NO_PROXY says so", () => {
    const env = {
      http_proxy: "http://me:p%40ss@proxy.example:3128",
      https_proxy: "proxy.example:8080",
      no_proxy: "a.example,.b.example, c.example:81",
    };
    assert.deepEqual(proxyFor(origin("http://x.example/"), env), {
      host: "proxy.example",
      port: 3128,
      authorization: `Basic ${Buffer.from("me:p@ss").toString("base64")}`,
    });
    assert.equal(proxyFor(origin("https://x.example/"), env)?.port, 8080);
    for (const url of [
      "http://localhost:1/",
      "http://127.0.0.1/",
      "http://a.example/",
      "http://w.a.example/",
      "https://b.example/",
      "http://c.example:81/",
    ])
      assert.equal(proxyFor(origin(url), env), null, url);
    assert.notEqual(proxyFor(origin("http://c.example:82/"), env), null);
    assert.equal(proxyFor(origin("http://x.example/"), { http_proxy: "http://p", no_proxy: "*" }), null);
    assert.throws(() => proxyFor(origin("http://x.example/"), { http_proxy: "socks5://p" }), /not supported/);
  });

  /** Under a proxy whose answers are known; names that do not exist prove that only the proxy resolves them. */
  async function behindProxy<T>(
    run: () => Promise<T>,
    onRequest: (line: string) => void,
    refuse = false,
    behind?: string,
  ): Promise<T> {
    const https = await listen(
      createHttpsServer(credentials, (_, response) => response.end("secret")),
      "https",
    );
    const proxy = createHttpServer((request, response) => {
      onRequest(`${request.method} ${request.url}`);
      response.end("proxied");
    });
    proxy.on("connect", (request, socket) => {
      onRequest(`CONNECT ${request.url}`);
      if (refuse) return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      const onward = connect(Number(behind ?? new URL(https).port), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
    });
    return underProxy(await listen(proxy), run);
  }

  async function underProxy<T>(address: string, run: () => Promise<T>): Promise<T> {
    const before = { http: process.env.http_proxy, https: process.env.https_proxy };
    process.env.http_proxy = process.env.https_proxy = address;
    try {
      return await run();
    } finally {
      for (const [name, value] of Object.entries(before))
        if (value === undefined) delete process.env[`${name}_proxy`];
        else process.env[`${name}_proxy`] = value;
    }
  }

  it("gets whole URLs for http, and a tunnel for https", async () => {
    const lines: string[] = [];
    const { requests } = await behindProxy(
      () => probe(["http://site.invalid/a?b", "https://site.invalid/c"], { insecure: true }),
      (line) => lines.push(line),
    );
    assert.deepEqual(lines, ["GET http://site.invalid/a?b", "CONNECT site.invalid:443"]);
    assert.deepEqual(
      requests.map(({ status, bytes }) => [status, bytes]),
      [
        [200, 7],
        [200, 6],
      ],
    );
    assert(requests[1]!.secureConnectionStart);
  });

  it("that refuses is named", async () => {
    const { requests } = await behindProxy(
      () => probe("https://site.invalid/"),
      () => {},
      true,
    );
    assert.match(
      requests[0]!.error!,
      /^the proxy 127\.0\.0\.1:\d+ does not open the way to site\.invalid:443: it answers 403$/,
    );
  });

  /** The sentence of a request for which the environment names this proxy. */
  const said = async (url: string, proxy: string): Promise<string> =>
    (await underProxy(proxy, () => probe(url, { timeout: 0.3 }))).requests[0]!.error!;

  it("that cannot be reached is blamed itself, not the server", async () => {
    for (const url of ["http://site.invalid/", "https://site.invalid/"]) {
      const refused = /^no way through the environment's proxy: 127\.0\.0\.1:1 refused the connection/;
      assert.match(await said(url, "http://127.0.0.1:1"), refused);
      const unknown = /^no way through the environment's proxy: the name p\.invalid (is not known|could not)/;
      assert.match(await said(url, "http://p.invalid:3128"), unknown);
    }
    const closes = await rawServer((socket) => socket.once("data", () => socket.end()));
    assert.match(await said("https://site.invalid/", closes), /^no way through the environment's proxy: .* was closed/);
    const other = await cannedServer("SSH-2.0\r\n\r\n");
    const faulty = /^no way through the environment's proxy: the answer is not valid HTTP/;
    assert.match(await said("https://site.invalid/", other), faulty);
    const hangs = await rawServer(() => {});
    assert.equal(await said("https://site.invalid/", hangs), "the connection was not open within 0.3 s");
  });

  it("that wants a password says where to give one, and a password is never told", async () => {
    const asks = await cannedServer("HTTP/1.1 407 Who\r\n\r\n", true);
    assert.match(await said("https://site.invalid/", asks), /wants a user and a password \(407\)/);
    const named = asks.replace("//", "//me:secret@");
    assert.match(await said("https://site.invalid/", named), /does not take the user and password/);
    for (const address of ["http://me:secret@[x", "http://me:secret%zz@127.0.0.1:1"]) {
      const sentence = await said("http://site.invalid/", address);
      assert.match(sentence, /the environment's proxy/);
      assert.doesNotMatch(sentence, /secret/);
    }
  });

  it("is not blamed for what lies behind it", async () => {
    const plain = await listen(createHttpServer());
    const { requests } = await behindProxy(
      () => probe("https://site.invalid/", { insecure: true }),
      () => {},
      false,
      new URL(plain).port,
    );
    assert.match(requests[0]!.error!, /^site\.invalid:443 does not speak TLS/);
  });
});
