import assert from "node:assert/strict";
import { rowsByRoute } from "../../../src/engine/route-summary";
import { RowDurations } from "../../../src/engine/row-durations";
import { RowFacts } from "../../../src/engine/row-facts";
import { DURATION_KEYS } from "../../../src/model/request";
import { random } from "../model/random";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord, storeOf } from "./sample-logs";

describe("durations of many rows at once", () => {
  it("are those of the rows one by one, whatever is unknown", () => {
    const dice = random(1);
    const clients = [];
    const servers = [];
    for (let number = 1; number <= 300; number++) {
      const at = number * 1000;
      const time = (): number => EPOCH + at + dice.below(500);
      const maybe = <T extends object>(fields: () => T): T | object => (dice.below(3) ? fields() : {});
      const id = requestId(number);
      const target = `/${dice.below(4)}`;
      if (dice.below(5))
        clients.push(
          clientRecord(clients.length + 1, at, {
            ...{ id, url: `http://localhost${target}` },
            ...maybe(() => ({ fetchStart: EPOCH + at - 50 })),
            ...maybe(() => ({ domainLookupStart: EPOCH + at - 40, domainLookupEnd: EPOCH + at - 30 })),
            ...maybe(() => ({
              connectStart: EPOCH + at - 20,
              secureConnectionStart: EPOCH + at - 10,
              connectEnd: EPOCH + at - 5,
            })),
            ...maybe(() => ({ responseStart: undefined })),
          }),
        );
      if (dice.below(5)) {
        const arrival = maybe(() => ({ arrival: [EPOCH + at - 30, EPOCH + at + 3] as const }));
        servers.push(
          serverRecord(servers.length + 1, at, { id, target, ...arrival, ...maybe(() => ({ parseEnd: time() })) }),
        );
      }
    }
    const store = storeOf({
      "server.ndjson": logText(header("server"), ...servers),
      "client.ndjson": logText(header("client"), ...clients),
    });
    const facts = new RowFacts(store);
    for (const [route, rows] of rowsByRoute(store, facts)) {
      const durations = new RowDurations(store, rows);
      for (const key of DURATION_KEYS) {
        const known = rows.map((row) => facts.duration(row, key)).filter((value) => !Number.isNaN(value));
        assert.deepEqual([...durations.known(key)], known, `${route} ${key}`);
      }
    }
  });
});
