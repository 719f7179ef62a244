/**
 * When the last write of a response was taken by the system. A stamp behind a write comes late by as long as somebody else
 * has the processor then, and nobody is likelier to than the client, which that very write wakes up: where processors are
 * short it reads the answer, up to 5 ms long, before the server's thread goes on (seen as sched_switch in a trace of the
 * kernel). Or it comes late because `end` does: a pipeline calls it some turns of the loop after the last of the data. So
 * the moment before each write is noted too, and a write that was taken at once did not take longer than such a call can.
 */
import { now } from "../log/clock";
import { type EventLoop, idleMicros } from "./event-loop";
import type { Exchange } from "./exchange";
import { isFlushed } from "./socket-queue";

/** What a write that is taken at once takes at most, µs: 20 to 70 as a rule, some hundred more with cold code. */
const LONGEST_WRITE_MICROS = 500;
/** Responses under way that are looked at in a turn of the loop. */
const MOST_WATCHED = 64;

/** In place of an idle time: the loop has polled in this iteration, and will not do so again. */
const POLLED = -1;

export class LastWrites {
  /** Written to since the loop's last turn, or with bytes in their queue then. */
  private readonly watched: Exchange[] = [];
  /** How long the thread had been kept from running when this iteration of the loop began, µs. */
  private delayed = 0;
  private delayedIn = -1;

  constructor(private readonly loop: EventLoop) {}

  /** A socket is about to be given bytes of the exchange's response. */
  begins(exchange: Exchange): void {
    const { loop, watched } = this;
    exchange.written = now();
    exchange.writtenIn = loop.iteration;
    exchange.idleAtWrite = loop.polled ? POLLED : idleMicros();
    exchange.taken = 0;
    if (exchange.watched || !loop.running || watched.length === MOST_WATCHED) return;
    exchange.watched = true;
    watched.push(exchange);
  }

  /** The exchange's response is all with the system now, at `time`: since when it has been. */
  ended(exchange: Exchange, time: number): number {
    const { written, taken, processEnd } = exchange;
    if (taken) return taken;
    if (written) return this.atOnce(exchange) ? Math.min(time, written + LONGEST_WRITE_MICROS) : time;
    if (this.delayedIn !== this.loop.iteration) return time;
    // Before the loop calls back it has written: if the thread was kept from running, then most likely since.
    return Math.max(processEnd, Math.floor(time - (this.loop.delay.total() - this.delayed)));
  }

  /** Bytes of the exchange's response are left in the socket's queue: the loop writes them itself. */
  queued(exchange: Exchange): void {
    exchange.written = 0;
  }

  /** The end of a stream of HTTP/2 is about to be framed: what its session writes is not seen. */
  frames(exchange: Exchange): void {
    exchange.written = now();
    exchange.delayedAtEnd = this.loop.delay.total();
  }

  /** The stream is closed, at `time`: since when its last frame may have been with the system, the thread's waits left out. */
  framed({ written, delayedAtEnd }: Exchange, time: number): number {
    if (written === 0) return time;
    return Math.max(written, Math.floor(time - (this.loop.delay.total() - delayedAtEnd)));
  }

  /** A turn of the loop ends: at `time` some are known to be taken, long before `end` may be called. */
  turned(time: number): void {
    const { watched } = this;
    if (watched.length === 0) return;
    let left = 0;
    for (let i = 0; i < watched.length; i++) {
      const exchange = watched[i]!;
      if (exchange.ended) continue;
      if (isFlushed(exchange.connection.socket)) {
        exchange.taken = this.ended(exchange, time);
        exchange.watched = false;
      } else watched[left++] = exchange;
    }
    watched.length = left;
    if (left === 0) return;
    this.delayed = this.loop.delay.total();
    this.delayedIn = this.loop.iteration + 1;
  }

  /** The loop has not polled since the write: what is taken now was taken then. */
  private atOnce({ writtenIn, idleAtWrite }: Exchange): boolean {
    return writtenIn === this.loop.iteration && (idleAtWrite === POLLED || idleAtWrite === idleMicros());
  }
}
