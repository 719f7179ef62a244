import assert from "node:assert/strict";
import { groupedDurations } from "../../../src/engine/grouped-durations";
import { RowFacts } from "../../../src/engine/row-facts";
import { countedRows, groupRows } from "../../../src/engine/row-groups";
import { SLICE } from "../../../src/engine/row-slices";
import type { ClientRecord, ServerRecord } from "../../../src/model/record";
import { DURATION_KEYS } from "../../../src/model/request";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord, storeOf } from "./sample-logs";

/** More requests than are looked at together, on seven routes; the later ones alone look a name up, each third has no end. */
function store() {
  const clients: ClientRecord[] = [];
  const servers: ServerRecord[] = [];
  for (let number = 0; number < 2 * SLICE + 100; number++) {
    const at = number * 1_000;
    const shared = { id: requestId(number + 1), conn: `c${number >> 3}`, ord: 1 + (number % 8) };
    const looked = { domainLookupStart: EPOCH + at + 1, domainLookupEnd: EPOCH + at + 5 + (number % 11) };
    clients.push(
      clientRecord(number + 1, at, {
        ...{ ...shared, url: `http://site/${number % 7}`, ...(number > SLICE + 10 && looked) },
        ...{ responseStart: EPOCH + at + 300, responseEnd: EPOCH + at + 400 + ((number * 37) % 501) },
      }),
    );
    servers.push(
      serverRecord(number + 1, at + 20, {
        ...{ ...shared, target: `/${number % 7}`, parseEnd: EPOCH + at + 30, processEnd: EPOCH + at + 200 },
        ...(number % 3 > 0 && { sendEnd: EPOCH + at + 210 + (number % 5) }),
      }),
    );
  }
  return storeOf({
    "server.ndjson": logText(header("server"), ...servers),
    "client.ndjson": logText(header("client"), ...clients),
  });
}

describe("durations of groups", () => {
  it("are those of their rows, one by one in order of time, wherever the first that is known comes", () => {
    const sample = store();
    const facts = new RowFacts(sample);
    const groups = groupRows(sample, countedRows(sample), "url").slice(1);
    const found = new Map(groupedDurations(sample, groups, DURATION_KEYS));
    assert.equal(groups.length, 6);
    for (const key of DURATION_KEYS)
      groups.forEach(({ rows }, group) => {
        const own = Array.from(rows, (row) => facts.duration(row, key)).filter((value) => !Number.isNaN(value));
        assert.deepEqual([...found.get(key)![group]!], own, key);
      });
    assert.ok(found.get("dns")!.every((values) => values.length > 100));
    assert.ok(found.get("tls")!.every((values) => values.length === 0));
  });
});
