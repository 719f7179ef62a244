import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server, createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { sentence } from "../../../src/probe/failure";
import { originOf } from "../../../src/probe/origin";
import { cleanUp, httpServer, listen, millis, onCleanUp, probe } from "./support";

afterEach(cleanUp);

const fixture = (name: string) => readFileSync(resolve(__dirname, "../../fixtures/tls", name));
const credentials = { key: fixture("key.pem"), cert: fixture("certificate.pem") };

describe("TLS", () => {
  it("has its phase within the connection's, and the answer is as without", async () => {
    const url = await listen(
      createHttpsServer(credentials, (_, response) => response.end("hello")),
      "https",
    );
    const { requests } = await probe([url, url], { insecure: true });
    const [first, second] = requests;
    const { connectStart, secureConnectionStart, connectEnd, requestStart } = first!;
    assert(
      connectStart! <= secureConnectionStart! && secureConnectionStart! < connectEnd! && connectEnd! <= requestStart!,
    );
    assert.deepEqual([first!.status, first!.bytes, first!.url], [200, 5, `${url}/`]);
    assert.deepEqual([second!.ord, second!.secureConnectionStart, second!.conn], [2, undefined, first!.conn]);
  });

  it("with a certificate that is not trusted ends before mark 1, in a sentence", async () => {
    const url = await listen(
      createHttpsServer(credentials, (_, response) => response.end()),
      "https",
    );
    const { requests } = await probe(url);
    assert.match(
      requests[0]!.error!,
      /^the certificate of 127\.0\.0\.1:\d+ is signed by itself and is not trusted; --insecure accepts it$/,
    );
    assert(requests[0]!.secureConnectionStart && !requests[0]!.connectEnd && !requests[0]!.requestStart);
  });

  it("towards a server that speaks none says so", async () => {
    const url = await httpServer((_, response) => response.end());
    const { requests } = await probe(url.replace("http:", "https:"));
    assert.match(requests[0]!.error!, /does not speak TLS: is it an http:\/\/ address\?$/);
  });

  it("errors are sentences", () => {
    const origin = originOf(new URL("https://host.example"));
    const said = (code: string) => sentence(Object.assign(new Error("raw"), { code }), origin);
    assert.equal(said("CERT_HAS_EXPIRED"), "the certificate of host.example:443 has expired; --insecure accepts it");
    assert.match(
      said("ERR_TLS_CERT_ALTNAME_INVALID"),
      /is for another name than host\.example; --insecure accepts it$/,
    );
    assert.match(said("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), /authority that is not known; --insecure accepts it$/);
    assert.equal(said("SOMETHING_NEW"), "host.example:443: raw");
  });
});

describe("HTTP/2", () => {
  const images = Array.from({ length: 12 }, (_, i) => `<img src=${i}.png>`).join("");

  it("is spoken where the server offers it: a page on one connection, each stream with its marks", async () => {
    const server = createSecureServer({ ...credentials, allowHTTP1: true }, (request, response) => {
      response.setHeader("content-type", request.url === "/" ? "text/html" : "image/png");
      setTimeout(() => response.end(request.url === "/" ? images : "png"), request.url === "/" ? 0 : 30);
    });
    const url = await listen(server as never, "https");
    const { requests, result } = await probe(`${url}/`, { page: true, insecure: true });
    assert.deepEqual([result.answered, new Set(requests.map(({ conn }) => conn)).size], [13, 1]);
    assert.deepEqual(
      requests.map(({ ord }) => ord),
      requests.map((_, i) => 2 * i + 1),
      "the stream's id stands for the ordinal",
    );
    for (const request of requests) {
      assert.deepEqual([request.protocol, request.status], ["h2", 200]);
      assert(request.requestStart! <= request.responseStart! && request.responseStart! <= request.responseEnd!);
      if (request.page) assert(millis(request, "requestStart", "responseStart") >= 29);
    }
    const { requests: old } = await probe(`${url}/`, { insecure: true, http: "1.1" });
    assert.deepEqual([old[0]!.protocol, old[0]!.ord], [undefined, 1]);
  });

  it("sends bodies, follows redirects, times out and stops like HTTP/1.1, without TLS too", async () => {
    let hangs = (): void => {};
    const server = createHttp2Server((request, response) => {
      if (request.url === "/hang") return hangs();
      if (request.url === "/reset") return void response.stream.close(2);
      if (request.url === "/moved") return void response.writeHead(307, { location: "/echo" }).end();
      response.writeHead(200);
      request.pipe(response);
    });
    const url = await listen(server as never);
    const echo = await probe(`${url}/moved`, { http: "2", method: "POST", body: Buffer.from("hello") });
    assert.deepEqual(
      echo.requests.map(({ status, bytes, hop }) => [status, bytes, hop]),
      [
        [307, 0, undefined],
        [200, 5, 1],
      ],
    );
    const hung = await probe(`${url}/hang`, { http: "2", timeout: 0.2 });
    assert.match(hung.requests[0]!.error!, /no complete answer within 0\.2 s/);
    const reset = await probe(`${url}/reset`, { http: "2" });
    assert.equal(reset.requests[0]!.state, "failed");
    const controller = new AbortController();
    hangs = () => controller.abort();
    const stopped = await probe(`${url}/hang`, { http: "2" }, controller.signal);
    assert.equal(stopped.requests[0]!.state, "aborted");
  });

  it("asked of a server that does not speak it, is a failure that says so", async () => {
    const plain = await probe(await listen(createHttpServer()), { http: "2" });
    assert.match(plain.requests[0]!.error!, /^what 127\.0\.0\.1:\d+ answers is not HTTP\/2/);
    const secure = await listen(createHttpsServer({ ...credentials, ALPNProtocols: ["http/1.1"] }), "https");
    const refused = await probe(secure, { http: "2", insecure: true });
    assert.match(refused.requests[0]!.error!, /^127\.0\.0\.1:\d+ does not offer the version of HTTP/);
    const silent = await listen(createTlsServer(credentials) as never, "https");
    const old = await probe(silent, { http: "2", insecure: true });
    assert.match(old.requests[0]!.error!, /^127\.0\.0\.1:\d+ does not offer HTTP\/2$/);
  });
});

describe("IPv6", () => {
  it("addresses stand in brackets in URL and connection", async function () {
    const server = createHttpServer((_, response) => response.end());
    onCleanUp(() => server.close());
    const listens = await new Promise((done) =>
      server.once("error", () => done(false)).listen(0, "::1", () => done(true)),
    );
    if (!listens) return this.skip();
    const { requests } = await probe(`http://[::1]:${(server.address() as AddressInfo).port}/`);
    assert.match(requests[0]!.conn!, /^\[::1\]:\d+>\[::1\]:\d+$/);
    assert.match(requests[0]!.url, /^http:\/\/\[::1\]:\d+\/$/);
  });
});
