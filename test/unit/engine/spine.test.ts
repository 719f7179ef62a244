/** Rows in order of start, sorted in steps while records come: the same as all at once, whoever asks in between. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { Axis, UNSEEN } from "../../../src/engine/axis";
import { RowColumns } from "../../../src/engine/row-columns";
import { NativeScanner } from "../../../src/engine/scan";
import { finish, type Steps } from "../../../src/engine/steps";
import { Store } from "../../../src/engine/store";
import type { LogRecord, Role } from "../../../src/model/record";
import { clientRecord, EPOCH, header, logText, requestId, serverRecord } from "./sample-logs";

/** A session whose two logs grow. */
class Growing {
  readonly store = new Store();
  private readonly scanners: Record<Role, NativeScanner>;

  /** `boot`: the server's; another than the client's has clocks that have to be aligned. */
  constructor(boot: string) {
    const { store } = this;
    this.scanners = {
      client: new NativeScanner(store.addFile("/s/client", "client"), store),
      server: new NativeScanner(store.addFile("/s/server", "server"), store),
    };
    this.add("client", header("client"));
    this.add("server", header("server", { boot, anchor: { wall: EPOCH + 700_000, mono: "5" } }));
  }

  add(side: Role, ...records: LogRecord[]): void {
    this.scanners[side].push(new TextEncoder().encode(logText(...records)));
  }
}

/** The rows' order, by looking at everything once. */
function plainRows(store: Store): number[] {
  const held = Uint32Array.from({ length: store.rows.length }, (_, row) => row).filter(
    (row) => !store.rows.isEmpty(row),
  );
  const starts = new RowColumns(store, held).starts(new Axis(store));
  const places = Array.from(held, (_, at) => at).sort(
    (a, b) =>
      Number(Number.isNaN(starts[a]!)) - Number(Number.isNaN(starts[b]!)) || starts[a]! - starts[b]! || a - b || 0,
  );
  return places.map((at) => held[at]!);
}

/** What the spine says of rows in their order. */
function plainSummary(store: Store, rows: Uint32Array) {
  const columns = new RowColumns(store, rows);
  const values = columns.responseTime().map(Math.fround);
  const failures = columns.failures();
  const summary = (from: number, to: number) => {
    const known = values.subarray(from, to).filter((value) => !Number.isNaN(value));
    return {
      min: known.length ? known.reduce((a, b) => Math.min(a, b)) : Number.NaN,
      max: known.length ? known.reduce((a, b) => Math.max(a, b)) : Number.NaN,
      known: known.length,
      marked: failures.subarray(from, to).reduce((sum, failure) => sum + failure, 0),
    };
  };
  return summary;
}

/**
 * Clocks that are only aligned may move a little without anything being sorted anew. Their own law: no row stands behind
 * one that begins later by more than two such moves, rounded.
 */
function checkOrder(store: Store): void {
  const [rows, expected, axis] = [store.spine.rows(), plainRows(store), new Axis(store)];
  if (!store.parts.some((_, part) => Number.isNaN(axis.ofServer(part)))) {
    assert.deepEqual([...rows], expected);
    return;
  }
  const starts = new RowColumns(store, rows).starts(axis);
  for (let at = 1; at < rows.length; at++)
    assert.ok(!(starts[at - 1]! - starts[at]! > 2 * UNSEEN + 2), `${starts[at - 1]} stands before ${starts[at]}`);
  assert.deepEqual([...rows].sort(), expected.sort());
}

function checkSpine(store: Store): void {
  checkOrder(store);
  const rows = store.spine.rows();
  assert.deepEqual(
    store.spine.ordinals(rows),
    rows.map((_, at) => at + 1),
  );
  const summary = plainSummary(store, rows);
  for (const [from, to] of [
    [0, rows.length],
    [rows.length >> 2, rows.length],
    [rows.length >> 1, (rows.length >> 1) + 70],
  ] as const)
    assert.deepEqual(store.spine.summary(from, to), summary(from, Math.min(to, rows.length)));
}

