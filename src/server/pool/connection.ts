/** An accepted connection on its way to a worker. */
import type { Socket } from "node:net";

export interface Connection {
  id: number;
  socket: Socket;
  /** CLOCK_MONOTONIC at the accept, ns. */
  accepted: bigint;
  /** What admission has charged for it, ms of a worker's time. */
  charged: number;
  /** When it was given to a worker, ms (performance.now). */
  given: number;
  /** The worker has it; before that it can still be given to another. */
  taken: boolean;
}
