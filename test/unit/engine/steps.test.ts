/** Long work in steps: a hover is answered before a view that was asked for first. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Engine } from "../../../src/engine/node/engine";
import { answer } from "../../../src/engine/queries";
import { NativeScanner } from "../../../src/engine/scan";
import { Session } from "../../../src/engine/session";
import { finish, inSteps, run } from "../../../src/engine/steps";
import { FIRST_VIEW, GROUP_KEYS, SORT_KEYS, type View } from "../../../src/protocol/messages";
import { header, logText, serverRecord } from "./sample-logs";

const REQUESTS = 60_000;
const FILE = "/s/server";

function recorded(): Session {
  const session = new Session("/s", "s", "/s");
  const scanner = new NativeScanner(session.store.addFile(FILE, "server"), session.store);
  const records = Array.from({ length: REQUESTS }, (_, at) =>
    serverRecord(at + 1, at, { target: `/items/${(at * 7) % 40_000}`, worker: at % 3 }),
  );
  scanner.push(new TextEncoder().encode(logText(header("server"), ...records)));
  return session;
}

/** How many lines were asked of the session, one in each pause, until the answer was there. */
async function linesDuring(session: Session, asked: (pause: () => Promise<void>) => Promise<unknown>): Promise<number> {
  let answered = 0;
  const pause = async (): Promise<void> => {
    const line = 2 + ((answered * 977) % REQUESTS);
    const found = session.line(FILE, line);
    assert.equal(found?.detail.request.log.server?.line, line);
    answered++;
  };
  // A clock on which every step takes long: whether there is a pause is a law about steps, not about this machine.
  const { now } = Date;
  let time = now();
  Date.now = () => {
    time += 1000;
    return time;
  };
  try {
    await asked(pause);
  } finally {
    Date.now = now;
  }
  return answered;
}

/** Each view has a revision of its own. */
const stateless = (result: unknown) => ({ ...(result as object), revision: 0 });

describe("a long answer", () => {
  let session: Session;
  before(() => {
    session = recorded();
    session.store.spine.rows();
  });

  const linesDuringView = (view: Partial<View>) =>
    linesDuring(session, (pause) => session.view("p", { ...FIRST_VIEW, ...view }, pause));

  /** No step goes over more than some thousand rows, or one more plain array. */
  const LEAST = REQUESTS / 2 ** 15;

  for (const sort of SORT_KEYS.filter((key) => key !== "start"))
    it(`that is a view sorted by ${sort} lets lines be asked for in between`, async () => {
      assert.ok((await linesDuringView({ sort })) > 4 * LEAST);
    });

  for (const group of GROUP_KEYS.filter((key) => key !== "none"))
    it(`that is a view grouped by ${group} lets lines be asked for in between`, async () => {
      assert.ok((await linesDuringView({ group })) > 2 * LEAST);
    });

  for (const filter of ["items/12", "rs:>1ms", "path:/items/1*", "status:200"])
    it(`that is a view filtered by ${filter} lets lines be asked for in between`, async () => {
      assert.ok((await linesDuringView({ filter })) > 2 * LEAST);
    });

  it("that is a view of a span lets lines be asked for in between", async () => {
    assert.ok((await linesDuringView({ span: [0, 1e9] })) > 2 * LEAST);
  });

  const QUESTIONS: Record<string, (pause: () => Promise<void>) => Promise<unknown>> = {
    "a request's details": (pause) => session.detail(REQUESTS >> 1, pause),
    "the overview": (pause) => answer(session, "overview", { session: "/s", from: 0, to: 1e9, buckets: 600 }, pause),
    "what differs": (pause) => answer(session, "differs", { session: "/s", filter: "" }, pause),
    "what differs, of a filter": (pause) => answer(session, "differs", { session: "/s", filter: "rs:>1us" }, pause),
    "a session's facts": async (pause) => {
      const fresh = recorded();
      return answer(fresh, "info", { session: "/s" }, pause);
    },
    "a group's row": async (pause) => {
      const { revision } = await session.view("g", { ...FIRST_VIEW, group: "status" }, async () => {});
      return session.rows("g", { revision, from: 0, count: 1 }, pause);
    },
    "a group's requests": async (pause) => {
      const { revision } = await session.view("g", { ...FIRST_VIEW, group: "status" }, async () => {});
      return session.lanes("g", { revision, from: 0, count: 1, span: [0, 1e9], cells: 100 }, pause);
    },
  };
  for (const [what, ask] of Object.entries(QUESTIONS))
    it(`that is ${what} lets lines be asked for in between`, async () => {
      assert.ok((await linesDuring(session, ask)) > 2 * LEAST);
    });

  for (const [what, ask] of Object.entries<(fresh: Session, pause: () => Promise<void>) => Promise<unknown>>({
    "a view": (fresh, pause) => fresh.view("p", FIRST_VIEW, pause),
    "the overview": (fresh, pause) =>
      answer(fresh, "overview", { session: "/s", from: 0, to: 1e9, buckets: 600 }, pause),
  }))
    it(`lets lines be asked for while rows are put in order for the first time, for ${what}`, async () => {
      const fresh = recorded();
      const answered = await linesDuring(fresh, (pause) => ask(fresh, pause));
      // Starts of some thousand rows a step, six passes of a sort, and as many again for the overview's tree.
      assert.ok(answered > 2 * (REQUESTS / 2 ** 13) + 6 * LEAST, `${answered}`);
    });

  it("is what it is without a pause, whatever came in meanwhile", async () => {
    for (const [what, ask] of Object.entries(QUESTIONS)) {
      const plain = await ask(async () => {});
      let paused: unknown;
      await linesDuring(session, async (pause) => {
        paused = await ask(pause);
      });
      assert.deepEqual(stateless(paused), stateless(plain), what);
    }
  });
});

describe("a log of another format that is read", () => {
  it("lets lines be asked for between pieces of it, and finds those that it has", async () => {
    const folder = mkdtempSync(join(tmpdir(), "request-timeline-"));
    const file = join(folder, "access.log");
    const line = (at: number) => `10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /items/${at} HTTP/1.1" 200 2326\n`;
    const text = Array.from({ length: 12_000 }, (_, at) => line(at)).join("");
    writeFileSync(file, text);
    let pauses = 0;
    let found = 0;
    const engine: Engine = new Engine(
      () => undefined,
      async () => {
        pauses++;
        const asked = await engine.call("line", { file, line: 100 });
        if (asked?.detail.request.url.endsWith("/items/99")) found++;
      },
    );
    try {
      await engine.call("open", { paths: [file], follow: false });
    } finally {
      await engine.close();
      rmSync(folder, { recursive: true });
    }
    assert.ok(pauses >= text.length / 2 ** 16, `${pauses} of ${text.length}`);
    assert.equal(found, pauses);
  });
});

describe("steps", () => {
  it("go over every element once, in order, and end alike with and without pauses", async () => {
    const sum = function* (length: number, size: number) {
      const seen: number[] = [];
      yield* inSteps(length, size, (from, to) => {
        for (let at = from; at < to; at++) seen.push(at);
      });
      return seen;
    };
    for (const [length, size] of [
      [0, 3],
      [1, 3],
      [3, 3],
      [10, 3],
    ] as const) {
      const expected = Array.from({ length }, (_, at) => at);
      assert.deepEqual(finish(sum(length, size)), expected);
      assert.deepEqual(await run(sum(length, size), async () => {}), expected);
    }
  });
});
