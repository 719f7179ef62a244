import assert from "node:assert/strict";
import { exchange } from "../instrument/support";
import { serving } from "./support";

const HOST = "Host: localhost\r\n";
const many = Array.from({ length: 101 }, (_, index) => `X-${index}: 1\r\n`).join("");

/** What is wrong with it, its bytes, and the status that answers it. */
const HEADS: readonly [name: string, bytes: string, status: number][] = [
  ["two Host headers", `GET / HTTP/1.1\r\n${HOST}host: other\r\n\r\n`, 400],
  ["no Host header", "GET / HTTP/1.1\r\n\r\n", 400],
  [
    "a length and a transfer coding",
    `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n`,
    400,
  ],
  ["two lengths", `POST / HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`, 400],
  ["a negative length", `POST / HTTP/1.1\r\n${HOST}Content-Length: -3\r\n\r\n`, 400],
  ["a folded header", `GET / HTTP/1.1\r\n${HOST}X: 1\r\n 2\r\n\r\n`, 400],
  ["bare line feeds", "GET / HTTP/1.1\nHost: localhost\n\n", 400],
  ["one bare line feed", "GET / HTTP/1.1\r\nHost: localhost\nX: 1\r\n\r\n", 400],
  ["a space before the colon", "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n", 400],
  ["a control character", `GET / HTTP/1.1\r\n${HOST}X: a\x01b\r\n\r\n`, 400],
  ["a coding other than chunked", `POST / HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 501],
  ["a coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400],
  ["HTTP/0.9", "GET /\r\n\r\n", 505],
  ["HTTP/2.0", `GET / HTTP/2.0\r\n${HOST}\r\n`, 505],
  ["an unknown method", `PATCH / HTTP/1.1\r\n${HOST}\r\n`, 501],
  ["more headers than allowed", `GET / HTTP/1.1\r\n${HOST}${many}\r\n`, 431],
  ["longer headers than allowed", `GET / HTTP/1.1\r\n${HOST}X: ${"x".repeat(20_000)}\r\n\r\n`, 431],
  ["a longer target than allowed", `GET /${"x".repeat(9_000)} HTTP/1.1\r\n${HOST}\r\n`, 414],
  ["a larger body than allowed", `PUT / HTTP/1.1\r\n${HOST}Content-Length: 99999999999\r\n\r\n`, 413],
  ["another site's host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421],
  ["another site's host in the target", `GET http://evil.example/ HTTP/1.1\r\n${HOST}\r\n`, 421],
  ["a host that is none", "GET / HTTP/1.1\r\nHost: a/b@c\r\n\r\n", 421],
  ["a target that is no path", `GET foo HTTP/1.1\r\n${HOST}\r\n`, 400],
];

describe("a request with", () => {
  for (const [name, bytes, status] of HEADS)
    it(`${name} is answered with ${status}`, () =>
      serving({}, async ({ port }) => {
        const answer = await exchange(port, bytes, "\r\n\r\n");
        assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `));
      }));

  it("a name that is ours is answered, and so is every address", () =>
    serving({ files: { "index.html": "ours" }, allowHosts: ["campus.example"] }, async ({ ask }) => {
      for (const host of ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:8080", "Campus.Example", "a.localhost"])
        assert.equal((await ask("/", { headers: { Host: host } })).status, 200, host);
      for (const host of ["campus.example.evil.example", "localhost.evil.example", "campus"])
        assert.equal((await ask("/", { headers: { Host: host } })).status, 421, host);
    }));
});
