/**
 * What one writer appended to one file: everything after one header. An appended file holds several parts; two files
 * with the same log (a copy) are two parts of one `WriterState`, so that what the copy repeats is dropped.
 */
import type { CostRecord, EndRecord, HeaderRecord, Role, SourceRecord } from "../model/record";
import type { LogFile } from "./log-file";
import type { Sources } from "./sources";

/** How far a writer's log has been read, whichever file it came from. */
export class WriterState {
  /** Sequence number of the last record, 0 before the first. */
  sequence = 0;
  ended: EndRecord | null = null;
  /** The last that it told: each counts all its requests so far. */
  cost: CostRecord | null = null;
  /** `req` → record, of requests that were pending when last heard of. */
  readonly pending = new Map<number, number>();
  /** The writer's source ids → the session's numbers. */
  readonly sources = new Map<number, number>();
}

export class LogPart {
  /** Known from the header, else from the first request. */
  role: Role | null;
  /** Step of the part's clock, µs. */
  grain: number;
  /** First and last stamp, µs since the epoch on the part's own clock. */
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;

  constructor(
    readonly number: number,
    readonly file: LogFile,
    /** Null where the file's beginning is missing or its format has none. */
    readonly header: HeaderRecord | null,
    /** How a report names this part: its file, and the writer where a file holds several. */
    readonly label: string,
    readonly writer: WriterState,
    private readonly sources: Sources,
  ) {
    this.role = header?.role ?? null;
    this.grain = header?.grain ?? 1;
  }

  define(record: SourceRecord): void {
    this.writer.sources.set(record.id, this.sources.add(record));
  }

  /** The session's number of this writer's source id; NaN where it was never defined. */
  source(id: number | undefined): number {
    return id === undefined || Number.isNaN(id) ? Number.NaN : (this.writer.sources.get(id) ?? Number.NaN);
  }

  /**
   * Nanoseconds of the wall clock at monotonic zero: of two parts of one boot and time namespace the difference is the
   * offset of their stamps. Null where the part has no header.
   */
  get origin(): bigint | null {
    return this.header ? BigInt(this.header.anchor.wall) * 1000n - BigInt(this.header.anchor.mono) : null;
  }
}

/** Whether two parts' monotonic clocks are the same clock. */
export const sameBoot = (a: LogPart, b: LogPart): boolean =>
  a.header?.boot !== undefined && a.header.boot === b.header?.boot && a.header.timens === b.header?.timens;
