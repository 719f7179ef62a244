import assert from "node:assert/strict";
import fc from "fast-check";
import { clockSeconds, clockTime, showZone } from "../../../webview/words/clock";
import { bytes, duration, exactMillis, fewMillis, millis } from "../../../webview/words/numbers";
import { laneTexts, statusText, timelineText } from "../../../webview/words/row-text";
import { aRow } from "./rows";

describe("numbers in words", () => {
  it("have as many digits as a column needs", () => {
    assert.deepEqual([50, 1_234, 41_230, 99_960, 512_104, 1_920_000].map(millis), [
      "0.05",
      "1.2",
      "41.2",
      "100",
      "512",
      "1,920",
    ]);
  });

  it("say their unit where a narrow column has no room for milliseconds", () => {
    const said = [99_999_499, 99_999_500, 1_020_000_000, 7_200_000_000, 1e12].map(fewMillis);
    assert.deepEqual(said, ["99,999", "100 s", "17 min", "2.0 h", "278 h"]);
    assert.ok(
      fc.sample(fc.double({ min: 0, max: 3e12, noNaN: true }), 500).every((micros) => fewMillis(micros).length <= 6),
    );
    assert.equal(fewMillis(Number.NaN), "–");
  });

  it("say a duration with its unit", () => {
    const said = [38, 1_234, 220_000, 1_920_000, 125_000_000, 3_720_000_000].map(duration);
    assert.deepEqual(said, ["38 µs", "1.2 ms", "220 ms", "1.92 s", "2 min 5 s", "1 h 2 min"]);
  });

  it("say a dash for what is not known, and nothing else", () => {
    for (const say of [millis, exactMillis, duration, bytes])
      assert.deepEqual([say(null), say(Number.NaN)], ["–", "–"]);
    assert.equal(millis(0), "0.0");
  });

  it("say sizes in decimal units", () =>
    assert.deepEqual([0, 598, 9_021, 1_500_000, 2e12].map(bytes), ["0 B", "598 B", "9.0 kB", "1.5 MB", "2.0 TB"]));

  it("keep the microsecond of a wall-clock time", () => {
    assert.match(clockTime(918_666_940_080_007), /^\d\d:\d\d:40\.080 007$/);
  });

  it("say the time of day in the zone that was told for the session's logs, else in the viewer's", () => {
    const noon = Date.UTC(1999, 1, 10, 12) * 1_000;
    const own = clockSeconds(noon);
    showZone(-5 * 60);
    assert.equal(clockSeconds(noon), "07:00:00");
    showZone(5 * 60 + 30);
    assert.equal(clockTime(noon + 80_007), "17:30:00.080 007");
    showZone(undefined);
    assert.equal(clockSeconds(noon), own);
  });
});

describe("a row in words", () => {
  it("says both lanes with every phase", () => {
    assert.deepEqual(laneTexts(aRow()), [
      "client 100 ms, header after 70.0 ms",
      "server 60.0 ms, parse 5.0 ms, process 45.0 ms, send 10.0 ms",
    ]);
  });

  it("says what is unusual: the state, the missing side, the note", () => {
    const row = aRow({ state: "aborted", hasServer: false, texts: { ...aRow().texts, note: "closed by the client" } });
    const text = timelineText(row);
    for (const part of ["aborted", "client's record only", "closed by the client"])
      assert.ok(text.includes(part), text);
    assert.equal(statusText(row), "aborted");
  });

  it("says a call or a lock once, though the bar and the note both show it", () => {
    const children = [
      { start: 1, duration: 9_000, kind: "lock", name: "a.txt" },
      { start: 2, duration: 20_000, kind: "http", name: "GET /stock" },
    ];
    const note = "waited for the event loop 1.98 s · waited 9 ms for a.txt · GET /stock 20 ms";
    const text = timelineText(aRow({ children, texts: { ...aRow().texts, note } }));
    assert.equal(text.match(/a\.txt/g)?.length, 1);
    assert.equal(text.match(/\/stock/g)?.length, 1);
    assert.ok(text.includes("waited for the event loop 1.98 s"));
  });
});
