/** What the listener and a worker process tell each other. A connection travels as the handle of its message. */
import type { ServerOptions } from "../options";

export type ToWorker =
  | { type: "start"; worker: number; options: ServerOptions }
  /** `accepted`: CLOCK_MONOTONIC, ns, as a decimal string. */
  | { type: "connection"; id: number; accepted: string }
  | { type: "granted"; id: number }
  /** Whether connections wait for a worker: then nobody keeps one for later. */
  | { type: "pressure"; on: boolean }
  | { type: "stop" };

export type FromWorker =
  | { type: "ready" }
  /** The connection has arrived: the listener lets go of it. */
  | { type: "taken"; id: number }
  | { type: "closed"; id: number }
  | { type: "acquire"; id: number; name: string; capacity: number }
  | { type: "release"; id: number }
  /** A program runs, as a process group of this number; or does no more. */
  | { type: "program"; pid: number; running: boolean };
