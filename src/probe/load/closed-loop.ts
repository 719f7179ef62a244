/**
 * One request after the other on each of so many connections, as fast as they are answered.
 *
 * A request is not sent within the handler of the answer before it, but behind the loop's poll phase, together with those of
 * all connections whose answers were read in it. A server that has caught up sleeps, and each send that finds it asleep costs
 * an interrupt to wake it up: sent one by one requests find it asleep again and again, sent together once. Marks gain by it:
 * an answer that is there is read, and stamped, before the processor is given to sends, and `requestStart` is taken right
 * before each send. What lies between an answer and the next request belongs to the loop, and to no request.
 */
import { now } from "../../log/clock";
import type { Exchange } from "../exchange";
import { Pace } from "./limits";

/** A loop whose server is gone must not spin. */
const AFTER_FAILURE_MS = 100;

export interface ClosedLoop {
  connections: number;
  /** µs since the epoch: nothing is sent from then on. */
  end: number;
  /** The host is somebody else's: at most so many requests a second as are allowed there. */
  paced: boolean;
  /** Sends a request; `time` is now. `settled` is to be called once, when it has ended. */
  send(time: number, settled: (exchange: Exchange) => void): void;
  hasStopped(): boolean;
}

/** Resolves when the last request has ended. */
export function runClosedLoop({ connections, end, paced, send, hasStopped }: ClosedLoop): Promise<void> {
  return new Promise((resolve) => {
    const pace = paced ? new Pace() : null;
    /** Connections whose next request is due, and waits for the poll phase to end. */
    let due = 0;
    let running = connections;
    const next = () => {
      const time = now();
      if (time >= end || hasStopped()) {
        if (--running === 0) resolve();
        return;
      }
      const wait = pace?.wait(time) ?? 0;
      if (wait > 0) setTimeout(next, wait);
      else send(time, settled);
    };
    const sendDue = () => {
      const count = due;
      due = 0;
      for (let i = 0; i < count; i++) next();
    };
    const settled = ({ outcome }: Exchange) => {
      if (outcome !== "complete" && !hasStopped()) setTimeout(next, AFTER_FAILURE_MS);
      else if (due++ === 0) setImmediate(sendDue);
    };
    for (let i = 0; i < connections; i++) next();
  });
}
