/** An access log beside a probe's: neither side says which request is whose. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { opened } from "../formats/exchange";
import { clientRecord, EPOCH, header, logText } from "./sample-logs";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const SECOND = 1_000_000;

interface Asked {
  target: string;
  /** ms after the epoch of the samples. */
  at: number;
  took: number;
  status: number;
  /** Whether the probe's log has it: other clients' requests are in the server's alone. */
  probe: boolean;
  /** Whether the server's log has it. */
  logged: boolean;
}

/** As nginx writes it: when the response had been sent, in whole seconds. */
function line({ target, at, took, status }: Asked, ahead: number): string {
  const end = new Date(Math.floor((EPOCH / 1000 + at + took + ahead) / 1000) * 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${two(end.getUTCDate())}/${MONTHS[end.getUTCMonth()]}/${end.getUTCFullYear()}`;
  const time = `${two(end.getUTCHours())}:${two(end.getUTCMinutes())}:${two(end.getUTCSeconds())}`;
  return `127.0.0.1 - - [${day}:${time} +0000] "GET ${target} HTTP/1.1" ${status} 598\n`;
}

/** Each row's target, when it was asked for, and how it was paired. */
async function paired(requests: readonly Asked[], ahead: number) {
  const clients = requests
    .filter(({ probe }) => probe)
    .map(({ target, at, took, status }, index) =>
      clientRecord(index + 1, at * 1000, {
        ...{ url: `http://localhost${target}`, status, ord: index + 1 },
        ...{ responseStart: EPOCH + (at + took) * 1000 - 1, responseEnd: EPOCH + (at + took) * 1000 },
      }),
    );
  const inOrder = requests.filter(({ logged }) => logged).toSorted((a, b) => a.at + a.took - b.at - b.took);
  return opened({
    "client.ndjson": logText(header("client"), ...clients),
    "access.log": inOrder.map((request) => line(request, ahead)).join(""),
  });
}

const asked = (requests: Partial<Asked>[]): Asked[] =>
  requests.map((request) => ({ target: "/a", at: 0, took: 20, status: 200, probe: true, logged: true, ...request }));

describe("an access log beside a probe's", () => {
  it("pairs each request that one record alone fits, whatever the server's clock says within minutes", async () => {
    for (const ahead of [0, 90_000, -200_000]) {
      const { items } = await paired(
        asked([{ target: "/a" }, { target: "/b", at: 3_000 }, { target: "/c", at: 7_000 }]),
        ahead,
      );
      assert.deepEqual(
        items.map(({ request: { pairing, status } }) => [pairing, status]),
        [1, 2, 3].map(() => ["order", 200]),
      );
    }
  });

  it("tells requests of one target apart by their status, and by their time", async () => {
    const { items } = await paired(
      asked([{ status: 200 }, { status: 304, at: 100 }, { target: "/b", at: 200 }, { target: "/b", at: 60_000 }]),
      0,
    );
    assert.deepEqual(
      items.map(({ request: { pairing } }) => pairing),
      ["order", "order", "order", "order"],
    );
  });

  it("leaves alone what another client asked for in the same second, and says so on both sides", async () => {
    const { items } = await paired(asked([{}, { at: 30, probe: false }, { target: "/b", at: 500 }]), 0);
    const reasons = items.map(({ request: { url, pairing, unpaired } }) => [
      url.at(-1),
      pairing,
      unpaired?.slice(0, 9),
    ]);
    assert.deepEqual(reasons.sort(), [
      ["a", "none", "ambiguous"],
      ["a", "none", "ambiguous"],
      ["a", "none", "ambiguous"],
      ["b", "order", undefined],
    ]);
  });

  it("never pairs wrongly: of a simulated hour each pair is the true one, whatever was lost and whoever else asked", async () => {
    const request = fc.record({
      target: fc.constantFrom("/a", "/b", "/c?1", "/c?2"),
      at: fc.nat({ max: 3_600_000 }),
      took: fc.integer({ min: 1, max: 5_000 }),
      status: fc.constantFrom(200, 304, 404),
      probe: fc.boolean(),
      logged: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    });
    await fc.assert(
      fc.asyncProperty(
        // Each begins at a moment of its own, by which it is known again.
        fc.uniqueArray(request, { maxLength: 25, selector: ({ at }) => at }),
        fc.integer({ min: -60_000, max: 60_000 }),
        async (all, ahead) => {
          const { items } = await paired(all, ahead);
          const lost = all.some(({ probe, logged }) => probe !== logged);
          for (const { request: found } of items) {
            if (found.pairing !== "order") continue;
            const begun = (found.marks.requestStart! - EPOCH) / 1000;
            const own = all.find(({ at, target, probe }) => probe && at === begun && found.url.endsWith(target))!;
            const end = found.marks.parseStart! - (EPOCH + (own.at + own.took + ahead) * 1000);
            // Without anybody else's requests the pair is the true one; with them it is at least one that the clocks allow.
            if (!lost) assert.ok(end <= 0 && end > -SECOND, `${own.target} ${own.at}: ${end}`);
            assert.equal(found.status, own.status);
          }
        },
      ),
      { numRuns: process.env.SOAK ? 2000 : 60 },
    );
  });
});
