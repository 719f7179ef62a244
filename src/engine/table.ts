/** The records of one side, as columns. Rows are never removed; a pending record's row is rewritten by its final one. */
import { Column, type PackedColumn } from "./column";
import { CLIENT_LAYOUT, type Draft, type Layout, SERVER_LAYOUT } from "./fields";
import type { Packer, Unpacker } from "./packing";
import type { Pages } from "./pages";

export interface PackedTable {
  count: number;
  starts: PackedColumn;
  columns: PackedColumn[];
}

export class Table<V extends string, T extends string> {
  private readonly columns: readonly Column[];
  /** Stamp that the other times are distances from, µs since the epoch. */
  private readonly starts = new Column("f64");
  private count = 0;

  constructor(readonly layout: Layout<V, T>) {
    this.columns = [
      ...(Object.keys(layout.values) as V[]).map((name) => new Column(layout.values[name])),
      // Where the first one is known it is the start: its distance is 0.
      ...layout.times.map((_, index) => new Column(index === 0 ? "u8" : "i32")),
    ];
  }

  get length(): number {
    return this.count;
  }

  /** Bytes held, for the memory bound. */
  get bytes(): number {
    return this.columns.reduce((sum, column) => sum + column.bytes, this.starts.bytes);
  }

  /** Room for so many records is taken at once. */
  expect(count: number): void {
    for (const column of [this.starts, ...this.columns]) column.expect(count);
  }

  /** The oldest records go to a file. */
  release(pages: Pages): void {
    for (const column of [this.starts, ...this.columns]) column.release(this.count, pages);
  }

  append(draft: Draft): number {
    const index = this.count++;
    this.write(index, draft, false);
    return index;
  }

  /**
   * Appends records that are told a field after the other, each field's values in an array, which is used up. Returns the
   * first known stamp of each, and the last of all.
   */
  appendAll(places: readonly number[], fields: readonly Float64Array[]): { starts: Float64Array; last: number } {
    const firstTime = this.layout.length - this.layout.times.length;
    const isTime = (_: unknown, at: number): boolean => places[at]! >= firstTime;
    const starts = new Float64Array(fields[0]!.length).fill(Number.NaN);
    let last = Number.NEGATIVE_INFINITY;
    for (const stamps of fields.filter(isTime))
      for (let at = 0; at < starts.length; at++) {
        const stamp = stamps[at]!;
        if (Number.isNaN(starts[at]!)) starts[at] = stamp;
        if (stamp > last) last = stamp;
      }
    for (const stamps of fields.filter(isTime)) for (let at = 0; at < starts.length; at++) stamps[at]! -= starts[at]!;
    for (let at = 0; at < fields.length; at++) this.columns[places[at]!]!.setAll(this.count, fields[at]!);
    this.starts.setAll(this.count, starts);
    this.count += starts.length;
    return { starts, last };
  }

  replace(index: number, draft: Draft): void {
    this.write(index, draft, true);
  }

  /** Whether a draft says nothing but what the record says. */
  holds(index: number, draft: Draft): boolean {
    const firstTime = this.layout.length - this.layout.times.length;
    return this.columns.every((column, field) => {
      const held = field < firstTime ? column.get(index) : this.starts.get(index) + column.get(index);
      return Object.is(held, draft[field]);
    });
  }

  pack(out: Packer): PackedTable {
    const { count } = this;
    return {
      count,
      starts: this.starts.pack(out, count),
      columns: this.columns.map((column) => column.pack(out, count)),
    };
  }

  unpack({ count, starts, columns }: PackedTable, from: Unpacker): void {
    this.count = count;
    this.starts.unpack(starts, from);
    this.columns.forEach((column, index) => {
      column.unpack(columns[index]!, from);
    });
  }

  column(name: V): Column {
    return this.columns[this.layout.at[name]]!;
  }

  /** Distances of a stamp from the first known one. */
  distances(name: T): Column {
    return this.columns[this.layout.at[name]]!;
  }

  value(index: number, name: V): number {
    return this.columns[this.layout.at[name]]!.get(index);
  }

  /** A stamp, µs since the epoch on the record's own clock; NaN where unknown. */
  time(index: number, name: T): number {
    return this.starts.get(index) + this.columns[this.layout.at[name]]!.get(index);
  }

  /** Whether any record has the stamp. */
  hasTime(name: T): boolean {
    return !this.columns[this.layout.at[name]]!.isEmpty;
  }

  /** First known stamps of many records at once; records that are not there have none. */
  startsOf(records: Uint32Array): Float64Array {
    return this.starts.gather(records);
  }

  /** A stamp of many records at once, µs since the epoch. */
  timesOf(records: Uint32Array, name: T): Float64Array {
    const column = this.columns[this.layout.at[name]]!;
    const found = column.gather(records);
    if (column.isEmpty) return found;
    const starts = this.starts.gather(records);
    for (let at = 0; at < found.length; at++) found[at]! += starts[at]!;
    return found;
  }

  /** From the first known stamp to another of many records at once, µs. */
  distancesOf(records: Uint32Array, name: T): Float64Array {
    return this.columns[this.layout.at[name]]!.gather(records);
  }

  /** From one stamp to another, µs; NaN where one of them is unknown. */
  difference(index: number, from: T, to: T): number {
    return this.columns[this.layout.at[to]]!.get(index) - this.columns[this.layout.at[from]]!.get(index);
  }

  /** First known stamp. */
  start(index: number): number {
    return this.starts.get(index);
  }

  set(index: number, name: V, value: number): void {
    this.columns[this.layout.at[name]]!.set(index, value);
  }

  private write(index: number, draft: Draft, rewrite: boolean): void {
    const { columns } = this;
    const firstTime = this.layout.length - this.layout.times.length;
    for (let field = 0; field < firstTime; field++) {
      const value = draft[field]!;
      if (rewrite || !Number.isNaN(value)) columns[field]!.set(index, value);
    }
    let start = Number.NaN;
    for (let field = firstTime; field < draft.length; field++) {
      const stamp = draft[field]!;
      if (Number.isNaN(start)) start = stamp;
      if (rewrite || !Number.isNaN(stamp)) columns[field]!.set(index, stamp - start);
    }
    this.starts.set(index, start);
  }
}

export const clientTable = () => new Table(CLIENT_LAYOUT);
export const serverTable = () => new Table(SERVER_LAYOUT);
