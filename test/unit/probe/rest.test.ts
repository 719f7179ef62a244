import assert from "node:assert/strict";
import type { DevTools } from "../../../src/probe/browser/devtools";
import { rest } from "../../../src/probe/browser/rest";

/** A browser whose processes have used so much, s, each time that it is asked. */
function browser(looks: Record<number, number>[]): { devtools: DevTools; asked: () => number } {
  let asked = 0;
  const send = async () => {
    const look = looks[Math.min(asked++, looks.length - 1)];
    if (!look) throw new Error("refused");
    return { processInfo: Object.entries(look).map(([id, cpuTime]) => ({ id: Number(id), cpuTime })) };
  };
  return { devtools: { send } as unknown as DevTools, asked: () => asked };
}

const { signal } = new AbortController();

describe("a browser's rest before a page", () => {
  it("is over as soon as none of its processes has worked since the last look", async () => {
    const { devtools, asked } = browser([
      { 1: 1, 2: 0 },
      { 1: 1.05, 2: 0.3 },
      { 1: 1.06, 2: 0.3, 3: 0.04 },
      { 1: 1.07, 2: 0.3, 3: 0.04 },
    ]);
    await rest(devtools, signal);
    assert.equal(asked(), 4);
  });

  it("counts a process that has just begun, and not the past of one that has ended", async () => {
    const { devtools, asked } = browser([
      { 1: 1, 2: 5 },
      { 1: 1, 3: 0.2 },
      { 1: 1, 3: 0.2 },
    ]);
    await rest(devtools, signal);
    assert.equal(asked(), 3);
  });

  it("ends where the browser does not tell, or the probe is to stop", async () => {
    await rest(browser([]).devtools, signal);
    let time = 0;
    const busy = browser([]);
    busy.devtools.send = async () => ({ processInfo: [{ id: 1, cpuTime: time++ }] });
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    await rest(busy.devtools, controller.signal);
    assert.equal(time, 1);
  });
});
