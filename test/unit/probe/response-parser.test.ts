import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { ResponseCut, ResponseFault } from "../../../src/probe/http1/head";
import { ResponseParser } from "../../../src/probe/http1/response-parser";

interface Parsed {
  status: number[];
  body: string;
  /** Of the final response: when its first byte came, when its last. */
  first: number;
  end: number | null;
  reusable: boolean | null;
  error: string | null;
}

/** Parses the answer to one request; the time of a chunk is the number of bytes before it. */
function parse(bytes: Buffer, method = "GET", size = bytes.length || 1, closed = false): Parsed {
  const parsed: Parsed = { status: [], body: "", first: -1, end: null, reusable: null, error: null };
  const parser = new ResponseParser({
    head(head, first) {
      parsed.status.push(head.status);
      parsed.first = first;
    },
    body(part) {
      parsed.body += part.toString("latin1");
    },
    complete(time, reusable) {
      parsed.end = time;
      parsed.reusable = reusable;
    },
  });
  parser.expect(method);
  try {
    for (let at = 0; at < bytes.length && parsed.end === null; at += size)
      parser.push(bytes.subarray(at, at + size), at);
    if (closed) parser.end(bytes.length);
  } catch (error) {
    assert(error instanceof ResponseFault || error instanceof ResponseCut, String(error));
    parsed.error = error.message;
  }
  return parsed;
}

const http = (text: string): Buffer => Buffer.from(text.replaceAll("\n", "\r\n"), "latin1");

describe("a response's bytes", () => {
  const answers: [what: string, bytes: Buffer, body: string, method?: string][] = [
    ["with a length", http("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello"), "hello"],
    ["in chunks", http("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n6;x=y\n world\n0\n\n"), "hello world"],
    ["in chunks, with a trailer", http("HTTP/1.1 200\nTransfer-Encoding: chunked\n\n1\na\n0\nX: 1\nY: 2\n\n"), "a"],
    ["without a body, by its status", http("HTTP/1.1 204 No Content\nContent-Length: 5\n\n"), ""],
    ["not modified", http("HTTP/1.1 304 Not Modified\nContent-Length: 5\n\n"), ""],
    ["to HEAD", http("HTTP/1.1 200 OK\nContent-Length: 5\n\n"), "", "HEAD"],
    ["of no length", http("HTTP/1.1 200 OK\nContent-Length: 0\n\n"), ""],
    ["behind empty lines", http("\n\nHTTP/1.1 200 OK\nContent-Length: 2\n\nhi"), "hi"],
    ["with bare line feeds", Buffer.from("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi"), "hi"],
    ["with a folded header", http("HTTP/1.1 200 OK\nX: a\n b\nContent-Length: 2\n\nhi"), "hi"],
    ["with its length twice", http("HTTP/1.1 200 OK\nContent-Length: 2\nContent-Length: 2\n\nhi"), "hi"],
    [
      "that looks like a head",
      http("HTTP/1.1 200 OK\nContent-Length: 19\n\nHTTP/1.1 500 No\n\n"),
      "HTTP/1.1 500 No\r\n\r\n",
    ],
  ];
  for (const [what, bytes, body, method] of answers)
    it(`are the same response in chunks of any size: ${what}`, () => {
      for (let size = 1; size <= bytes.length; size++) {
        const parsed = parse(bytes, method, size);
        assert.deepEqual([parsed.error, parsed.body, parsed.reusable], [null, body, true], `size ${size}`);
      }
    });

  it("are read until the connection's end where nothing says how many there are", () => {
    const bytes = http("HTTP/1.1 200 OK\n\nhello");
    for (let size = 1; size <= bytes.length; size++) {
      const parsed = parse(bytes, "GET", size, true);
      assert.deepEqual([parsed.body, parsed.reusable, parsed.end], ["hello", false, bytes.length]);
    }
  });

  it("take no time where a header is long and blank", () => {
    for (const sign of [" ", "\t", ",", "x "]) {
      const bytes = http(`HTTP/1.1 200 OK\nX: a${sign.repeat(120_000)}b\nContent-Length: \t 2 \t\n\nhi`);
      for (let i = 0; i < 20; i++) assert.equal(parse(bytes).body, "hi");
    }
  });

  it("begin with the final response's first byte, whatever interim ones come before", () => {
    const interim = http("HTTP/1.1 103 Early Hints\nLink: x\n\nHTTP/1.1 100 Continue\n\n");
    const final = http("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi");
    const parsed = parse(Buffer.concat([interim, final]), "GET", 1);
    assert.deepEqual([parsed.status, parsed.first, parsed.body], [[200], interim.length, "hi"]);
  });

  it("end the connection's use where it says so, or where it is in doubt", () => {
    const reusable = (text: string) => parse(http(text)).reusable;
    assert.equal(reusable("HTTP/1.1 200 OK\nConnection: Keep-Alive, Close\nContent-Length: 0\n\n"), false);
    assert.equal(reusable("HTTP/1.0 200 OK\nContent-Length: 0\n\n"), false);
    assert.equal(reusable("HTTP/1.0 200 OK\nConnection: keep-alive\nContent-Length: 0\n\n"), true);
    assert.equal(reusable("HTTP/1.1 200 OK\nContent-Length: 9\nTransfer-Encoding: chunked\n\n0\n\n"), false);
    assert.equal(reusable("HTTP/1.1 200 OK\nContent-Length: 0\n\nHTTP/1.1 200 OK\n\n"), false);
    assert.equal(reusable("HTTP/1.1 101 Switching Protocols\nUpgrade: x\n\n"), false);
  });

  const faults: [what: string, text: string, says: RegExp][] = [
    ["another protocol", "SSH-2.0-OpenSSH_9.2\n\n", /begins with "SSH/],
    ["a status that is none", "HTTP/1.1 2000 OK\n\n", /begins with/],
    ["a length that is none", "HTTP/1.1 200 OK\nContent-Length: 5x\n\n", /Content-Length/],
    ["two lengths", "HTTP/1.1 200 OK\nContent-Length: 5\nContent-Length: 6\n\n", /Content-Length/],
    ["a length beyond all numbers", "HTTP/1.1 200 OK\nContent-Length: 99999999999999999999\n\n", /Content-Length/],
    ["a header without a name", "HTTP/1.1 200 OK\n: x\n\n", /line ": x"/],
    ["a blank before the colon", "HTTP/1.1 200 OK\nA : x\n\n", /line "A : x"/],
    ["a chunk's size that is none", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nxyz\n", /chunk's size/],
    ["a chunk that is too long", "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n1\nabc\n", /chunk is longer/],
    ["a header without end", `HTTP/1.1 200 OK\nX: ${"y".repeat(300_000)}`, /longer than 256 KiB/],
    [
      "a trailer without end",
      `HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n${"A: b\n".repeat(20_000)}`,
      /trailer/,
    ],
  ];
  for (const [what, text, says] of faults)
    it(`that are no response are refused in words: ${what}`, () => {
      for (const size of [1, 7, 1 << 20]) assert.match(parse(http(text), "GET", size).error ?? "", says);
    });

  const cuts: [what: string, text: string, says: RegExp][] = [
    ["before it", "", /^without an answer$/],
    ["within its header", "HTTP/1.1 200 OK\nConte", /within the answer's header/],
    ["within its body", "HTTP/1.1 200 OK\nContent-Length: 9\n\nhello", /^4 bytes before the end/],
    [
      "within its chunks",
      "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n",
      /before the answer's last chunk/,
    ],
  ];
  for (const [what, text, says] of cuts)
    it(`that end too early are told from those that are whole: ${what}`, () => {
      for (const size of [1, 7, 1 << 20]) assert.match(parse(http(text), "GET", size, true).error ?? "", says);
    });

  it("of any kind never throw anything but what they are", () => {
    const piece = fc.constantFrom(
      "HTTP/1.1 ",
      "200 OK",
      "\r\n",
      "\n",
      "\r",
      ":",
      " ",
      "Content-Length: 3",
      "chunked",
      "0",
      "\0",
      "é",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }),
        fc.integer({ min: 1, max: 40 }),
        (parts, size) => {
          const bytes = Buffer.from(parts.join(""), "latin1");
          const whole = parse(bytes, "GET", bytes.length || 1, true);
          const split = parse(bytes, "GET", size, true);
          assert.deepEqual([split.status, split.error], [whole.status, whole.error]);
        },
      ),
      { numRuns: process.env.SOAK ? 100_000 : 1000 },
    );
  });
});

