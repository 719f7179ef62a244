import assert from "node:assert/strict";
import { recordAt } from "../../../src/extension/record-at";
import { browserTimes } from "../../../src/formats/browser-times";
import { nativeFormat } from "../../../src/formats/native-format";

const WEST = -7 * 60;
const times = [
  "http://www.cudenver.edu/ sending request.",
  "The time is Wed Feb 10 10:15:40.080 1999",
  "http://www.cudenver.edu/ started receiving.",
  "The time is Wed Feb 10 10:15:40.570 1999",
  "",
];
const at = (lines: readonly string[], line: number, zone?: number) =>
  recordAt(
    lines === times ? browserTimes : nativeFormat,
    (number) => lines[number],
    line,
    zone === undefined ? {} : { zone },
  );

describe("the record that a line belongs to", () => {
  it("of a record of two lines is the same on both", () => {
    for (const [line, mark, from] of [
      [0, "requestStart", 0],
      [1, "requestStart", 0],
      [2, "responseStart", 2],
      [3, "responseStart", 2],
    ] as const) {
      const found = at(times, line, WEST);
      assert.ok(found && "record" in found && found.record.type === "stamp");
      assert.deepEqual([found.record.mark, found.from], [mark, from]);
    }
  });

  it("is none on an empty line, and a problem where the line has no sense or no zone", () => {
    assert.equal(at(times, 4, WEST), null);
    assert.equal(at(times, 9, WEST), null);
    const unzoned = at(times, 1);
    assert.ok(unzoned && "problem" in unzoned && /zone/.test(unzoned.problem));
    const torn = at(['{"type":"server","se'], 0);
    assert.ok(torn && "problem" in torn && /not JSON/.test(torn.problem));
  });

  it("is found in the middle of a long log", () => {
    const long = Array.from({ length: 400 }, (_, line) => times[line % 2]!);
    const found = recordAt(browserTimes, (number) => long[number], 301, { zone: WEST });
    assert.ok(found && "from" in found);
    assert.equal(found.from, 300);
  });
});
