import assert from "node:assert/strict";
import type { ClientRecord } from "../../../src/model/record";
import { cannedServer, cleanUp, httpServer, probe, rawServer } from "./support";

afterEach(cleanUp);

/** The one row that a failure leaves: its last mark stands, the error is a sentence. */
async function failure(url: string, options: Parameters<typeof probe>[1] = {}): Promise<ClientRecord> {
  const { requests, result } = await probe(url, options);
  const last = requests.at(-1)!;
  assert.equal(result.unanswered, 1);
  assert.equal(last.state, "failed");
  return last;
}

describe("a failure is a row with its last mark and a sentence:", () => {
  it("a refused connection", async () => {
    const row = await failure("http://127.0.0.1:1/");
    assert.match(row.error!, /^127\.0\.0\.1:\d+ refused the connection: nothing listens there$/);
    assert(row.connectStart && !row.connectEnd && !row.requestStart && row.closed);
  });

  it("a name that nobody knows", async () => {
    const row = await failure("http://no-such-host.invalid/");
    assert.match(row.error!, /^the name no-such-host\.invalid (is not known|could not be looked up)/);
    assert(row.domainLookupStart && !row.connectStart);
  });

  it("a time-out before the answer", async () => {
    const row = await failure(await httpServer(() => {}), { timeout: 1 });
    assert.equal(row.error, "there was no complete answer within 1 s");
    assert(row.requestStart && !row.responseStart && row.closed! - row.fetchStart! >= 1_000_000);
  });

  it("a time-out in the middle of the answer keeps what had come", async () => {
    const url = await httpServer((_, response) => void response.write("part"));
    const row = await failure(url, { timeout: 1 });
    assert(row.responseStart && !row.responseEnd);
    assert.deepEqual([row.status, row.bytes], [200, 4]);
  });

  it("a half-closed answer", async () => {
    const row = await failure(await cannedServer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", true));
    assert.equal(row.error, "the connection was closed 5 bytes before the end of the answer");
    assert(row.responseStart && !row.responseEnd);
    assert.equal(row.bytes, 5);
  });

  it("a connection that is closed without an answer", async () => {
    const row = await failure(await rawServer((socket) => socket.once("data", () => socket.end())));
    assert.equal(row.error, "the connection was closed without an answer");
  });

  it("a connection that is reset", async () => {
    const row = await failure(await rawServer((socket) => socket.once("data", () => socket.resetAndDestroy())));
    assert.match(row.error!, /reset the connection$/);
  });

  it("an answer that is no HTTP", async () => {
    const row = await failure(await cannedServer("220 mail.example ESMTP\r\n\r\n"));
    assert.equal(row.error, 'the answer is not valid HTTP: it begins with "220 mail.example ESMTP"');
  });

  it("a redirect loop ends after twenty hops", async () => {
    const url = await httpServer((_, response) => response.writeHead(302, { location: "/" }).end());
    const { requests } = await probe(url);
    assert.equal(requests.length, 21);
    assert.deepEqual([requests.at(-1)!.state, requests.at(-1)!.status], ["failed", 302]);
    assert.match(requests.at(-1)!.error!, /^the redirect cannot be followed: it goes on after 20 hops/);
  });

  it("a redirect to where no probe can go", async () => {
    const row = await failure(
      await httpServer((_, response) => response.writeHead(302, { location: "ftp://x/" }).end()),
    );
    assert.match(row.error!, /ftp:\/\/ cannot be asked for/);
  });
});