const batch = fc.record({
  kind: fc.constant("add" as const),
  side: fc.constantFrom("client" as const, "server" as const),
  first: fc.nat({ max: 300 }),
  count: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 40 }) }, fc.constant(3_000)),
  /** Later requests may have begun sooner. */
  spread: fc.integer({ min: -900, max: 900 }),
  failing: fc.boolean(),
});
const operation = fc.oneof(
  { weight: 4, arbitrary: batch },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("pending" as const), request: fc.nat({ max: 300 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("settle" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("ask in steps" as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("step" as const), who: fc.nat({ max: 2 }), steps: fc.nat({ max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("ask at once" as const) }) },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

let sequence = 1;

function recordsOf({ side, first, count, spread, failing }: Extract<Operation, { kind: "add" }>): LogRecord[] {
  return Array.from({ length: count }, (_, at) => {
    const number = first + at;
    const begun = 500_000 + number * 100 + ((number * 7919) % 13) * spread;
    const fields = { seq: ++sequence, id: requestId(number + 1), status: failing && at % 3 === 0 ? 500 : 200 };
    return side === "client"
      ? clientRecord(number, begun, fields)
      : serverRecord(number, begun + 40 + (number % 9), fields);
  });
}

/** The session after the operations; those who ask in steps take their turns in between. */
function grown(operations: readonly Operation[], boot: string): Store {
  const growing = new Growing(boot);
  const { store } = growing;
  sequence = 1;
  let asking: Steps<Uint32Array>[] = [];
  for (const operation of operations)
    switch (operation.kind) {
      case "add":
        growing.add(operation.side, ...recordsOf(operation));
        break;
      case "pending": {
        const { request } = operation;
        const begun = serverRecord(request, 500_000 + request * 100, { seq: ++sequence });
        growing.add("server", { ...begun, type: "pending", side: "server", time: EPOCH + 900_000 });
        break;
      }
      case "settle":
        store.pairing.settle();
        break;
      case "ask in steps":
        asking.push(store.spine.rowSteps());
        break;
      case "step": {
        const one = asking[operation.who];
        for (let step = 0; step <= operation.steps; step++)
          if (one?.next().done) {
            asking = asking.filter((other) => other !== one);
            break;
          }
        break;
      }
      default:
        checkSpine(store);
    }
  for (const one of asking) finish(one);
  return store;
}

describe("the order of rows", () => {
  for (const [clocks, boot] of [
    ["one clock", "boot"],
    ["two clocks", "another"],
  ] as const)
    it(`is that of all at once, whatever comes and asks between its steps, with ${clocks}`, function () {
      this.timeout(120_000);
      fc.assert(
        fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
          const store = grown(operations, boot);
          checkSpine(store);
          const quiet = grown(
            operations.filter(({ kind }) => ["add", "pending", "settle"].includes(kind)),
            boot,
          );
          checkSpine(quiet);
        }),
        { numRuns: process.env.SOAK ? 600 : 60 },
      );
    });

  it("goes on with what somebody else began and left", () => {
    const growing = new Growing("boot");
    const { store } = growing;
    const add = (first: number, count: number): void =>
      growing.add("server", ...recordsOf({ kind: "add", side: "server", first, count, spread: 50, failing: false }));
    add(0, 50_000);
    const left = store.spine.rowSteps();
    let steps = 0;
    while (!left.next().done) steps++;
    add(50_000, 50_000);
    const first = store.spine.rowSteps();
    for (let step = 0; step < steps / 2; step++) first.next();
    let rest = 0;
    const second = store.spine.rowSteps();
    while (!second.next().done) rest++;
    assert.ok(rest < steps, `${rest} of ${steps} steps`);
    checkSpine(store);
  });

  it("is begun again where it came to grief", () => {
    const growing = new Growing("boot");
    const { store } = growing;
    growing.add("server", serverRecord(2, 100, { seq: 2 }), serverRecord(1, 0, { seq: 3 }));
    const { isEmpty } = store.rows;
    store.rows.isEmpty = () => {
      throw new RangeError("Array buffer allocation failed");
    };
    assert.throws(() => store.spine.rows(), RangeError);
    store.rows.isEmpty = isEmpty;
    checkSpine(store);
  });
});
