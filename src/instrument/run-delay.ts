/**
 * How long this thread was ready to run and did not run: the delay between an event that wakes the thread and its first
 * instruction. Linux counts it for each thread (`/proc/thread-self/schedstat`, second number, ns); a reading costs 2 µs.
 */
import { openSync, readSync } from "node:fs";

/** Where the system does not tell, µs. */
const ASSUMED_MICROS = 1_000;

export class RunDelay {
  private readonly fd = RunDelay.open();
  private readonly buffer = Buffer.alloc(64);
  private last = 0;

  private static open(): number {
    try {
      return openSync("/proc/thread-self/schedstat", "r");
    } catch {
      return -1;
    }
  }

  /** The delay since the last call, µs, rounded up. */
  take(): number {
    if (this.fd < 0) return ASSUMED_MICROS;
    const length = readSync(this.fd, this.buffer, 0, this.buffer.length, 0);
    const total = Number(this.buffer.toString("latin1", 0, length).split(" ")[1]);
    const delay = total - this.last;
    this.last = total;
    return Math.ceil(delay / 1_000);
  }
}
