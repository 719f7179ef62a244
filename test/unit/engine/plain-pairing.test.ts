import assert from "node:assert/strict";
import fc from "fast-check";
import { Store } from "../../../src/engine/store";
import type { ClientRecord, LogRecord, ServerRecord } from "../../../src/model/record";
import { dump } from "./dump";
import { readApart } from "./read-apart";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord } from "./sample-logs";

/** What each record of a side is beside a complete one whose id is its number. */
const OTHERWISE = ["nameless", "repeated", "unknown", "pending", "placed"] as const;
type Kind = "plain" | (typeof OTHERWISE)[number];

const some = (...among: fc.WeightedArbitrary<Kind>[]) =>
  fc.array(fc.oneof(...among), { minLength: 8, maxLength: 40, size: "max" });
const plain = { weight: 30, arbitrary: fc.constant<Kind>("plain") };
const kinds = fc.oneof(
  some(plain),
  some(plain, { weight: 4, arbitrary: fc.constantFrom<Kind>("unknown", "placed") }),
  some(plain, { weight: 2, arbitrary: fc.constant<Kind>("repeated") }),
  some(plain, { weight: 6, arbitrary: fc.constant<Kind>("pending") }),
  some(plain, { weight: 6, arbitrary: fc.constantFrom<Kind>(...OTHERWISE) }),
);

/** Ids run along both sides; an unknown one is the other side's never. */
function fieldsOf(kind: Kind, number: number, side: "client" | "server"): { id?: string; conn?: string; ord?: number } {
  const place = { conn: `127.0.0.1:${number % 3}>127.0.0.1:80`, ord: 1 + (number % 2) };
  if (kind === "nameless") return place;
  if (kind === "repeated") return { id: requestId(number - (number % 4)) };
  const id = requestId(kind === "unknown" ? number + (side === "client" ? 1000 : 2000) : number);
  return { id, ...(kind !== "plain" && kind !== "pending" && place) };
}

/** A log, and what its writer wrote later into another file: what became of some that were pending. */
function logOf(side: "client" | "server", kinds: readonly Kind[], log: number): [Uint8Array, Uint8Array] {
  const records: LogRecord[] = [];
  const later: LogRecord[] = [];
  kinds.forEach((kind, at) => {
    const number = at + 1;
    const fields = { ...fieldsOf(kind, number, side), seq: records.length + 1, req: number };
    const made: ClientRecord | ServerRecord =
      side === "client" ? clientRecord(number, at * 50, fields) : serverRecord(number, at * 50 + 10, fields);
    if (kind !== "pending") {
      records.push(made);
      return;
    }
    const { status, bytes, state, error, ...known } = made;
    const marks = side === "client" ? ["responseStart", "responseEnd"] : ["parseEnd", "processEnd", "sendEnd"];
    const open = Object.fromEntries(Object.entries(known).filter(([key]) => !marks.includes(key)));
    records.push({ ...open, type: "pending", side, time: EPOCH + at * 50 + 15 } as LogRecord);
    if (at % 3 === 0) records.push({ ...made, seq: records.length + 1 });
    if (at % 3 === 1) later.push(made);
  });
  const head = header(side, { log: `${side === "client" ? "c" : "5"}${log}`.padEnd(16, "0") });
  const rest = later.map((record, at) => ({ ...record, seq: records.length + 1 + at }));
  const encode = (...all: LogRecord[]) => new TextEncoder().encode(logText(head, ...all));
  return [encode(...records), encode(...rest)];
}

const log = fc.tuple(fc.constantFrom("client" as const, "server" as const), kinds);

describe("records that are paired a piece at a time", () => {
  it("are paired as one after the other, whatever stands among them", function () {
    this.timeout(300_000);
    fc.assert(
      fc.property(
        fc.array(log, { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 1000, max: 4000 }),
        fc.integer({ min: 2, max: 20 }),
        (logs, chunk, most) => {
          const [alone, together] = [new Store(), new Store()];
          const files = logs.map(([side, kinds], number) => logOf(side, kinds, number));
          [...files.map(([first]) => first), ...files.map(([, later]) => later)].forEach((bytes, number) => {
            readApart(alone, `${number}.ndjson`, bytes, bytes.length, 1);
            readApart(together, `${number}.ndjson`, bytes, chunk, most);
          });
          for (const store of [alone, together]) store.pairing.settle();
          assert.deepEqual(dump(together), dump(alone));
          assert.deepEqual([...together.spine.rows()], [...alone.spine.rows()]);
        },
      ),
      { numRuns: process.env.SOAK ? 20_000 : 200 },
    );
  });
});
