/**
 * What the hooks report, as a log: begun, ended and long-running exchanges, sources, listening servers. The log is
 * opened with the first of them, so that a process that serves nothing leaves no file.
 */
import { now } from "../log/clock";
import type { LogWriter } from "../log/writer";
import type { SourceRecord } from "../model/record";
import type { Arrivals } from "./arrival";
import type { Blocking } from "./blocking";
import type { Children } from "./children/children";
import type { Connection } from "./connection";
import { Cost } from "./cost";
import type { EventLoop } from "./event-loop";
import { Exchange } from "./exchange";
import { quiet } from "./guard";
import type { Handlers } from "./handlers/handlers";
import type { LastWrites } from "./last-write";
import { OpenExchanges } from "./open-exchanges";
import { pendingLine, serverLine } from "./record-line";

/** An exchange older than this is logged as pending. */
const PENDING_AFTER_MICROS = 1_000_000;
const PENDING_LOOK_MS = 250;
/**
 * Records are made of so many exchanges at a time. Between two requests the kernel and the server's own code push ours out
 * of the processor's caches: one at a time they cost three times as much.
 */
const BATCH = 64;

export class Recorder {
  private writer: LogWriter | null = null;
  private requests = 0;
  private sources = 0;
  private readonly exchanges = new OpenExchanges();
  /** Exchanges that have ended and are not in the log's buffer. */
  private readonly ended: (Exchange | null)[] = new Array<null>(BATCH).fill(null);
  private endedCount = 0;
  private readonly sourceIds = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;
  private looking = false;
  private stopped = false;
  readonly cost = new Cost();
  readonly writes: LastWrites;
  /** Requests that have begun and whose headers are not parsed. */
  incoming = 0;
  /** A connection was once taken over by an upgrade. */
  upgraded = false;
  /** Finds out which code answers, where the server does not tell itself. */
  handlers: Handlers | null = null;
  /** Finds out what happens inside a request. */
  children: Children | null = null;

  constructor(
    private readonly openLog: () => LogWriter,
    private readonly loop: EventLoop,
    private readonly blocking: Blocking,
    private readonly arrivals: Arrivals,
  ) {
    this.writes = loop.writes;
    this.timer = setTimeout(
      quiet(() => this.lookForPending()),
      PENDING_LOOK_MS,
    ).unref();
  }

  /** Opens the log, if it is not open. */
  open(): LogWriter {
    if (!this.writer) {
      this.writer = this.openLog();
      this.writer.beforeFlush = this.writeEnded;
    }
    return this.writer;
  }

  listening(url: string): void {
    this.loop.start();
    this.handlers?.prepare();
    if (!this.stopped) this.open().write({ type: "listen", time: now(), url });
  }

  /** A request's first byte is being parsed. Its ordinal is the connection's next, or the stream's id. */
  begin(connection: Connection, parseStart: number, ordinal = connection.requests + 1): Exchange {
    connection.requests++;
    const exchange = new Exchange(++this.requests, connection, ordinal, parseStart);
    exchange.iteration = this.loop.iteration;
    this.waited(exchange, this.arrivals.set(exchange, connection, connection.parsing));
    connection.parsing = exchange;
    connection.open.push(exchange);
    this.exchanges.add(exchange);
    this.incoming++;
    if (!this.looking) {
      this.looking = true;
      this.timer.refresh();
    }
    this.cost.spent(exchange, parseStart);
    return exchange;
  }

  /** Its handler is about to be called. */
  called(exchange: Exchange, time: number): void {
    exchange.parseEnd = time;
    this.incoming--;
    this.blocking.called(time, exchange);
    this.children?.enter(exchange);
    this.cost.spent(exchange, time);
  }

  /** Its response begins. */
  answered(exchange: Exchange, status: number): void {
    exchange.processEnd = now();
    exchange.status = status;
    this.blocking.answered(exchange.processEnd, exchange);
  }

  /** Its response is sent. */
  sent(exchange: Exchange): void {
    const time = now();
    const { writes } = this;
    exchange.sendEnd = exchange.protocol === "h2" ? writes.framed(exchange, time) : writes.ended(exchange, time);
    this.blocking.answered(time, exchange);
    this.end(exchange);
    this.cost.spent(exchange, time);
    this.writeBatch();
  }

