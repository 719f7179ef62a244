import assert from "node:assert/strict";
import { layoutRows, type Picture } from "../../../webview/layout/rows";
import type { Row } from "../../../webview/rows/row";
import { timeScale } from "../../../webview/time/scale";
import { aRow, rectsOf } from "./rows";

const picture = (rows: (Row | undefined)[], change: Partial<Picture> = {}): Picture => ({
  rows,
  offset: 0,
  rowHeight: 26,
  scale: timeScale([0, 1_000_000], 1_000),
  ticks: [],
  height: 260,
  selected: -1,
  hovered: -1,
  paired: true,
  aligned: true,
  lanes: new Map(),
  ...change,
});

describe("rows in sight", () => {
  it("is silent for what is usual, and names the handler of a flagged one beside its bar", () => {
    assert.deepEqual(layoutRows(picture([aRow()])).list.labels, []);
    const { list, hits } = layoutRows(picture([aRow({ flagged: true })]));
    assert.deepEqual(
      list.labels.map(({ text, align, x }) => [text, align, x]),
      [["calendar.cgi:1", "left", 108]],
    );
    assert.deepEqual(
      hits.map(({ what, position }) => [what, position]),
      [["handler", 0]],
    );
  });

  it("says a note after the handler, and does not repeat it", () => {
    const texts = (note: string) => ({ ...aRow().texts, note });
    const label = (row: Row) => layoutRows(picture([row])).list.labels[0]?.text;
    assert.equal(label(aRow({ flagged: true, texts: texts("queued 38 ms") })), "calendar.cgi:1 · queued 38 ms");
    assert.equal(label(aRow({ flagged: true, texts: texts("calendar.cgi:1 slow") })), "calendar.cgi:1 slow");
  });

  it("puts the label left of a bar that ends at the border", () => {
    const [label] = layoutRows(picture([aRow({ flagged: true })], { scale: timeScale([-400_000, 101_000], 1_000) }))
      .list.labels;
    assert.equal(label?.align, "right");
    assert.ok(label.x < 800);
  });

  it("shows with an arrow on which side a request lies that is outside", () => {
    const shapes = (from: number) =>
      layoutRows(picture([aRow()], { scale: timeScale([from, from + 50_000], 1_000) })).list.marks.map(
        ({ shape }) => shape,
      );
    assert.deepEqual(shapes(200_000), ["left"]);
    assert.deepEqual(shapes(-100_000), ["right"]);
  });

  it("leaves a row that has not arrived empty, and draws the next at its place", () => {
    const { list } = layoutRows(picture([undefined, aRow({ position: 1 })]));
    for (const [, y0] of rectsOf(list, "client")) assert.ok(y0 >= 26);
  });

  it("draws a group as one line over its extent", () => {
    const { list } = layoutRows(picture([aRow({ isGroup: true })]));
    assert.deepEqual(
      rectsOf(list, "group").map(([x0, , x1]) => [x0, x1]),
      [[0, 100]],
    );
    assert.deepEqual(rectsOf(list, "process"), []);
  });

  it("draws each tick once, only inside the picture", () => {
    const { list } = layoutRows(picture([], { ticks: [-10, 0, 500_000, 1_000_001] }));
    assert.deepEqual(
      rectsOf(list, "grid").map(([x0]) => x0),
      [0, 500],
    );
  });
});
