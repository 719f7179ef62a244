/**
 * Appends whole records to a log file. Buffered records are written at the latest after 20 ms while the loop turns,
 * with one appending write per batch. What a reader finds after a crash is a prefix of what was written. Never throws:
 * the first failure (a full disk) ends the logging with one line on stderr.
 */
import { randomBytes } from "node:crypto";
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { threadId } from "node:worker_threads";
import { encodeNative } from "../formats/native";
import { type HeaderRecord, LOG_SCHEMA, type LogRecord, type Role } from "../model/record";
import { claimLog, type LogClaim } from "./claim";
import { ANCHOR, bootId, now, timeNamespace, wallAhead } from "./clock";
import { LineBuffer } from "./line-buffer";

const FLUSH_AFTER_MS = 20;
const LINE_FEED = 10;
const FLUSH_AT_BYTES = 64 * 1024;
/** A wall clock that moved by more than this (µs) is logged as a new anchor. */
const STEP_MICROS = 5_000;

export interface WriterOptions {
  file: string;
  /** Further processes or threads of the recording may write too: each then has a file of its own (see ./claim). */
  shared?: boolean;
  role: Role;
  /** Id of the recording that the file belongs to. */
  recording?: string;
  /** Short id of this writer; random where absent. */
  writer?: string;
  worker?: number;
  hook?: string;
  commit?: string;
}

/** A record without what the writer adds itself. */
export type Unnumbered = LogRecord extends infer R ? (R extends { seq: number } ? Omit<R, "seq"> : never) : never;

export class LogWriter {
  readonly file: string;
  readonly header: HeaderRecord;
  /** Time spent in handing records to the operating system, µs. */
  busyMicros = 0;
  /** Called before each batch is written: the last moment for what is to be in it. */
  beforeFlush: (() => void) | null = null;
  private fd: number | null = null;
  private readonly buffer = new LineBuffer(2 * FLUSH_AT_BYTES);
  /** One timer for good: a new one per batch would belong to the request that happened to start it. */
  private readonly timer: NodeJS.Timeout;
  private waiting = false;
  private broken = false;
  private readonly claim: LogClaim | null;
  private sequence = 0;
  private lost = 0;
  private ahead = wallAhead();

  constructor(options: WriterOptions) {
    const writer = options.writer ?? randomBytes(3).toString("hex");
    this.claim = options.shared && options.recording ? claimLog(options.file, options.recording, writer) : null;
    this.file = this.claim?.file ?? options.file;
    this.header = {
      type: "header",
      schema: LOG_SCHEMA,
      log: randomBytes(8).toString("hex"),
      writer,
      recording: options.recording,
      role: options.role,
      pid: process.pid,
      thread: threadId,
      worker: options.worker,
      host: hostname(),
      boot: bootId(),
      timens: timeNamespace(),
      anchor: ANCHOR,
      grain: 1,
      hook: options.hook,
      runtime: `node ${process.version}`,
      commit: options.commit,
      cwd: process.cwd(),
    };
    this.timer = setTimeout(this.flush, FLUSH_AFTER_MS).unref();
    try {
      this.fd = openSync(this.file, "a", 0o600);
    } catch (error) {
      this.fail(error);
    }
    this.append(encodeNative(this.header));
    this.flush();
  }

  /** The file cannot be written (any more): what came since is lost. */
  get hasFailed(): boolean {
    return this.broken;
  }

  /** Queues one record and gives it the next sequence number. */
  write(record: Unnumbered): void {
    this.append(encodeNative({ ...record, seq: ++this.sequence } as LogRecord));
  }

  /** Queues one line that `write` puts into the buffer itself, with the given sequence number and its line feed. */
  line<T>(subject: T, write: (out: LineBuffer, subject: T, seq: number) => void): void {
    const seq = ++this.sequence;
    if (this.fd === null) {
      this.lost++;
      return;
    }
    const start = this.buffer.length;
    try {
      write(this.buffer, subject, seq);
    } catch (error) {
      // Half a line must not stand before the next one; the gap in the numbers tells of the loss.
      this.buffer.length = start;
      throw error;
    }
    this.queued();
  }

  /** Queues one line that ends in a line feed. */
  private append(line: string): void {
    if (this.fd === null) {
      this.lost++;
      return;
    }
    this.buffer.text(line);
    this.queued();
  }

  private queued(): void {
    if (this.buffer.length >= FLUSH_AT_BYTES) this.flush();
    else this.wake();
  }

  /** There is something to write: the next batch is due within 20 ms. */
  wake(): void {
    if (this.waiting || this.fd === null) return;
    this.waiting = true;
    this.timer.refresh();
  }

  /** Hands everything that is queued to the operating system. */
  readonly flush = (): void => {
    this.beforeFlush?.();
    this.waiting = false;
    if (this.buffer.length === 0 || this.fd === null) return;
    const began = now();
    const ahead = wallAhead();
    if (Math.abs(ahead - this.ahead) > STEP_MICROS) {
      const step = ahead - this.ahead;
      this.ahead = ahead;
      const anchor = { wall: ANCHOR.wall + ahead, mono: ANCHOR.mono };
      this.buffer.text(encodeNative({ type: "anchor", seq: ++this.sequence, anchor, step }));
    }
    const bytes = this.buffer.from(0);
    this.buffer.clear();
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.fd, bytes, written);
    } catch (error) {
      if (written) this.takeBack(this.fd, bytes, written);
      this.fail(error);
    }
    this.busyMicros += now() - began;
  };

  /** Writes what is queued and an `end` record. The writer is of no use afterwards. */
  close(requests: number, reason?: string): void {
    if (this.fd === null) return;
    this.write({ type: "end", time: now(), requests, lost: this.lost, reason });
    this.flush();
    clearTimeout(this.timer);
    if (this.fd !== null) closeSync(this.fd);
    this.fd = null;
    this.claim?.release();
  }

  /** A disk that filled up within a batch: the torn last line goes, so that the file ends in a whole one. */
  private takeBack(fd: number, bytes: Buffer, written: number): void {
    const torn = written - (bytes.lastIndexOf(LINE_FEED, written - 1) + 1);
    try {
      ftruncateSync(fd, fstatSync(fd).size - torn);
    } catch {
      // The reader reports the torn line.
    }
  }

  private fail(error: unknown): void {
    this.broken = true;
    this.fd = null;
    this.buffer.clear();
    clearTimeout(this.timer);
    const reason = error instanceof Error ? error.message : String(error);
    try {
      // Not process.stderr: to touch it creates a stream that the process did not have.
      writeSync(2, `request-timeline: logging to ${this.file} has ended: ${reason}\n`);
    } catch {
      // Nobody listens.
    }
  }
}
