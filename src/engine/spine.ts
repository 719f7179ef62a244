/**
 * All rows in order of their start, with what an overview asks of them. Kept from one question to the next: what was
 * appended or changed since is sorted in at the end, so that following a recording costs what it grew by.
 */
import { Pyramid } from "../model/pyramid";
import { Axis, UNSEEN } from "./axis";
import type { Packer, Unpacker } from "./packing";
import { RowColumns, type RowSpans } from "./row-columns";
import { keptBefore, merged, sortedFrom } from "./row-order";
import { finish, inSteps, interlude, ROWS_A_STEP, type Steps } from "./steps";
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
  private order: Uint32Array = new Uint32Array();
  /** Their starts on the axis, µs since the epoch. */
  private starts: Float64Array = new Float64Array();
  /** R C, else R S, µs; failures are marked. */
  private readonly pyramid = new Pyramid();
  /** Of the axis that the starts are on; empty where they have to be told anew. */
  private signature = "";
  private refreshed = 0;
  /** What has changed is being sorted in: whoever asks goes on with it. */
  private underway: Steps<void> | null = null;
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
    return finish(this.rowSteps());
  }

  /** The same in steps, but for what changes meanwhile: a recording must not starve it. */
  *rowSteps(): Steps<Uint32Array> {
    yield* this.onward();
    if (!this.underway) this.begin();
    yield* this.onward();
    return this.order;
  }

  /** When they start on the axis, µs since the epoch, where they are what `rows` gave last; else null. */
  startsOf(rows: Uint32Array): Float64Array | null {
    return rows === this.order ? this.starts : null;
  }

  /** When each row begins and ends and whether it failed, by its number; that of an emptied row means nothing. */
  spans(): RowSpans & { failed: Uint8Array } {
    this.rows();
    this.spanned ??= this.spansOf(this.numbers());
    return this.spanned;
  }

  /** The same in steps. Where a row changes in between it is begun anew, in one step: a recording must not starve it. */
  *spanSteps(): Steps<RowSpans & { failed: Uint8Array }> {
    yield* this.rowSteps();
    this.rows();
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
      this.rows();
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
    for (let at = 0; at < rows.length; at++) {
      if (at % ROWS_A_STEP === ROWS_A_STEP - 1) interlude();
      routes[at] = this.routeOf(rows[at]!);
    }
    return routes;
  }

  /** Which of all requests each row is in order of start, from 1, as the rows were last put in order. */
  ordinals(rows: Uint32Array): Uint32Array {
    const starts = new RowColumns(this.store, rows).starts(new Axis(this.store));
    return rows.map((row, at) => 1 + this.placeOf(starts[at]!, row));
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

  /** Where a row with that start stands, or would. */
  private placeOf(start: number, row: number): number {
    const { starts, order } = this;
    const place = this.placeAmongTies(start, row);
    if (order[place] === row) return place;
    // Its clock may have moved a little since, unseen.
    for (let near = this.firstFrom(start - 2 * UNSEEN); starts[near]! <= start + 2 * UNSEEN; near++)
      if (order[near] === row) return near;
    return place;
  }

  /** The same where no clock has moved. Ties stand in order of their rows, so it is found among any number of them. */
  private placeAmongTies(start: number, row: number): number {
    const { starts, order } = this;
    const isUnknown = Number.isNaN(start);
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = starts[middle]!;
      const isTie = isUnknown ? Number.isNaN(other) : other === start;
      if (isTie ? order[middle]! < row : isUnknown || other < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** To the end of what is underway now, whoever else goes on with it. */
  private *onward(): Steps<void> {
    const { underway } = this;
    while (underway && this.underway === underway) {
      let isDone: boolean | undefined = true;
      try {
        isDone = underway.next().done;
      } finally {
        if (isDone) this.underway = null;
      }
      yield;
    }
  }

  /** Nothing is underway afterwards where nothing has changed. */
  private begin(): void {
    const { rows } = this.store;
    const axis = new Axis(this.store);
    const { signature } = axis;
    const taken = rows.takeChanged();
    const changed = signature === this.signature ? taken : 0;
    if (changed >= rows.length) return;
    this.spanned = null;
    this.routes.fill(0, changed);
    this.underway = this.sortIn(changed, axis, signature);
  }

  /** Rows from `changed` on leave their places, and are sorted in again. What changes meanwhile is so the next time. */
  private *sortIn(changed: number, axis: Axis, signature: string): Steps<void> {
    this.signature = "";
    const fresh = yield* sortedFrom(this.store, axis, changed);
    const { kept, firstMoved } = yield* keptBefore(this.order, this.starts, changed);
    const { rows, starts, firstFresh } = yield* merged(kept, fresh);
    const { pyramid } = this;
    const from = Math.min(firstMoved, firstFresh, pyramid.length);
    this.order = rows;
    this.starts = starts;
    this.refreshed++;
    pyramid.replaceFrom(from, new Float32Array(), new Uint8Array());
    yield* inSteps(rows.length - from, ROWS_A_STEP, (first, end) => {
      const columns = new RowColumns(this.store, rows.subarray(from + first, from + end));
      pyramid.replaceFrom(from + first, Float32Array.from(columns.responseTime()), columns.failures());
    });
    // Where the clocks have become others meanwhile, some starts are on another axis.
    if (new Axis(this.store).signature === signature) this.signature = signature;
  }
}
