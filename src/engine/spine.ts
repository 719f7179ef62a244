/**
 * All rows in order of their start, with what an overview asks of them. Kept from one question to the next: what was
 * appended or changed since is sorted in at the end, so that following a recording costs what it grew by.
 */
import { Pyramid } from "../model/pyramid";
import { Axis } from "./axis";
import type { Packer, Unpacker } from "./packing";
import { RowColumns, type RowSpans } from "./row-columns";
import { sortByKeys } from "./sort";
import { ROWS_A_STEP, type Steps } from "./steps";
import type { Store } from "./store";

export interface PackedSpine {
  signature: string;
  order: number;
  starts: number;
  values: number;
  marks: number;
}

export class Spine {
  /** Rows in order of start; those without any stamp stand last. */
  private order = new Uint32Array();
  /** Their starts on the axis, µs since the epoch. */
  private starts = new Float64Array();
  /** R C, else R S, µs; failures are marked. */
  private readonly pyramid = new Pyramid();
  private signature = "";
  private refreshed = 0;
  /** Of each row, by its number; worked out when somebody asks, until a row changes. */
  private spanned: (RowSpans & { failed: Uint8Array }) | null = null;
  /** Number of each row's route + 1; 0 is not asked for yet. */
  private routes = new Uint32Array();

  constructor(private readonly store: Store) {}

  /** Bytes held, for the memory bound. */
  get bytes(): number {
    const { order, starts, routes, pyramid, spanned } = this;
    const spans = spanned ? spanned.from.byteLength * 4 + spanned.failed.length : 0;
    return order.byteLength + starts.byteLength + routes.byteLength + pyramid.bytes + spans;
  }

  pack(out: Packer): PackedSpine {
    const order = out.put(this.rows());
    const { values, marks } = this.pyramid.items;
    return {
      ...{ signature: this.signature, order, starts: out.put(this.starts) },
      ...{ values: out.put(values), marks: out.put(marks) },
    };
  }

  unpack({ signature, order, starts, values, marks }: PackedSpine, from: Unpacker): void {
    this.signature = signature;
    this.order = from.take(order);
    this.starts = from.take(starts);
    this.pyramid.replaceFrom(0, from.take(values), from.take(marks));
  }

  /** How often the rows were brought up to date because one had changed. */
  get changes(): number {
    return this.refreshed;
  }

  /** Up to date with the store. */
  rows(): Uint32Array {
    this.refresh();
    return this.order;
  }

  /** When each row begins and ends and whether it failed, by its number; that of an emptied row means nothing. */
  spans(): RowSpans & { failed: Uint8Array } {
    this.refresh();
    this.spanned ??= this.spansOf(this.numbers());
    return this.spanned;
  }

  /** The same in steps. Where a row changes in between it is begun anew, in one step: a recording must not starve it. */
  *spanSteps(): Steps<RowSpans & { failed: Uint8Array }> {
    this.refresh();
    if (this.spanned) return this.spanned;
    const { refreshed } = this;
    const numbers = this.numbers();
    const number = (): Float64Array => new Float64Array(numbers.length);
    const spans = { from: number(), to: number(), serverFrom: number(), serverTo: number() };
    const failed = new Uint8Array(numbers.length);
    for (let from = 0; from < numbers.length && refreshed === this.refreshed; from += ROWS_A_STEP) {
      const some = this.spansOf(numbers.subarray(from, from + ROWS_A_STEP));
      for (const key of ["from", "to", "serverFrom", "serverTo"] as const) spans[key].set(some[key], from);
      failed.set(some.failed, from);
      yield;
      this.refresh();
    }
    if (refreshed !== this.refreshed) return this.spans();
    this.spanned = { ...spans, failed };
    return this.spanned;
  }

  private numbers(): Uint32Array {
    const numbers = new Uint32Array(this.store.rows.length);
    for (let row = 0; row < numbers.length; row++) numbers[row] = row;
    return numbers;
  }

  private spansOf(rows: Uint32Array): RowSpans & { failed: Uint8Array } {
    const columns = new RowColumns(this.store, rows);
    return { ...columns.spans(new Axis(this.store)), failed: columns.failures() };
  }

