import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { decode } from "./stamps";

const example = JSON.parse(readFileSync("test/fixtures/thesis/worked_example.json", "utf8"));
const APPENDIX_F = readFileSync("test/fixtures/thesis/appendix_f.log", "utf8");
const code: Record<string, string> = example.raw_per_code;
const SECOND = 918_666_940_000_000;
const WORKED = [171_298, 178_134, 308_017, 308_993].map((micros) => SECOND + micros);
const TIME = "Wed Feb 10 10:15:40";

const micros = (text: string) => decode(text).stamps.map(({ time }) => time);

describe("the server's historical logs", () => {
  it("every spelling gives the worked example's stamps to the microsecond, in chunks of any size", () => {
    const listing = `${example.raw_listing_as_printed.server.join("\n")}\n`;
    for (const chunk of [1, 7, 1 << 20]) {
      assert.deepEqual(
        decode(listing, { chunk }).stamps.map(({ time }) => time),
        WORKED,
      );
      for (const text of [code.server_projlog2_appendix_H_names_as_listed!, code.server_projlog2_appendix_H_strict!]) {
        const { stamps, problems } = decode(text, { chunk });
        assert.deepEqual(problems, []);
        assert.deepEqual(
          stamps.map(({ time }) => time),
          [WORKED[0], WORKED[1], WORKED[3]],
        );
        assert.deepEqual(
          stamps.map(({ mark, or }) => [mark, or]),
          [
            ["parseStart", undefined],
            ["parseEnd", "sendEnd"],
            ["parseEnd", "sendEnd"],
          ],
        );
      }
      for (const text of [code.server_http_log_appendix_G_F_shape!, code.server_http_log_if_timestamp_is_appendix_A!]) {
        const [stamp] = decode(text, { chunk }).stamps;
        assert.deepEqual([stamp?.time, stamp?.mark], [WORKED[2], "processEnd"]);
        assert.deepEqual([stamp?.host, stamp?.method, stamp?.target], ["access-105.cudenver.edu", "GET", "/"]);
      }
    }
  });

  it("the two-line shape's microseconds are not padded: .8134 is 8134 µs", () => {
    assert.deepEqual(micros(`h.edu - GET / HTTP/1.0  ${TIME} 1999\n.8134\n`), [SECOND + 8134]);
  });

  it("the clock program's own record is an orphan", () => {
    const { stamps, problems } = decode(code.appendix_A_zero_padding_trap_usec_8134!);
    assert.deepEqual([stamps.length, problems.length], [0, 1]);
  });

  it("reads appendix F's 39 records", () => {
    const { stamps, problems } = decode(APPENDIX_F);
    assert.equal(stamps.length, 39);
    assert.deepEqual(problems, []);
    assert.ok(stamps.every(({ mark, method }) => mark === "processEnd" && method === "GET"));
    // Equal microseconds in different seconds.
    assert.equal(stamps.filter(({ time }) => time % 1_000_000 === 291_415).length, 2);
  });

  it("reads them broken as printed: at blanks, at a hyphen in a path, the year alone, page numbers between", () => {
    const whole = decode(APPENDIX_F).stamps;
    const lines = APPENDIX_F.trimEnd().split("\n");
    const blanks = lines[0]!.split(" ").length - 1;
    for (let at = 0; at < blanks; at++) {
      const broken = lines.map((line) => {
        const words = line.split(" ");
        return `${words.slice(0, at + 1).join(" ")}\n${words.slice(at + 1).join(" ")}`;
      });
      broken.splice(7, 0, "69");
      broken.splice(20, 0, "70");
      const { stamps, problems } = decode(broken.join("\n"));
      assert.deepEqual(stamps, whole, `broken at blank ${at + 1}`);
      assert.equal(problems.length, 2);
    }
    assert.deepEqual(decode(APPENDIX_F.replaceAll("head-images", "head-\nimages")).stamps, whole);
  });

  it("a line cut in the middle is a problem, and the next record is whole", () => {
    for (const next of [
      `b.edu - GET /b HTTP/1.0 usec=000002 ${TIME} 1999`,
      `(null) usec=000002 ${TIME} 1999`,
      `b.edu /usr/local/htdocs/b usec=000002 ${TIME} 1999`,
      `/usr/local/htdocs/b usec=000002 ${TIME} 1999`,
    ])
      for (const torn of ["a.edu - GET /a", "a.edu /usr/local/a usec=0012"]) {
        const { stamps, problems } = decode(`x.edu - GET /x HTTP/1.0 usec=000001 ${TIME} 1999\n${torn}\n${next}\n`);
        assert.deepEqual(
          stamps.map(({ time }) => time - SECOND),
          [1, 2],
          `${torn} | ${next}`,
        );
        assert.deepEqual(
          problems.map(({ line }) => line),
          [2],
        );
      }
  });

  it("a file cut in the middle of a record, or before a year, ends in a problem", () => {
    for (const cut of ["h.edu - GET / HT", `h.edu - GET / HTTP/1.0 usec=000001 ${TIME}`]) {
      const { stamps, problems } = decode(`(null) usec=000002 ${TIME} 1999\n${cut}`);
      assert.deepEqual([stamps.length, problems.length], [1, 1]);
    }
  });

  it("one or two fields before the request, a user's name, no protocol, blanks in the target", () => {
    for (const [text, target] of [
      ["h.edu - GET /a HTTP/1.0", "/a"],
      ["h.edu - - GET /a HTTP/1.0", "/a"],
      ["h.edu - alice GET /a", "/a"],
      ["10.0.0.7 - GET /a b.html HTTP/1.0", "/a b.html"],
      ["UNKNOWN_HOST - POST /cgi-bin/x?usec=1 HTTP/1.1", "/cgi-bin/x?usec=1"],
    ] as const)
      assert.equal(decode(`${text} usec=000001 ${TIME} 1999\n`).stamps[0]?.target, target, text);
  });

  it("the first stamp's message may be empty, (null), or a host on a kept-alive connection; files may hold blanks", () => {
    const meanings = (message: string) => decode(`${message} usec=000001 ${TIME} 1999\n`).stamps[0];
    assert.deepEqual([meanings("")?.mark, meanings("(null)")?.mark], ["parseStart", "parseStart"]);
    assert.deepEqual([meanings("access-105.cudenver.edu")?.host], ["access-105.cudenver.edu"]);
    assert.deepEqual([meanings("/usr/local/My Documents/a")?.file], ["/usr/local/My Documents/a"]);
    assert.deepEqual([meanings("h.edu /a/b 1999")?.file, meanings("h.edu /a/b 1999")?.host], ["/a/b 1999", "h.edu"]);
  });

  it("the zone is asked for, a month's end and midnight are crossed", () => {
    assert.match(decode(APPENDIX_F, { zone: null }).problems[0]!.reason, /--zone/);
    const [before, after] = micros(
      "(null) usec=999023 Sun Feb 28 23:59:59 1999\n\n(null) usec=000000 Mon Mar  1 00:00:00 1999\n",
    );
    assert.equal(after! - before!, 977);
  });
});
