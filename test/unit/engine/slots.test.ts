import assert from "node:assert/strict";
import { reportJson } from "../../../src/engine/report-json";
import { reportMarkdown } from "../../../src/engine/report-markdown";
import { reportTable } from "../../../src/engine/report-table";
import { Session } from "../../../src/engine/session";
import { nativeFormat } from "../../../src/formats/native-format";
import type { EventRecord } from "../../../src/model/record";
import type { Report } from "../../../src/model/report";
import { clientRecord, EPOCH, header, logText } from "./sample-logs";

const event = (seq: number, at: number, name: string, detail: string): EventRecord => ({
  ...{ type: "event", seq, time: EPOCH + at, name, detail },
});

/** The slots at 10:30 and 11:30 were measured, the one at 11:00 was missed; one request came before all. */
const records = [
  header("client"),
  clientRecord(1, 0),
  event(2, 1_000, "slot", "10:30"),
  clientRecord(3, 1_010),
  clientRecord(4, 1_500),
  event(5, 3_000, "slot missed", "11:00"),
  event(6, 3_001, "slot", "11:30"),
  clientRecord(7, 3_010, { warmup: true }),
  clientRecord(8, 3_500),
];

function sessionOf(text: string): Session {
  const session = new Session("/s", "day", "/s");
  const decoder = nativeFormat.open(session.store.addFile("/s/client.ndjson", "client.ndjson"), { file: "c" });
  decoder.push(new TextEncoder().encode(text));
  decoder.end();
  return session;
}

describe("the slots of a schedule in a report", () => {
  const session = sessionOf(logText(...records));

  it("have the requests that were wanted in them, and a missed one none", () => {
    const { summary } = JSON.parse([...reportJson(session.store)].join("")) as Report;
    assert.deepEqual(
      summary.bySlot?.map(({ slot, missed, count, clientResponse }) => [slot, missed, count, clientResponse?.p50]),
      [
        ["10:30", false, 2, 110],
        ["11:00", true, 0, undefined],
        ["11:30", false, 1, 110],
      ],
    );
  });

  it("are a line each, in the table and in Markdown", () => {
    const table = [...reportTable(session)].join("");
    assert.match(table, /^10:30 +2 +110 µs/m);
    assert.match(table, /^11:00 +missed +–/m);
    assert.match([...reportMarkdown(session)].join(""), /## By slot\n\n.*\n.*\n\| 10:30 \| 2 \| 110 µs/);
  });

  it("are not there without a schedule", () => {
    const none = sessionOf(logText(header("client"), clientRecord(1, 0)));
    assert.ok(![...reportJson(none.store)].join("").includes("bySlot"));
    assert.doesNotMatch([...reportTable(none)].join(""), /slot/);
  });
});
