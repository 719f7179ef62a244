/**
 * How late the system is: the time between an event and the first instruction of the thread that it wakes, µs.
 *
 * Linux counts how long a thread was ready to run and did not run (`/proc/thread-self/schedstat`, second number, ns; a
 * reading costs 2 µs). Two things come before that, which nothing counts for a process:
 *
 * - Where processors are short, the kernel hands over what it has received a little later than its sender's call returns
 *   (ksoftirqd waits for its turn): up to 2 ms were seen beside a compiler.
 * - The processor of a virtual machine that sleeps has to be woken by its host, which may have given it to somebody else:
 *   up to 7 ms, in bursts, in 6,000 requests to an idle loop. Such a machine tells that it was ever kept waiting, in steps of
 *   10 ms (`/proc/stat`, "steal").
 */
import { openSync, readFileSync, readSync } from "node:fs";

/** Where the system does not tell how long the thread was ready, µs. */
const ASSUMED_MICROS = 1_000;
const UNSEEN_MICROS = 5_000;
const UNSEEN_VIRTUAL_MICROS = 20_000;
/** A machine that was never kept waiting is asked again after this, µs. */
const ASK_AGAIN_MICROS = 10_000_000;
const SPACE = 32;
const ZERO = 48;

/** Time that this machine's processors waited for their host since it started, in steps of 10 ms; 0 where unknown. */
function stolen(): number {
  try {
    return Number(/^cpu +(?:\d+ +){7}(\d+)/.exec(readFileSync("/proc/stat", "latin1"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Of a line of numbers: digit by digit, as a text and its parts take as long as the reading. */
function secondNumber(line: Uint8Array): number {
  let at = line.indexOf(SPACE) + 1;
  let number = 0;
  for (; line[at]! >= ZERO; at++) number = number * 10 + line[at]! - ZERO;
  return number;
}

export class WakeDelay {
  /** What no count shows, µs. */
  unseen = UNSEEN_MICROS;
  private fd = WakeDelay.open();
  private readonly buffer = Buffer.alloc(64);
  private read = 0;
  private last = 0;
  private askAt = 0;

  private static open(): number {
    try {
      return openSync("/proc/thread-self/schedstat", "r");
    } catch {
      return -1;
    }
  }

  /** How long the thread was ready and did not run since the last call, µs, rounded up; `time` is now. */
  take(time: number): number {
    if (this.unseen === UNSEEN_MICROS && time >= this.askAt) {
      this.askAt = time + ASK_AGAIN_MICROS;
      if (stolen() > 0) this.unseen = UNSEEN_VIRTUAL_MICROS;
    }
    if (this.fd < 0) return ASSUMED_MICROS;
    const total = this.total();
    const delay = total - this.last;
    this.last = total;
    return Math.ceil(delay);
  }

  /** How long the thread was ever ready and did not run, µs; as far as is known where the system does not tell. */
  total(): number {
    if (this.fd < 0) return this.read;
    try {
      readSync(this.fd, this.buffer, 0, this.buffer.length, 0);
      this.read = secondNumber(this.buffer) / 1_000;
    } catch {
      // The program has closed it, as daemons close all that is open; the number may become another file's.
      this.fd = -1;
    }
    return this.read;
  }
}
