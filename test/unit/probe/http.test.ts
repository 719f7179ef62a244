import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { ClientRecord } from "../../../src/model/record";
import { cannedServer, cleanUp, httpServer, millis, probe, rawServer } from "./support";

afterEach(cleanUp);

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

/** The order that the client's stamps have, as far as they are there. */
function assertOrdered(record: ClientRecord): void {
  const keys = [
    "fetchStart",
    "domainLookupStart",
    "domainLookupEnd",
    "connectStart",
    "secureConnectionStart",
    "connectEnd",
    "requestStart",
    "requestEnd",
    "responseStart",
    "responseHeadersEnd",
    "responseEnd",
  ] as const;
  const stamps = keys.map((key) => record[key]).filter((stamp) => stamp !== undefined);
  assert.deepEqual(
    stamps,
    [...stamps].sort((a, b) => a - b),
  );
}

describe("the http probe", () => {
  it("stamps marks 1, 7 and 8 and the phases around them, in order", async () => {
    const url = await httpServer((_, response) => response.end("hello"));
    const { requests, result } = await probe(`${url}/a?b=1`);
    const [request] = requests as [ClientRecord];
    assertOrdered(request);
    for (const key of [
      "fetchStart",
      "connectStart",
      "connectEnd",
      "requestStart",
      "responseStart",
      "responseEnd",
    ] as const)
      assert.equal(typeof request[key], "number", key);
    assert.equal(request.domainLookupStart, undefined, "an address needs no look-up");
    assert.deepEqual([request.status, request.bytes, request.ord, request.url], [200, 5, 1, `${url}/a?b=1`]);
    assert.match(request.conn ?? "", /^127\.0\.0\.1:\d+>127\.0\.0\.1:\d+$/);
    assert.deepEqual([result.answered, result.failed, result.unanswered, result.bytes], [1, 0, 0, 5]);
  });

  it("shows the wait for the answer between marks 1 and 7, and a slow body between 7 and 8", async () => {
    const url = await httpServer(async (_, response) => {
      await delay(120);
      response.write("a");
      await delay(80);
      response.end("b");
    });
    const { requests } = await probe(url);
    const [request] = requests as [ClientRecord];
    const wait = millis(request, "requestStart", "responseStart");
    const load = millis(request, "responseStart", "responseEnd");
    assert(wait >= 119 && load >= 79, `${wait} ${load}`);
    assert(millis(request, "requestStart", "responseEnd") - wait - load < 0.001);
  });

  it("does not count interim answers as the beginning of the answer", async () => {
    const url = await rawServer((socket) => {
      socket.on("data", async () => {
        socket.write("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
        await delay(100);
        socket.write(OK);
      });
    });
    const { requests } = await probe(url);
    assert(millis(requests[0]!, "requestStart", "responseStart") >= 99);
    assert.equal(requests[0]!.status, 200);
  });

  it("sends a traceparent of its own with every request, and logs its ids", async () => {
    const seen: string[] = [];
    const url = await httpServer((request, response) => {
      seen.push(String(request.headers.traceparent));
      response.end();
    });
    const { requests } = await probe([url, url]);
    assert.equal(new Set(seen).size, 2);
    assert.deepEqual(
      requests.map(({ id }) => `00-${id}-01`),
      seen,
    );
    const { requests: quiet } = await probe(url, { trace: false });
    assert.deepEqual([seen[2], quiet[0]!.id], ["undefined", undefined]);
  });

  it("leaves a traceparent of the user's own alone", async () => {
    let seen: string | undefined;
    const url = await httpServer(({ headers }, response) => {
      seen = String(headers.traceparent);
      response.end();
    });
    const own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const { requests } = await probe(url, { headers: [["traceparent", own]] });
    assert.deepEqual([seen, requests[0]!.id], [own, undefined]);
  });

  it("keeps a connection for the next request, and counts the requests on it", async () => {
    const url = await httpServer((_, response) => response.end());
    const { requests } = await probe(url, { count: 3 });
    assert.deepEqual(
      requests.map(({ ord, pass }) => [ord, pass]),
      [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    );
    assert.equal(new Set(requests.map(({ conn }) => conn)).size, 1);
    assert.equal(requests[1]!.connectStart, undefined);
  });

  it("opens a connection for each request where it is told to", async () => {
    const url = await httpServer((_, response) => response.end());
    const { requests } = await probe(url, { count: 3, connectionPerRequest: true });
    assert.equal(new Set(requests.map(({ conn }) => conn)).size, 3);
    assert(requests.every(({ ord, connectEnd }) => ord === 1 && connectEnd));
  });

  it("sends a request again that a closed kept-alive connection has swallowed, as two attempts", async () => {
    let connections = 0;
    const url = await rawServer((socket) => {
      connections++;
      let answered = 0;
      socket.on("data", () => {
        // The second request on the first connection is never answered.
        if (connections === 1 && answered++) socket.destroy();
        else socket.write(OK);
      });
    });
    const { requests, result } = await probe(url, { count: 2 });
    assert.deepEqual(
      requests.map(({ state, status }) => state ?? status),
      [200, "failed", 200],
    );
    assert.match(requests[1]!.error ?? "", /kept-alive/);
    assert(requests[1]!.requestStart && !requests[1]!.responseStart && requests[1]!.closed);
    assert.equal(result.unanswered, 0);
  });

  it("follows redirects as hops, each a request of its own", async () => {
    const url = await httpServer(({ url: target }, response) => {
      if (target === "/a") response.writeHead(302, { location: "b?x=1" });
      else if (target === "/b?x=1") response.writeHead(307, { location: "/c#here" });
      response.end("text");
    });
    const { requests } = await probe(`${url}/a`);
    assert.deepEqual(
      requests.map((request) => [request.url.slice(url.length), request.status, request.hop]),
      [
        ["/a", 302, undefined],
        ["/b?x=1", 307, 1],
        ["/c", 200, 2],
      ],
    );
  });

  it("turns a POST into a GET where a redirect says so, and keeps secrets from other hosts", async () => {
    const seen: string[] = [];
    const other = await httpServer(({ method, headers }, response) => {
      seen.push(`${method} ${headers.authorization}`);
      response.end();
    });
    const url = await httpServer(({ method, headers }, response) => {
      seen.push(`${method} ${headers.authorization}`);
      response.writeHead(303, { location: other }).end();
    });
    await probe(url, { method: "POST", body: Buffer.from("x"), headers: [["Authorization", "Bearer x"]] });
    assert.deepEqual(seen, ["POST Bearer x", "GET undefined"]);
  });

  it("sends method, headers and body as told", async () => {
    let seen = "";
    const url = await httpServer(async (request, response) => {
      for await (const part of request) seen += part;
      seen = `${request.method} ${request.headers.host} ${request.headers["x-y"]} ${request.headers["content-length"]} ${seen}`;
      response.end();
    });
    await probe(url, {
      method: "PUT",
      body: Buffer.from("größe"),
      headers: [
        ["X-Y", "1"],
        ["host", "site.example"],
      ],
    });
    assert.equal(seen, "PUT site.example 1 7 größe");
  });

  it("answers of every shape are read to their end", async () => {
    const shapes: Record<string, (response: ServerResponse) => void> = {
      "/204": (response) => response.writeHead(204).end(),
      "/304": (response) => response.writeHead(304).end(),
      "/chunks": (response) => {
        response.write("abc");
        response.end("def");
      },
      "/close": (response) => response.writeHead(200, { connection: "close", "content-length": 3 }).end("abc"),
      "/404": (response) => response.writeHead(404).end("no"),
    };
    const url = await httpServer((request, response) => shapes[request.url!]!(response));
    const { requests, result } = await probe(Object.keys(shapes).map((path) => url + path));
    assert.deepEqual(
      requests.map(({ status, bytes }) => [status, bytes]),
      [
        [204, 0],
        [304, 0],
        [200, 6],
        [200, 3],
        [404, 2],
      ],
    );
    assert.equal(result.answered, 5);
    const head = await probe(`${url}/close`, { method: "HEAD" });
    assert.deepEqual([head.requests[0]!.status, head.requests[0]!.bytes], [200, 0]);
    const bare = await probe(await cannedServer("HTTP/1.1 200 OK\r\n\r\nuntil the end", true));
    assert.deepEqual([bare.requests[0]!.bytes, bare.requests[0]!.state], [13, undefined]);
  });

  it("never writes user info or a secret of the query into the log", async () => {
    let sent: string | undefined;
    const url = await httpServer(({ headers }, response) => {
      sent = headers.authorization;
      response.end();
    });
    const { requests } = await probe(`${url.replace("//", "//me:p%20w@")}/a?access_token=abc&x=1`);
    assert.equal(sent, `Basic ${Buffer.from("me:p w").toString("base64")}`);
    assert.equal(requests[0]!.url, `${url}/a?access_token=REDACTED&x=1`);
  });

  it("shows a request that hangs as pending while it hangs", async () => {
    const url = await httpServer((_, response) => setTimeout(() => response.end(), 1300));
    const { records } = await probe(url);
    const pending = records.find((record) => record.type === "pending");
    assert(pending?.side === "client" && pending.req === 1 && pending.requestStart && !pending.responseStart);
  });

  it("ends in an orderly way when it is told to stop: what is under way is aborted, with its last mark", async () => {
    const controller = new AbortController();
    const url = await httpServer(() => setImmediate(() => controller.abort()));
    const { requests, result, records } = await probe([url, url, url], {}, controller.signal);
    assert.equal(result.stopped, true);
    assert.equal(requests.length, 1);
    assert.equal(requests[0]!.state, "aborted");
    assert(requests[0]!.requestStart && requests[0]!.closed && !requests[0]!.responseStart);
    assert.equal(records.at(-1)?.type, "end");
  });
});
