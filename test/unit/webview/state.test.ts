import assert from "node:assert/strict";
import fc from "fast-check";
import { planColumns } from "../../../webview/layout/columns";
import { PAGE_ROWS, RowCache } from "../../../webview/rows/cache";
import { readRows, spanOf } from "../../../webview/rows/row";
import { FIRST_SAVED, readSaved } from "../../../webview/state/saved";
import { generate } from "../../ui/fixture/columns";
import { Store } from "../../ui/fixture/store";
import { aRow } from "./rows";

const view = FIRST_SAVED.view;
const store = new Store(generate(400));
const rows = store.rows(view, 400);

describe("what is kept over a reload", () => {
  it("comes back as it was", () => {
    const saved = {
      ...FIRST_SAVED,
      session: "/s",
      domain: [10, 20] as const,
      selected: 7,
      top: 3.5,
      view: { ...view, filter: "rc:>1", group: "route" as const },
    };
    assert.deepEqual(readSaved(JSON.parse(JSON.stringify(saved))), saved);
  });

  it("is the beginning where it is anything else", () => {
    fc.assert(fc.property(fc.anything(), (anything) => void readSaved(anything)));
    assert.deepEqual(readSaved(null), FIRST_SAVED);
    assert.deepEqual(readSaved({ view: { sort: "constructor", group: 3 }, domain: [5, 1] }), FIRST_SAVED);
  });
});

describe("rows of a window", () => {
  it("are the same whichever way the window is cut", () => {
    const whole = readRows(store.window(1, view, rows, 0, 60));
    const cut = [0, 7, 20, 21].flatMap((from, at, all) =>
      readRows(store.window(1, view, rows, from, (all[at + 1] ?? 60) - from)),
    );
    assert.deepEqual(cut, whole);
  });

  it("have a span that one endless request does not stretch", () => {
    const many = Array.from({ length: 20 }, () => aRow());
    const endless = aRow({ state: "pending", times: { responseEnd: Number.NaN, clientLast: 9e9, serverLast: 9e9 } });
    assert.ok(spanOf([...many, endless])![1] < 200_000);
    assert.equal(spanOf([]), null);
  });
});

describe("row cache", () => {
  const cacheWith = (fetch: (from: number) => void = () => {}) => {
    const asked: number[] = [];
    const cache = new RowCache(
      {
        fetch: async (revision, from, count) => {
          asked.push(from);
          fetch(from);
          return store.window(revision, view, rows, from, count);
        },
        arrived: () => {},
        refused: () => {},
      },
      1,
      rows.length,
    );
    return { cache, asked };
  };

  it("fetches a page once, and only what is in sight", async () => {
    const { cache, asked } = cacheWith();
    await cache.load(0, 30);
    await cache.load(10, 40);
    assert.deepEqual(asked, [0]);
    assert.equal(cache.get(3)?.index, 3);
    assert.equal(cache.get(PAGE_ROWS), undefined);
  });

  it("never has more than three pages under way, and ends with what is wanted last", async () => {
    const { cache, asked } = cacheWith();
    for (let top = 0; top < 400; top += 10) cache.want(top, top + 30);
    assert.ok(asked.length <= 3, String(asked));
    const deadline = Date.now() + 2_000;
    while (!cache.get(390) && Date.now() < deadline) await new Promise((done) => setImmediate(done));
    assert.equal(cache.get(390)?.index, 390);
  });
});

describe("columns", () => {
  it("leave the timeline at least a third, and never give up the path, at any width", () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 4_000 }), (width) => {
        const plan = planColumns(width);
        assert.ok(plan.timelineWidth >= width / 3 - 1, JSON.stringify(plan));
        assert.ok(plan.columns.some(({ key }) => key === "path"));
        assert.equal(plan.tableWidth + plan.timelineWidth, width);
      }),
    );
  });
});
