/** The stamps of many records of one side: whatever is asked of them, a column is gathered once. */
import type { Table } from "./table";

export class RecordStamps<T extends string> {
  private starts: Float64Array | null = null;
  private readonly distances = new Map<T, Float64Array>();

  constructor(
    private readonly table: Table<string, T>,
    private readonly records: Uint32Array,
  ) {}

  /** Whether any record of the side has it. */
  isKnown(name: T): boolean {
    return this.table.hasTime(name);
  }

  /** µs since the epoch on the records' own clocks; NaN where unknown. */
  times(name: T): Float64Array {
    if (!this.isKnown(name)) return this.unknown();
    const distances = this.distancesOf(name);
    this.starts ??= this.table.startsOf(this.records);
    const times = new Float64Array(distances.length);
    for (let at = 0; at < times.length; at++) times[at] = this.starts[at]! + distances[at]!;
    return times;
  }

  /** From one stamp to another, µs. */
  spans(from: T, to: T): Float64Array {
    if (!(this.isKnown(from) && this.isKnown(to))) return this.unknown();
    const [starts, ends] = [this.distancesOf(from), this.distancesOf(to)];
    const spans = new Float64Array(ends.length);
    for (let at = 0; at < spans.length; at++) spans[at] = ends[at]! - starts[at]!;
    return spans;
  }

  private unknown(): Float64Array {
    return new Float64Array(this.records.length).fill(Number.NaN);
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
