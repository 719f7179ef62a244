/** What the page asks when its view changes, and what it shows meanwhile. The host answers when the test says so. */
import assert from "node:assert/strict";
import type { RowWindow, SessionInfo, View } from "../../../src/protocol/messages";
import { Refused } from "../../../webview/host/conversation";
import type { PageState } from "../../../webview/state/page-state";
import { Renewal } from "../../../webview/state/renewal";
import { FIRST_SAVED } from "../../../webview/state/saved";
import { generate } from "../../ui/fixture/columns";
import { Store } from "../../ui/fixture/store";

const COUNT = 400;
const store = new Store(generate(COUNT));
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

interface Asked {
  method: string;
  params: { view?: View; from?: number; count?: number };
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** A page over a session that counts as large, which has shown all its rows in order of start. */
async function page() {
  const asked: Asked[] = [];
  const shown: { rows: number; first: number | undefined; isWhole: boolean }[] = [];
  const failures: unknown[] = [];
  const view: View = { ...FIRST_SAVED.view };
  const state = {
    ...{ phase: "ready", session: { key: "/s", requests: 1e6, recording: false } as SessionInfo, view },
    ...{ result: null, isWhole: true, rows: null, top: 0, visibleRows: 30, cursor: -1, selected: null, domain: null },
  } as unknown as PageState;
  const conversation = {
    ask: (method: string, params: Asked["params"]) =>
      new Promise((resolve, reject) => asked.push({ method, params, resolve, reject })),
  } as never;
  const changed = (): void => {
    shown.push({ rows: state.result!.rows, first: state.rows!.get(0)?.index, isWhole: state.isWhole });
  };
  const renewal = new Renewal(state, conversation, "p", changed, (error) => failures.push(error));
  /** What was asked last under that name and is not answered yet. */
  const take = (method: string): Asked => {
    const at = asked.findLastIndex((one) => one.method === method);
    assert.ok(at >= 0, `${method} was asked`);
    return asked.splice(at, 1)[0]!;
  };
  const rowsOf = (wanted: View) => store.rows(wanted, COUNT);
  const window = (revision: number, wanted: View, from: number, count: number): RowWindow =>
    store.window(revision, wanted, rowsOf(wanted), from, count);
  const whole = (revision: number, { params, resolve }: Asked): void => {
    const { length } = rowsOf(params.view!);
    resolve({ revision, rows: length, matches: length, total: COUNT, filterError: null });
  };
  const change = (wanted: Partial<View>): Promise<void> => {
    Object.assign(state.view, wanted);
    return renewal.beginAnew();
  };
  const begun = renewal.refresh();
  whole(1, take("view"));
  await settled();
  take("rows").resolve(window(1, view, 0, 64));
  await begun;
  return { state, asked, shown, failures, take, window, whole, change };
}

describe("a view of many requests", () => {
  it("shows its first rows before the rest is there, and they stay where they are", async () => {
    const { state, asked, shown, take, window, whole, change } = await page();
    const changing = change({ sort: "clientResponse", descending: true });
    take("firstRows").resolve(window(2, state.view, 0, 128));
    await settled();
    const [slowest] = store.rows(state.view, COUNT);
    assert.deepEqual(shown.at(-1), { rows: COUNT, first: slowest, isWhole: false });
    state.top = 5;
    whole(2, take("view"));
    await changing;
    assert.deepEqual(shown.at(-1), { rows: COUNT, first: slowest, isWhole: true });
    assert.equal(state.top, 5, "who has scrolled meanwhile stays where they are");
    assert.deepEqual(asked, [], "the first rows are not asked for twice");
  });

  it("keeps the row that is chosen while it comes", async () => {
    const { state, take, window, whole, change } = await page();
    const changing = change({ sort: "bytes" });
    take("firstRows").resolve(null);
    whole(2, take("view"));
    await settled();
    const order = store.rows(state.view, COUNT);
    Object.assign(state, { selected: order[7], cursor: 7 });
    take("rows").resolve(window(2, state.view, 0, 64));
    await settled();
    take("locate").resolve(7);
    await changing;
    assert.deepEqual([state.selected, state.cursor], [order[7], 7]);
  });

  it("does not know how many rows a filter lets through until it has them all", async () => {
    const { state, shown, take, window, whole, change } = await page();
    const changing = change({ filter: "status:200" });
    take("firstRows").resolve(window(2, state.view, 0, 128));
    await settled();
    assert.deepEqual(shown.at(-1), { rows: 128, first: 0, isWhole: false });
    whole(2, take("view"));
    await changing;
    const all = store.rows(state.view, COUNT).length;
    assert.ok(all > 128);
    assert.deepEqual(shown.at(-1), { rows: all, first: 0, isWhole: true });
  });

  it("waits for all of it where nothing comes earlier", async () => {
    const { state, shown, take, window, whole, change } = await page();
    const before = shown.length;
    const changing = change({ sort: "bytes" });
    take("firstRows").resolve(null);
    await settled();
    assert.equal(shown.length, before);
    whole(2, take("view"));
    await settled();
    take("rows").resolve(window(2, state.view, 0, 64));
    await changing;
    assert.deepEqual(shown.at(-1), { rows: COUNT, first: store.rows(state.view, COUNT)[0], isWhole: true });
  });

  it("is given up for a newer one, which does not wait for it", async () => {
    const { state, shown, failures, take, window, whole, change } = await page();
    const older = change({ filter: "method:GET" });
    const [view, early] = [take("view"), take("firstRows")];
    const newer = change({ filter: "status:200" });
    const first = take("firstRows");
    view.reject(new Refused("a newer view has been asked for", "stale"));
    early.resolve(null);
    await older;
    first.resolve(window(3, state.view, 0, 128));
    await settled();
    whole(3, take("view"));
    await newer;
    assert.deepEqual(failures, []);
    assert.deepEqual(shown.at(-1), { rows: store.rows(state.view, COUNT).length, first: 0, isWhole: true });
  });
});
