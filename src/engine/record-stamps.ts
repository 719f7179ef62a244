/** The stamps of many records of one side: whatever is asked of them, a column is gathered once. */
import type { Table } from "./table";

export class RecordStamps<T extends string> {
  private starts: Float64Array | null = null;
  private readonly distances = new Map<T, Float64Array>();

  constructor(
    private readonly table: Table<string, T>,
    private readonly records: Uint32Array,
  ) {}

  /** µs since the epoch on the records' own clocks; NaN where unknown. */
  times(name: T): Float64Array {
    const times = this.distancesOf(name).slice();
    this.starts ??= this.table.startsOf(this.records);
    for (let at = 0; at < times.length; at++) times[at]! += this.starts[at]!;
    return times;
  }

  /** From one stamp to another, µs. */
  spans(from: T, to: T): Float64Array {
    const spans = this.distancesOf(to).slice();
    const starts = this.distancesOf(from);
    for (let at = 0; at < spans.length; at++) spans[at]! -= starts[at]!;
    return spans;
  }

  private distancesOf(name: T): Float64Array {
    let found = this.distances.get(name);
    if (!found) {
      found = this.table.distancesOf(this.records, name);
      this.distances.set(name, found);
    }
    return found;
  }
}
