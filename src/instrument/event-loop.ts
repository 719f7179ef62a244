/**
 * What Node can know of when bytes reached the machine: when its loop looked. Times are stamps in µs.
 *
 * An immediate that re-arms itself runs once an iteration, after the poll phase, and as it is unreferenced it does not
 * keep an idle loop awake. It notes the time C and the loop's idle time I. The poll of the next iteration returns no
 * earlier than C + (idle now − I), and:
 *
 * - If that poll was idle at all, nothing was ready when it began (libuv looks without waiting first), so what it
 *   reports came as it returned, or earlier by the time that the thread waited for a processor.
 * - Else what it reports came after the previous poll returned: what was there then, it has reported.
 *
 * What no process sees of the system's own lateness (`wake-delay.ts`) comes on top of every lower bound.
 *
 * All that a poll reports was there when it returned, which is before the first of its events that we see.
 */
import { performance } from "node:perf_hooks";
import { now } from "../log/clock";
import type { Blocking } from "./blocking";
import { LastWrites } from "./last-write";
import { WakeDelay } from "./wake-delay";

/** A poll that was idle for less is not worth a reading of the run delay. */
const SHORT_IDLE_MICROS = 50;

/** How long the loop has waited in its polls so far, µs. */
export const idleMicros = (): number => performance.nodeTiming.idleTime * 1_000;

export class EventLoop {
  /** Iterations since the start. */
  iteration = 0;
  /** Bounds on when events of the current iteration's poll came, but for `unseen`; set by `look`. */
  earliest = 0;
  latest = 0;
  /** The current iteration's poll waited. */
  idle = false;
  /** No earlier than this did the loop begin to work in this iteration: what came before is idle time and other ones. */
  workingSince = 0;
  readonly writes = new LastWrites(this);
  private checked = 0;
  private idleAtCheck = 0;
  private previousReturn = 0;
  private looked = -1;
  readonly delay = new WakeDelay();
  private armed: NodeJS.Immediate | null = null;
  private readonly setImmediate = setImmediate;

  constructor(private readonly blocking: Blocking) {}

  get running(): boolean {
    return this.armed !== null;
  }

  /** An event of the current iteration's poll was seen: it has returned. */
  get polled(): boolean {
    return this.looked === this.iteration;
  }

  /** How much earlier than a lower bound an event can have come, µs: the system's own lateness. */
  get unseen(): number {
    return this.delay.unseen;
  }

  start(): void {
    if (this.armed) return;
    this.checked = now();
    this.previousReturn = this.checked;
    this.idleAtCheck = idleMicros();
    this.delay.take(this.checked);
    this.arm();
  }

  stop(): void {
    if (this.armed) clearImmediate(this.armed);
    this.armed = null;
  }

  /** To be called when an event of the poll phase is seen, at time `time`: sets the bounds. */
  look(time: number): void {
    if (this.looked === this.iteration) return;
    this.looked = this.iteration;
    this.latest = time;
    const idle = idleMicros() - this.idleAtCheck;
    this.idle = idle > 0;
    this.workingSince = this.checked + idle;
    if (!this.idle) this.earliest = this.previousReturn;
    else {
      const delay = idle < SHORT_IDLE_MICROS ? idle : this.delay.take(time);
      this.earliest = Math.max(this.previousReturn, this.checked, Math.floor(this.checked + idle - delay));
    }
  }

  private arm(): void {
    this.armed = this.setImmediate.call(globalThis, this.check).unref();
  }

  private readonly check = (): void => {
    try {
      this.turned();
    } catch {
      // Lost: the bounds of one iteration.
    }
    this.arm();
  };

  private turned(): void {
    const idle = idleMicros();
    this.previousReturn = Math.floor(this.checked + idle - this.idleAtCheck);
    this.checked = now();
    this.idleAtCheck = idle;
    this.writes.turned(this.checked);
    this.iteration++;
    this.blocking.turned(this.checked);
  }
}