/** nodejs/llhttp's response cases: what it reads, we read alike. */
describe("llhttp's responses", () => {
  const folder = join(process.env.REQUEST_TIMELINE_CORPORA ?? "", "http", "response");
  if (!process.env.REQUEST_TIMELINE_CORPORA || !existsSync(folder)) {
    it("are not here: set REQUEST_TIMELINE_CORPORA to the folder of corpora");
    return;
  }
  /** Where we differ on purpose. */
  const DIFFERENT = new Set([
    "sample.md: RTSP response",
    "sample.md: ICE response",
    "sample.md: HTTP version 0.9",
    // Bare line feeds are read as browsers read them.
    "sample.md: No carriage ret",
    "invalid.md: Only LFs present",
    "invalid.md: Only LFs present and no body",
  ]);
  for (const file of readdirSync(folder).filter((name) => !name.startsWith("lenient")))
    for (const { name, bytes, expected } of casesOf(readFileSync(join(folder, file), "utf8")))
      it(`${file}: ${name}`, () => {
        if (DIFFERENT.has(`${file}: ${name}`)) return;
        const error = /error code=\d+ reason="([^"]*)"/.exec(expected)?.[1];
        const parsed = parse(bytes, "GET", bytes.length, error !== undefined);
        const statuses = [...expected.matchAll(/status=(\d+)/g)].map((match) => Number(match[1]));
        const status = statuses.find((value) => value >= 200);
        if (error === undefined) {
          assert.equal(parsed.error, null);
          if (status !== undefined) assert.equal(parsed.status[0], status);
        } else if (status === undefined && !/^(?:Pause|on_)/.test(error)) assert.notEqual(parsed.error, null, error);
      });
});

interface Case {
  name: string;
  bytes: Buffer;
  expected: string;
}

function casesOf(text: string): Case[] {
  const cases: Case[] = [];
  for (const section of text.split(/^#{2,} /m).slice(1)) {
    const input = /```http\n([\s\S]*?)```/.exec(section)?.[1];
    const expected = /```log\n([\s\S]*?)```/.exec(section)?.[1];
    if (input === undefined || expected === undefined || !/"type": ?"response"/.test(section)) continue;
    // As llhttp's own runner reads it: line ends become CR LF, escapes are meant.
    const plain = input
      .replace(/\n$/, "")
      .replace(/\\(\r\n|\r|\n)/g, "")
      .replace(/\r\n|\r|\n/g, "\r\n")
      .replace(/\\r/g, "\r")
      .replace(/\\n/g, "\n")
      .replace(/\\t/g, "\t")
      .replace(/\\f/g, "\f")
      .replace(/\\x([0-9a-fA-F]+)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    cases.push({ name: section.split("\n", 1)[0]!, bytes: Buffer.from(plain, "latin1"), expected });
  }
  return cases;
}
