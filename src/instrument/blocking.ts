/**
 * Which request's work kept the loop busy. Every mark is a point in time at which the loop was seen to turn to a
 * request; a long gap between two of them, idle time left out, is work: of the request whose handler was called at its
 * beginning, else of the one that responded at its end, else of the one that had responded at its beginning (code after
 * `res.end`), else nobody's (a timer of the program's own).
 */
import type { Exchange } from "./exchange";

/** A shorter gap is no block, µs. */
const LONG_MICROS = 2_000;
/** Blocks that are remembered: those that a request waited for are among the last. */
const REMEMBERED = 16;

interface Block {
  from: number;
  to: number;
  req: number;
}

export class Blocking {
  private readonly blocks: Block[] = [];
  private next = 0;
  private latestEnd = 0;
  private last = 0;
  /** The request that was turned to at `last`. */
  private handled = 0;
  private responded = 0;

  /** The loop began to work on a poll's events (or on its timers) no earlier than at `time`. */
  polled(time: number): void {
    if (time <= this.last) return;
    this.last = time;
    this.handled = 0;
    this.responded = 0;
  }

  /** A request's first byte is parsed. */
  began(time: number): void {
    this.note(time, 0);
    this.last = time;
    this.handled = 0;
    this.responded = 0;
  }

  /** Its handler is called. */
  called(time: number, { req }: Exchange): void {
    this.last = time;
    this.handled = req;
  }

  /** It responds. */
  answered(time: number, { req }: Exchange): void {
    this.note(time, req);
    this.last = time;
    this.handled = 0;
    this.responded = req;
  }

  /** An iteration of the loop ends. */
  turned(time: number): void {
    this.note(time, 0);
    this.last = time;
    this.handled = 0;
    this.responded = 0;
  }

  /** `req` of the request that kept the loop busiest in the interval; 0 is nobody. */
  during(from: number, to: number): number {
    if (to - from <= LONG_MICROS || this.latestEnd <= from) return 0;
    let most = LONG_MICROS;
    let blocker = 0;
    for (const block of this.blocks) {
      const overlap = Math.min(block.to, to) - Math.max(block.from, from);
      if (overlap > most) {
        most = overlap;
        blocker = block.req;
      }
    }
    return blocker;
  }

  private note(time: number, answering: number): void {
    if (time - this.last < LONG_MICROS) return;
    this.latestEnd = time;
    this.blocks[this.next++ % REMEMBERED] = {
      from: this.last,
      to: time,
      req: this.handled || answering || this.responded,
    };
  }
}
