/** The rows that a chart is of: what the filter lets through in the span, and of these the measured ones. */
import type { ChartScope } from "../../protocol/charts";
import { Axis } from "../axis";
import { compileFilter } from "../filter";
import { RowFacts } from "../row-facts";
import { inSteps, ROWS_A_STEP, type Steps } from "../steps";
import type { Store } from "../store";
import { selectRows } from "../view";

export interface Chosen {
  readonly store: Store;
  readonly facts: RowFacts;
  readonly axis: Axis;
  readonly scope: ChartScope;
  /** In order of start. */
  readonly rows: Uint32Array;
  /** Without warm-up requests and requests of others than the probe: what statistics are made of. */
  readonly measured: Uint32Array;
  readonly warmup: number;
  readonly others: number;
}

interface Remembered {
  key: string;
  rows: number;
  chosen: Chosen;
}

/** A page asks for all its charts one after the other, each time of the same rows. */
const remembered = new WeakMap<Store, Remembered>();

export function* choose(store: Store, scope: ChartScope): Steps<Chosen> {
  const key = JSON.stringify([scope.filter, scope.span]);
  const known = remembered.get(store);
  // A row of a recording may still become another, its number unchanged.
  if (known?.key === key && known.rows === store.rows.length && !store.recording) return { ...known.chosen, scope };
  const facts = new RowFacts(store);
  const axis = new Axis(store);
  const rows = yield* selectRows(store, scope, compileFilter(scope.filter, store).test);
  const measured = new Uint32Array(rows.length);
  let count = 0;
  let warmup = 0;
  let others = 0;
  yield* inSteps(rows.length, ROWS_A_STEP, (from, to) => {
    for (let at = from; at < to; at++) {
      const row = rows[at]!;
      if (facts.isWarmup(row)) warmup++;
      else if (facts.isInterference(row)) others++;
      else measured[count++] = row;
    }
  });
  const chosen = { store, facts, axis, scope, rows, measured: measured.subarray(0, count), warmup, others };
  remembered.set(store, { key, rows: store.rows.length, chosen });
  yield;
  return chosen;
}
