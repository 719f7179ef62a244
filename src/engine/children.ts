/** Child spans of server records, as columns. */
import type { ChildSpan } from "../model/record";
import type { Child } from "../model/request";
import { Column, type PackedColumn } from "./column";
import type { LogPart } from "./log-part";
import type { Packer, Unpacker } from "./packing";
import type { Pages } from "./pages";
import type { Sources } from "./sources";
import type { Strings } from "./strings";

export interface PackedChildren {
  count: number;
  columns: PackedColumn[];
}

export class Children {
  private readonly kind = new Column("u8");
  private readonly name = new Column("u32");
  private readonly starts = new Column("f64");
  private readonly durations = new Column("f64");
  private readonly source = new Column("u16");
  private count = 0;

  constructor(
    private readonly strings: Strings,
    private readonly sources: Sources,
  ) {}

  get bytes(): number {
    return this.columns.reduce((sum, column) => sum + column.bytes, 0);
  }

  /** Appends the spans of one record; returns the number of the first. */
  add(spans: readonly ChildSpan[], part: LogPart): number {
    const first = this.count;
    for (const span of spans) {
      const index = this.count++;
      this.kind.set(index, this.strings.names.add(span.kind));
      this.name.set(index, this.strings.texts.add(span.name));
      this.starts.set(index, span.start ?? Number.NaN);
      this.durations.set(index, span.duration);
      this.source.set(index, part.source(span.source));
    }
    return first;
  }

  /** Appends spans of another session whose sources have the same numbers; returns the number of the first. */
  copy(from: Children, start: number, count: number): number {
    const first = this.count;
    for (let other = start; other < start + count; other++) {
      const index = this.count++;
      this.kind.set(index, this.strings.names.add(from.kindOf(other)));
      this.name.set(index, this.strings.texts.add(from.nameOf(other)));
      this.starts.set(index, from.starts.get(other));
      this.durations.set(index, from.durations.get(other));
      this.source.set(index, from.source.get(other));
    }
    return first;
  }

  /** The oldest go to a file. */
  release(pages: Pages): void {
    for (const column of this.columns) column.release(this.count, pages);
  }

  pack(out: Packer): PackedChildren {
    return { count: this.count, columns: this.columns.map((column) => column.pack(out, this.count)) };
  }

  unpack({ count, columns }: PackedChildren, from: Unpacker): void {
    this.count = count;
    this.columns.forEach((column, index) => {
      column.unpack(columns[index]!, from);
    });
  }

  private get columns(): Column[] {
    return [this.kind, this.name, this.starts, this.durations, this.source];
  }

  /** µs since the epoch on the server's clock; NaN where only the duration is known. */
  start(index: number): number {
    return this.starts.get(index);
  }

  duration(index: number): number {
    return this.durations.get(index);
  }

  kindOf(index: number): ChildSpan["kind"] {
    return this.strings.names.text(this.kind.get(index)) as ChildSpan["kind"];
  }

  nameOf(index: number): string {
    return this.strings.texts.text(this.name.get(index));
  }

  child(index: number): Child {
    const start = this.start(index);
    return {
      kind: this.kindOf(index),
      name: this.nameOf(index),
      start: Number.isNaN(start) ? null : start,
      duration: this.duration(index),
      source: this.sources.location(this.source.get(index)),
    };
  }
}
