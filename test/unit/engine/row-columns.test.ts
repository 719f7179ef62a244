import assert from "node:assert/strict";
import { Axis } from "../../../src/engine/axis";
import { RowColumns } from "../../../src/engine/row-columns";
import { RowDurations } from "../../../src/engine/row-durations";
import { RowFacts } from "../../../src/engine/row-facts";
import { countedRows, groupRows } from "../../../src/engine/row-groups";
import { rowStart } from "../../../src/engine/row-span";
import type { Store } from "../../../src/engine/store";
import { DURATION_KEYS } from "../../../src/model/request";
import { random } from "../model/random";
import { rowSpan } from "./reference";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord, storeOf } from "./sample-logs";

describe("facts of many rows at once", () => {
  it("are those of the rows one by one, whatever is unknown", () => {
    const store = mixedStore();
    const facts = new RowFacts(store);
    const axis = new Axis(store);
    const rows = store.spine.rows();
    const columns = new RowColumns(store, rows);
    const each = (of: (row: number) => number): number[] => [...rows].map(of);
    for (const key of DURATION_KEYS)
      assert.deepEqual(
        [...columns.duration(key)],
        each((row) => facts.duration(row, key)),
        key,
      );
    for (const name of ["method", "target", "id", "conn"] as const)
      assert.deepEqual(
        [...columns.shared(name)],
        each((row) => facts.shared(row, name)),
        name,
      );
    assert.deepEqual(
      [...columns.shared("status")],
      each((row) => facts.status(row)),
    );
    assert.deepEqual(
      [...columns.shared("bytes")],
      each((row) => facts.bytes(row)),
    );
    assert.deepEqual(
      [...columns.responseTime()],
      each((row) => facts.responseTime(row)),
    );
    assert.deepEqual(
      [...columns.failures()],
      each((row) => Number(facts.isFailure(row))),
    );
    assert.deepEqual(
      [...columns.starts(axis)],
      each((row) => rowStart(store, axis, row)),
    );
    const { from, to } = columns.spans(axis);
    assert.deepEqual(
      [...from].map((time, at) => [time, to[at]]),
      [...rows].map((row) => rowSpan(store, axis, row)),
    );
  });
});

describe("durations of the rows of a route", () => {
  it("are those of the rows one by one, whatever is unknown", () => {
    const store = mixedStore();
    const facts = new RowFacts(store);
    for (const { key: route, rows } of groupRows(store, countedRows(store), "route")) {
      const durations = new RowDurations(store, rows);
      for (const key of DURATION_KEYS) {
        const known = Array.from(rows, (row) => facts.duration(row, key)).filter((value) => !Number.isNaN(value));
        assert.deepEqual([...durations.known(key)], known, `${route} ${key}`);
      }
    }
  });
});

/** Pairs and requests of one side alone, with any of their fields unknown. */
function mixedStore(): Store {
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
          ...maybe(() => ({ state: "aborted" as const })),
          ...maybe(() => ({ status: 200 + dice.below(300), bytes: dice.below(9) })),
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
  return storeOf({
    "server.ndjson": logText(header("server"), ...servers),
    "client.ndjson": logText(header("client"), ...clients),
  });
}
