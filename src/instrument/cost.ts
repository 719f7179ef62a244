/**
 * What the instrumentation costs: the time from each mark to the end of our work at it, in one request of seventeen, and
 * all of the writing. Not in it is what Node does more for us (publishing on a channel, turning the loop once more); that
 * bench/overhead tells.
 */
import { now } from "../log/clock";
import type { LogWriter } from "../log/writer";
import type { Exchange } from "./exchange";

/**
 * The first requests are not among them: what is done once is no cost per request. No divisor in common with what is done
 * for one request in many, the stacks of handlers.ts: else these would be in every sample of theirs, or in none.
 */
const ONE_IN = 17;
/** The cost is logged after so many requests, and then whenever their number has doubled. */
const FIRST_LOGGED = 1_024;

export class Cost {
  private micros = 0;
  private encoding = 0;
  private sampled = 0;
  private next = FIRST_LOGGED;

  /** Our work at a mark of the exchange, stamped `since`, ends now. */
  spent(exchange: Exchange, since: number): void {
    if (exchange.req % ONE_IN === 0) this.micros += now() - since;
  }

  /** Records were made of exchanges. */
  encoded(micros: number): void {
    this.encoding += micros;
  }

  /** An exchange has ended. */
  ended(exchange: Exchange, writer: LogWriter): void {
    if (exchange.req % ONE_IN === 0) this.sampled++;
    if (exchange.req < this.next) return;
    this.next = exchange.req * 2;
    this.write(writer, exchange.req);
  }

  /** Logs the cost so far, if it is known. */
  write(writer: LogWriter, requests: number): void {
    if (this.sampled === 0) return;
    const perRequest = this.micros / this.sampled + (this.encoding + writer.busyMicros) / requests;
    writer.write({ type: "cost", perRequest: Math.round(perRequest * 10) / 10, requests });
  }
}
