/** Writes what became of each request into the client's log, and counts. */
import type { LogWriter } from "../log/writer";
import { type ClientFields, fieldsOf } from "./client-record";
import type { Exchange } from "./exchange";
import { isPlain, plainLine } from "./plain-line";

/** A request that has not ended by then (µs) gets a pending record, so that a hung server is seen while it hangs. */
const PENDING_AFTER = 1_000_000;

export interface Totals {
  requests: number;
  answered: number;
  failed: number;
  aborted: number;
  /** Of all bodies, as received. */
  bytes: number;
  /** How often each thing went wrong; the first kinds of them. */
  errors: Record<string, number>;
}

/** Sentences may name URLs: there can be as many kinds as requests. */
const MOST_ERRORS = 20;

const newTotals = (): Totals => ({ requests: 0, answered: 0, failed: 0, aborted: 0, bytes: 0, errors: {} });

export class Recorder {
  totals = newTotals();
  private requests = 0;

  /** One recorder a log: it numbers the requests. */
  constructor(private readonly log: LogWriter) {}

  /** Number for the next request. */
  number(): number {
    this.totals.requests++;
    return ++this.requests;
  }

  /** Counts from nothing, for the next run that writes to this log. */
  restart(): Totals {
    this.totals = newTotals();
    return this.totals;
  }

  /** Ends the log. */
  close(reason?: string): void {
    this.log.close(this.requests, reason);
  }

  /** Records are lost: the log cannot be written. */
  get hasFailed(): boolean {
    return this.log.hasFailed;
  }

  get file(): string {
    return this.log.file;
  }

  write(exchange: Exchange): void {
    if (!isPlain(exchange)) {
      this.record(fieldsOf(exchange));
      return;
    }
    this.totals.bytes += exchange.bytes;
    this.totals.answered++;
    this.log.line(exchange, plainLine);
  }

  /** Of a request that has ended, one way or another. */
  record(fields: ClientFields): void {
    const { totals } = this;
    totals.bytes += fields.bytes ?? 0;
    if (fields.state === undefined) totals.answered++;
    else if (fields.state === "aborted") totals.aborted++;
    else {
      totals.failed++;
      const { errors } = totals;
      const { error = "" } = fields;
      if (error in errors || Object.keys(errors).length < MOST_ERRORS) errors[error] = (errors[error] ?? 0) + 1;
    }
    this.log.write({ type: "client", ...fields });
  }

  /** Writes a pending record where the request is old enough and has none yet. */
  pend(exchange: Exchange, time: number): void {
    if (exchange.shown || time - (exchange.intendedStart || exchange.fetchStart) < PENDING_AFTER) return;
    exchange.shown = true;
    this.log.write({ type: "pending", side: "client", time, ...fieldsOf(exchange) });
  }

  /** A moment of the whole recording. */
  event(name: string, time: number, detail?: string, page?: number): void {
    this.log.write({ type: "event", time, name, detail, page });
  }
}
