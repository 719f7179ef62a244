/** An accepted connection on its way to a worker. */
import type { Socket } from "node:net";

export interface Connection {
  id: number;
  socket: Socket;
  /** CLOCK_MONOTONIC at the accept, ns. */
  accepted: bigint;
  /** The worker has it; before that it can still be given to another. */
  taken: boolean;
}
