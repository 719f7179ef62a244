import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { decode } from "./stamps";

const example = JSON.parse(readFileSync("test/fixtures/thesis/worked_example.json", "utf8"));
const LISTING: string = `${example.raw_listing_as_printed.browser.join("\n")}\n`;
const CODE: string = example.raw_per_code.browser_time_txt_appendix_I;
const WORKED = [918_666_940_080_000, 918_666_940_570_000, 918_666_942_000_000];

const record = (line: string, time = "The time is Wed Feb 10 10:15:40.080 1999") => `${line}\n${time}\n`;

describe("the browser's time.txt", () => {
  it("both spellings give the worked example's three stamps, with LF and CRLF, in chunks of any size", () => {
    for (const text of [LISTING, CODE])
      for (const ends of [text, text.replaceAll("\n", "\r\n")])
        for (const chunk of [1, 7, 1 << 20]) {
          const { format, stamps, problems } = decode(ends, { chunk });
          assert.equal(format, "browser-times");
          assert.deepEqual(problems, []);
          assert.deepEqual(
            stamps.map(({ mark }) => mark),
            ["requestStart", "responseStart", "responseEnd"],
          );
          assert.deepEqual(
            stamps.map(({ time }) => time),
            WORKED,
          );
          assert.ok(stamps.every(({ url, role }) => url === "http://www.cudenver.edu/" && role === "client"));
        }
  });

  it("without a zone invents nothing, and says once what to name", () => {
    const { stamps, problems } = decode(LISTING, { zone: null });
    assert.deepEqual(stamps, []);
    assert.equal(problems.length, 1);
    assert.match(problems[0]!.reason, /--zone ±HH:MM or the setting requestTimeline\.zone/);
  });

  it("a URL may end in a full stop or hold a mode's words: the last ones count", () => {
    for (const url of [
      "http://h/a.",
      "http://h/?q=started receiving.",
      "http://h/sending request. finished receiving",
    ]) {
      const { stamps } = decode(record(`${url} finished receiving.`));
      assert.deepEqual([stamps[0]?.url, stamps[0]?.mark], [url, "responseEnd"]);
    }
  });

  it("a day of one digit is padded with a blank", () => {
    const { stamps } = decode(record("http://h/ sending request.", "The time is Tue Feb  9 09:00:00.005 1999"));
    assert.equal(stamps[0]?.time, Date.UTC(1999, 1, 9, 16, 0, 0, 5) * 1000);
  });

  it("a time alone is an orphan, an object without a time is torn: problems, and the rest is read", () => {
    const orphan = "The time is Wed Feb 10 10:15:40.080 1999\n";
    const { stamps, problems } = decode(
      `${orphan}http://h/a sending request.\n${record("http://h/b sending request.")}`,
    );
    assert.deepEqual(
      stamps.map(({ url }) => url),
      ["http://h/b"],
    );
    assert.deepEqual(
      problems.map(({ line }) => line),
      [1, 2],
    );
    assert.equal(decode(LISTING.slice(0, LISTING.lastIndexOf("\nThe time"))).problems.length, 1);
  });

  it("an impossible time is a problem: no such day, another weekday", () => {
    for (const time of [
      "Mon Feb 30 10:15:40.080 1999",
      "Thu Feb 10 10:15:40.080 1999",
      "Wed Feb 10 24:15:40.080 1999",
    ]) {
      const { stamps, problems } = decode(record("http://h/ sending request.", `The time is ${time}`));
      assert.deepEqual([stamps.length, problems.length], [0, 1], time);
    }
  });
});
