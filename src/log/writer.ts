/**
 * Appends whole records to a log file. Buffered records are written at the latest after 20 ms while the loop turns,
 * with one appending write per batch, so that several processes may share a disk but never a line. Never throws:
 * the first failure ends the logging with one line on stderr.
 */
import { randomBytes } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { threadId } from "node:worker_threads";
import { encodeNative } from "../formats/native";
import { type HeaderRecord, LOG_SCHEMA, type LogRecord, type Role } from "../model/record";
import { ANCHOR, bootId, now, timeNamespace, wallAhead } from "./clock";

const FLUSH_AFTER_MS = 20;
const FLUSH_AT_CHARS = 64 * 1024;
/** A wall clock that moved by more than this (µs) is logged as a new anchor. */
const STEP_MICROS = 5_000;

export interface WriterOptions {
  file: string;
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
  private fd: number | null = null;
  private buffer = "";
  private timer: NodeJS.Timeout | null = null;
  private sequence = 0;
  private lost = 0;
  private ahead = wallAhead();

  constructor(options: WriterOptions) {
    this.file = options.file;
    this.header = {
      type: "header",
      schema: LOG_SCHEMA,
      log: randomBytes(8).toString("hex"),
      writer: options.writer ?? randomBytes(3).toString("hex"),
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
    try {
      this.fd = openSync(this.file, "a", 0o600);
    } catch (error) {
      this.fail(error);
    }
    this.append(encodeNative(this.header));
    this.flush();
  }

  /** Queues one record and gives it the next sequence number. */
  write(record: Unnumbered): void {
    this.append(encodeNative({ ...record, seq: ++this.sequence } as LogRecord));
  }

  /** Next sequence number, for a caller that encodes its line itself. */
  nextSequence(): number {
    return ++this.sequence;
  }

  /** Queues one line that ends in a line feed. */
  append(line: string): void {
    if (this.fd === null) {
      this.lost++;
      return;
    }
    this.buffer += line;
    if (this.buffer.length >= FLUSH_AT_CHARS) this.flush();
    else this.timer ??= setTimeout(this.flush, FLUSH_AFTER_MS).unref();
  }

  /** Hands everything that is queued to the operating system. */
  readonly flush = (): void => {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.buffer === "" || this.fd === null) return;
    const ahead = wallAhead();
    if (Math.abs(ahead - this.ahead) > STEP_MICROS) {
      const step = ahead - this.ahead;
      this.ahead = ahead;
      const anchor = { wall: ANCHOR.wall + ahead, mono: ANCHOR.mono };
      this.buffer += encodeNative({ type: "anchor", seq: ++this.sequence, anchor, step });
    }
    const bytes = Buffer.from(this.buffer, "utf8");
    this.buffer = "";
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(this.fd, bytes, written);
    } catch (error) {
      this.fail(error);
    }
  };

  /** Writes what is queued and an `end` record. The writer is of no use afterwards. */
  close(requests: number, reason?: string): void {
    if (this.fd === null) return;
    this.write({ type: "end", time: now(), requests, lost: this.lost, reason });
    this.flush();
    if (this.fd !== null) closeSync(this.fd);
    this.fd = null;
  }

  private fail(error: unknown): void {
    this.fd = null;
    this.buffer = "";
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`request-timeline: logging to ${this.file} has ended: ${reason}\n`);
  }
}
