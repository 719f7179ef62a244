/** What every log format is to the engine: told by content, decoded from bytes in chunks of any size. */
import type { LogRecord, StampRecord } from "../model/record";

export interface RecordSink {
  /** `line` is the 1-based line that the record starts on. */
  record(record: LogRecord | StampRecord, line: number): void;
  problem(line: number, reason: string): void;
}

/** What the user says of logs that do not say it themselves. */
export interface Reading {
  /** Minutes east of UTC, for formats without a zone; undefined: not known, and never assumed silently. */
  zone?: number;
  /** nginx's `log_format` or Apache's `LogFormat` directive, for access logs that do not begin with theirs. */
  directive?: string;
}

export interface FormatContext extends Reading {
  /** Base name of the file. */
  file: string;
}

export interface Decoder {
  /** Never throws; any chunking of the same bytes gives the same records. */
  push(bytes: Uint8Array): void;
  /** No more bytes: what is left over is a record or a problem. */
  end(): void;
}

export interface Format {
  readonly id: string;
  /** For people. */
  readonly label: string;
  /** Its times are a wall clock's without a zone. */
  readonly isLocal?: true;
  /** Whether a file that begins with `head` (up to 64 KiB, decoded as UTF-8) is of this format. */
  matches(head: string): boolean;
  open(sink: RecordSink, context: FormatContext): Decoder;
}
