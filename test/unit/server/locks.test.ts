import assert from "node:assert/strict";
import fc from "fast-check";
import { localLocks } from "../../../src/server/locks/locks";
import { type Holding, LockTable } from "../../../src/server/locks/table";

/** What happens to a table: an owner asks for a name, gives back its oldest one, or dies. */
const step = fc.record({
  act: fc.constantFrom("acquire", "release", "die"),
  owner: fc.nat(3),
  name: fc.constantFrom("a", "b"),
});

describe("the lock table", () => {
  it("never has more holders than allowed, serves in order of arrival, and forgets what nobody holds", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 3 }), (steps, capacity) => {
        const table = new LockTable<number>();
        const asked: { name: string; holding: Holding<number>; granted: boolean }[] = [];
        const drop = (gone: (typeof asked)[number]): void => void asked.splice(asked.indexOf(gone), 1);
        for (const { act, owner, name } of steps) {
          if (act === "acquire") {
            const request = { name, granted: false, holding: { owner, granted: () => {} } as Holding<number> };
            request.holding.granted = () => {
              request.granted = true;
            };
            asked.push(request);
            table.acquire(name, capacity, request.holding);
          } else if (act === "release") {
            const mine = asked.find((request) => request.holding.owner === owner && request.name === name);
            if (mine) {
              drop(mine);
              table.release(name, mine.holding);
            }
          } else {
            for (const mine of asked.filter((request) => request.holding.owner === owner)) drop(mine);
            table.releaseAll(owner);
          }
          for (const other of ["a", "b"]) {
            const of = asked.filter((request) => request.name === other);
            assert.deepEqual(
              of.map(({ granted }) => granted),
              of.map((_, index) => index < capacity),
            );
          }
          assert.equal(table.size, new Set(asked.map((request) => request.name)).size);
        }
      }),
    );
  });

  it("gives a lock once: a release that comes twice frees nobody else's", async () => {
    const locks = localLocks();
    const first = await locks.acquire("x");
    const second = locks.acquire("x");
    first();
    const release = await second;
    first();
    let third = false;
    const waiting = locks.acquire("x").then((done) => {
      third = true;
      done();
    });
    await Promise.resolve();
    assert.equal(third, false);
    release();
    await waiting;
  });
});
