import assert from "node:assert/strict";
import fc from "fast-check";
import { accessLog } from "../../../src/formats/access-log";
import { detectFormat, FORMATS } from "../../../src/formats/registry";
import type { HeaderRecord, LogRecord, ServerRecord } from "../../../src/model/record";
import { decode } from "./stamps";

const END = Date.UTC(1999, 1, 10, 17, 15, 40) * 1000;
const COMMON = 'access-105.cudenver.edu - - [10/Feb/1999:10:15:40 -0700] "GET / HTTP/1.0" 200 9216';

const servers = (text: string): ServerRecord[] =>
  decode(text).records.filter((record): record is ServerRecord => record.type === "server");
const server = (text: string): ServerRecord => {
  const { records, problems } = decode(text);
  assert.deepEqual(problems, []);
  return records.filter((record): record is ServerRecord => record.type === "server")[0]!;
};
const header = (text: string) =>
  decode(text).records.find((record): record is HeaderRecord => record.type === "header")!;

describe("an access log", () => {
  it("of the common format gives method, target, status and size, and one time a second wide", () => {
    const record = server(`${COMMON}\n`);
    assert.deepEqual(
      [record.method, record.target, record.status, record.bytes, record.parseStart, record.sendEnd],
      ["GET", "/", 200, 9216, END, undefined],
    );
    assert.equal(header(COMMON).grain, 1_000_000);
  });

  it("as NCSA extended it has the server's name, the duration and the agents behind", () => {
    const record = server(`${COMMON} www.cudenver.edu 2 "" "Mozilla/4.0 (a; \\"b\\")"`);
    assert.deepEqual([record.host, record.parseStart, record.sendEnd], ["www.cudenver.edu", END - 2_000_000, END]);
    assert.equal(server(`${COMMON} 3`).parseStart, END - 3_000_000);
    assert.equal(server(`${COMMON} - 3`).host, undefined);
  });

  it("whose zone is printed with its remainder in seconds is read", () => {
    const line = COMMON.replace("10:15:40 -0700", "22:45:40 +051800");
    assert.equal(server(line).parseStart, END);
    assert.equal(server(COMMON.replace("10:15:40 -0700", "22:45:40 +0530")).parseStart, END);
  });

  it("may hold quotes in the request that nobody escaped, and no protocol, and no status", () => {
    assert.equal(server(COMMON.replace("GET / HTTP", 'GET /?q="x" y HTTP')).target, '/?q="x" y');
    assert.equal(server(COMMON.replace("GET / HTTP/1.0", "GET /old")).target, "/old");
    const record = server(COMMON.replace("200 9216", "- -"));
    assert.deepEqual([record.status, record.bytes], [undefined, undefined]);
    assert.deepEqual([server(COMMON.replace("GET / HTTP/1.0", "\\x16\\x03")).method], ["-"]);
  });

  it("tells what it cannot know: a last field without a unit", () => {
    const { problems, records } = decode(`${COMMON} "-" "curl" 1234\n${COMMON} "-" "curl" 1234\n`);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!.reason, /directive/);
    assert.equal(records.filter(({ type }) => type === "server").length, 2);
    assert.equal(server(`${COMMON} "-" "curl" 0.250`).parseStart, END - 250_000);
  });

  it("of nginx is read by the log_format directive that stands before it", () => {
    const text = [
      "log_format timed '$remote_addr [$time_local] \"$request\" $status $body_bytes_sent '",
      '  \'$msec $request_time $upstream_response_time "$upstream_addr" "$http_traceparent"\';',
      '127.0.0.1 [10/Feb/1999:10:15:40 -0700] "GET /a?b HTTP/2.0" 200 12 918666940.250 0.125 0.020, 0.100 ' +
        '"10.0.0.1:80, 10.0.0.2:80" "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"',
      "",
    ].join("\n");
    const record = server(text);
    assert.deepEqual([record.parseStart, record.sendEnd], [918_666_940_125_000, 918_666_940_250_000]);
    assert.deepEqual(record.children, [
      { kind: "http", name: "10.0.0.1:80", duration: 20_000 },
      { kind: "http", name: "10.0.0.2:80", duration: 100_000 },
    ]);
    assert.deepEqual([record.id, record.protocol], ["0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "h2"]);
    assert.equal(header(text).grain, 1000);
  });

  it("of nginx has several upstreams in fields without quotes, and none in others", () => {
    const directive =
      "log_format up '$upstream_addr $upstream_status $upstream_response_time $msec $request_time \"$request\" $status';";
    const tail = '918666940.250 0.125 "GET / HTTP/1.1" 200';
    const line = `10.0.0.1:80, unix:/run/a.sock : 10.0.0.3:80 502, 502 : 200 0.001, - : 0.100 ${tail}`;
    assert.deepEqual(server(`${directive}\n${line}\n`).children, [
      { kind: "http", name: "10.0.0.1:80", duration: 1_000 },
      { kind: "http", name: "10.0.0.3:80", duration: 100_000 },
    ]);
    assert.equal(server(`${directive}\n- - - ${tail}\n`).children, undefined);
  });

  it("takes no time over blanks between upstreams", () => {
    const format = 'log_format up \'$msec $request_time "$upstream_response_time" "$upstream_addr"\';';
    const blanks = " ".repeat(60_000);
    const line = (times: string, names: string) => `918666940.25 2.000 "${times}" "${names}"\n`;
    const lines = line(`0.1 ,${blanks}0.2`, "a , b") + line(`${blanks}x`, "-") + line("0.1", `${blanks}x`).repeat(20);
    const [first] = servers(`${format}\n${lines}`);
    assert.deepEqual(first!.children, [
      { kind: "http", name: "a", duration: 100_000 },
      { kind: "http", name: "b", duration: 200_000 },
    ]);
  });

  it("of nginx may be JSON, escaped as such", () => {
    const directive =
      'log_format j escape=json \'{"at":"$time_iso8601","request":"$request","status":$status,"took":$request_time}\';';
    const line = '{"at":"1999-02-10T17:15:40+00:00","request":"GET /\\"a\\"?\\u00e9 HTTP/1.1","status":200,"took":0.5}';
    const record = server(`${directive}\n${line}\n`);
    assert.deepEqual([record.target, record.status, record.sendEnd], ['/"a"?é', 200, 918_666_940_000_000]);
  });

  it("whose directive is given beside it is told by that, where it does not say itself what it is", () => {
    const directive = "log_format short '$msec|$request_time|$request|$status';";
    const line = "918666940.250|0.125|GET /a|b HTTP/1.1|200";
    assert.equal(detectFormat(line), null);
    assert.equal(detectFormat(line, { directive }), accessLog);
    assert.equal(detectFormat("something|else|it|is", { directive }), null);
    assert.equal(detectFormat(line, { directive: "no directive" }), null);
    const records: LogRecord[] = [];
    const sink = { record: (record: unknown) => records.push(record as LogRecord), problem: assert.fail };
    const decoder = accessLog.open(sink, { file: "access.log", directive });
    // Lines of the common format are read all the same.
    decoder.push(new TextEncoder().encode(`${line}\n${COMMON}\n`));
    decoder.end();
    assert.deepEqual(
      records.flatMap((record) => (record.type === "server" ? [record.target] : [])),
      ["/a|b", "/"],
    );
  });

  it("of Apache is read by its LogFormat directive, and its time is the beginning", () => {
    const directive = String.raw`LogFormat "%h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\" %D %{usec}t 100%%" timed`;
    const line = 'h - - [10/Feb/1999:10:15:40 -0700] "GET / HTTP/1.1" 200 1 "a \\" b" "c" 1500 918666940000007 100%';
    const record = server(`${directive}\n${line}\n`);
    assert.deepEqual([record.parseStart, record.sendEnd], [918_666_940_000_007, 918_666_940_001_507]);
    const coarse = server(`LogFormat "%t \\"%r\\" %>s %D"\n[10/Feb/1999:10:15:40 -0700] "GET / HTTP/1.1" 200 1500\n`);
    assert.deepEqual([coarse.parseStart, coarse.sendEnd], [END, END + 1500]);
  });

  it("with a directive that has no time or no end says so", () => {
    assert.match(decode("log_format a '$request';\nx\n").problems[0]!.reason, /no time/);
    assert.match(decode("log_format a '$request'").problems[0]!.reason, /does not end/);
  });

  it("has no times that do not exist", () => {
    for (const time of ["30/Feb/1999:10:15:40 -0700", "10/Feb/1999:25:15:40 -0700", "10/Foo/1999:10:15:40 -0700"])
      assert.equal(decode(`${COMMON}\n${COMMON.replace("10/Feb/1999:10:15:40 -0700", time)}`).problems.length, 1);
  });

  it("is told by its content, and by no other format", () => {
    for (const text of [COMMON, `${COMMON} "-" "x"`, "log_format a '$msec $request';"])
      assert.deepEqual(
        FORMATS.filter((format) => format.matches(text)).map(({ id }) => id),
        ["access-log"],
      );
  });

  it("gives the same records in chunks of any size", () => {
    const text = `${COMMON} "é" "ü"\r\nnonsense\n${COMMON}`;
    for (const chunk of [1, 7]) assert.deepEqual(decode(text, { chunk }), decode(text));
  });

  it("loses no good line to the bad ones around it, and never throws", () => {
    const bad = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.stringMatching(/^[[\]" -/:0-9A-Z%$]{0,80}$/));
    fc.assert(
      fc.property(fc.array(bad, { maxLength: 8 }), (lines) => {
        const broken = lines
          .map((line) => line.replace(/[\r\n]/g, " "))
          .filter((line) => !/^\s*(log_format|LogFormat)\s/.test(line));
        const text = [COMMON, ...broken.flatMap((line) => [line, COMMON])].join("\n");
        assert.ok(servers(text).filter(({ target }) => target === "/").length > broken.length);
      }),
      { numRuns: process.env.SOAK ? 100_000 : 500 },
    );
    fc.assert(fc.property(fc.string(), (text) => typeof accessLog.matches(text) === "boolean"));
  });
});