  /** It was closed before its response was sent. */
  aborted(exchange: Exchange): void {
    exchange.closed = now();
    exchange.state = "aborted";
    this.end(exchange);
    this.writeBatch();
  }

  /** Its last mark is known: it is to be written. */
  private end(exchange: Exchange): void {
    if (exchange.ended) return;
    exchange.ended = true;
    if (!exchange.parseEnd) this.incoming--;
    const { open } = exchange.connection;
    if (open.length === 1) open.pop();
    else open.splice(open.indexOf(exchange), 1);
    this.exchanges.remove(exchange);
    if (this.stopped) return;
    this.ended[this.endedCount++] = exchange;
    this.open().wake();
  }

  private writeBatch(): void {
    if (this.endedCount >= BATCH) this.writeEnded();
  }

  /** Puts the records of what has ended into the log's buffer. */
  private readonly writeEnded = (): void => {
    const count = this.endedCount;
    if (count === 0) return;
    const began = now();
    const writer = this.open();
    const { busyMicros } = writer;
    // The buffer may be full within and ask for what is under way.
    this.endedCount = 0;
    for (let i = 0; i < count; i++) {
      const exchange = this.ended[i]!;
      this.ended[i] = null;
      this.writeFinal(writer, exchange);
    }
    this.cost.encoded(now() - began - (writer.busyMicros - busyMicros));
  };

  private writeFinal(writer: LogWriter, exchange: Exchange): void {
    try {
      this.handlers?.ended(exchange);
    } catch {
      // Lost: which code answered, not that it did.
    }
    try {
      writer.line(exchange, serverLine);
    } catch {
      // Lost: a record, which the gap in the numbers tells.
    }
    this.cost.ended(exchange, writer);
  }

  /** Its connection is gone: what has not ended never will. */
  closed(connection: Connection): void {
    const time = now();
    for (const exchange of [...connection.open]) {
      exchange.closed = time;
      // A request that the parser refused has its answer, written past any response object.
      exchange.state = exchange.parseEnd ? "aborted" : "failed";
      if (!exchange.parseEnd) exchange.error ||= "refused by the parser, or closed before its headers ended";
      this.end(exchange);
    }
    this.writeBatch();
  }

  /** Id of a source record, written once. */
  source(source: Omit<SourceRecord, "type" | "seq" | "id">): number {
    const key = `${source.file}\n${source.line ?? ""}\n${source.column ?? ""}\n${source.name ?? ""}\n${source.confidence}`;
    let id = this.sourceIds.get(key);
    if (id === undefined) {
      id = ++this.sources;
      this.sourceIds.set(key, id);
      if (!this.stopped) this.open().write({ type: "source", id, ...source });
    }
    return id;
  }

  /** Writes what is open as pending, and the end record. Further reports are dropped. */
  stop(reason?: string): void {
    if (this.stopped) return;
    if (this.writer) {
      this.writeEnded();
      for (let exchange = this.exchanges.oldest; exchange; exchange = exchange.younger) this.writePending(exchange);
      this.cost.write(this.writer, this.requests);
      this.writer.close(this.requests, reason);
    }
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Whose work it waited for, if it waited since then. */
  private waited(exchange: Exchange, since: number): void {
    if (!this.loop.running) return;
    const { blocking } = this;
    this.loop.look(exchange.parseStart);
    blocking.polled(this.loop.workingSince);
    blocking.began(exchange.parseStart);
    if (since) exchange.blockedBy = blocking.during(since, exchange.parseStart);
  }

  private lookForPending(): void {
    const due = now() - PENDING_AFTER_MICROS;
    for (let open = this.exchanges.oldest; open && open.parseStart <= due; open = open.younger)
      if (!open.pending) this.writePending(open);
    this.looking = this.exchanges.oldest !== null;
    if (this.looking) this.timer.refresh();
  }

  private writePending(exchange: Exchange): void {
    exchange.pending = true;
    this.open().line(exchange, (out, open, seq) => pendingLine(out, open, seq, now()));
  }
}