  /** Number of a row's route (`Store.routes`), looked up once. */
  routeOf(row: number): number {
    if (row >= this.routes.length) {
      const routes = new Uint32Array(Math.ceil(this.store.rows.length * 1.25));
      routes.set(this.routes);
      this.routes = routes;
    }
    const known = this.routes[row]!;
    if (known > 0) return known - 1;
    const route = this.store.routes.number(row);
    this.routes[row] = route + 1;
    return route;
  }

  routesOf(rows: Uint32Array): Uint32Array {
    const routes = new Uint32Array(rows.length);
    for (let at = 0; at < rows.length; at++) routes[at] = this.routeOf(rows[at]!);
    return routes;
  }

  summary(first: number, end: number) {
    return this.pyramid.range(first, end);
  }

  /** Known values in [first, end), at most `most` of them, evenly taken. */
  sample(first: number, end: number, most: number): Float64Array {
    const step = Math.max(1, (end - first) / most);
    const values: number[] = [];
    for (let at = first; at < end; at += step) {
      const value = this.pyramid.value(Math.floor(at));
      if (!Number.isNaN(value)) values.push(value);
    }
    return Float64Array.from(values).sort();
  }

  /** The first position whose start is not before a time, µs since the epoch; the rows are up to date. */
  firstFrom(time: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // A start that is unknown stands behind all that are known.
      if (this.starts[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private refresh(): void {
    const { rows } = this.store;
    const axis = new Axis(this.store);
    let changed = rows.takeChanged();
    if (axis.signature !== this.signature) changed = 0;
    this.signature = axis.signature;
    if (changed >= rows.length) return;
    this.refreshed++;
    this.spanned = null;
    this.routes.fill(0, changed);
    const { order, starts } = this;
    // Rows from `changed` on leave their places, and are sorted in again.
    const kept = new Uint32Array(order.length);
    const keptStarts = new Float64Array(order.length);
    let count = 0;
    let firstMoved = order.length;
    for (let at = 0; at < order.length; at++) {
      if (order[at]! >= changed) {
        if (firstMoved === order.length) firstMoved = at;
        continue;
      }
      kept[count] = order[at]!;
      keptStarts[count++] = starts[at]!;
    }
    const fresh = this.sorted(axis, changed);
    this.merge(kept.subarray(0, count), keptStarts.subarray(0, count), fresh, firstMoved);
  }

  private sorted(axis: Axis, from: number): { rows: Uint32Array; starts: Float64Array } {
    const { store } = this;
    const rows = new Uint32Array(store.rows.length - from);
    let count = 0;
    for (let row = from; row < store.rows.length; row++) if (!store.rows.isEmpty(row)) rows[count++] = row;
    const held = rows.subarray(0, count);
    const keys = new RowColumns(store, held).starts(axis);
    const startOf = new Float64Array(rows.length);
    for (let at = 0; at < count; at++) startOf[held[at]! - from] = keys[at]!;
    const sorted = sortByKeys(held, keys, false);
    const starts = new Float64Array(count);
    for (let at = 0; at < count; at++) starts[at] = startOf[sorted[at]! - from]!;
    return { rows: sorted, starts };
  }

  private merge(
    kept: Uint32Array,
    keptStarts: Float64Array,
    fresh: { rows: Uint32Array; starts: Float64Array },
    firstMoved: number,
  ): void {
    const length = kept.length + fresh.rows.length;
    this.order = new Uint32Array(length);
    this.starts = new Float64Array(length);
    let k = 0;
    let f = 0;
    let firstFresh = length;
    for (let at = 0; at < length; at++) {
      const takeKept =
        k < kept.length &&
        (f >= fresh.rows.length || keptStarts[k]! <= fresh.starts[f]! || Number.isNaN(fresh.starts[f]!));
      if (!takeKept && firstFresh === length) firstFresh = at;
      this.order[at] = takeKept ? kept[k]! : fresh.rows[f]!;
      this.starts[at] = takeKept ? keptStarts[k++]! : fresh.starts[f++]!;
    }
    const from = Math.min(firstMoved, firstFresh, this.pyramid.length);
    const columns = new RowColumns(this.store, this.order.subarray(from));
    this.pyramid.replaceFrom(from, Float32Array.from(columns.responseTime()), columns.failures());
  }
}
