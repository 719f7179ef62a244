/** What a request handler sees of the locks, wherever their table is. */
import { now } from "../../log/clock";
import type { ChildSpan } from "../../model/record";
import { Refusal } from "../answer";
import { LockTable } from "./table";

/**
 * none: nobody waits, and a condition on a PUT can be overtaken; file: a PUT's change of one file excludes others of the
 * same file; handler: one request at a time, which is a server with one thread in effect (the baseline).
 */
export const LOCK_MODES = ["none", "file", "handler"] as const;
export type LockMode = (typeof LOCK_MODES)[number];

export type Release = () => void;

export interface Locks {
  /** Resolves with the release when fewer than `capacity` hold the name. */
  acquire(name: string, capacity?: number): Promise<Release>;
}

/** Locks of one process. */
export function localLocks(): Locks {
  const table = new LockTable<null>();
  return {
    acquire: (name, capacity = 1) =>
      new Promise((resolve) => {
        const holding = { owner: null, granted: () => resolve(() => table.release(name, holding)) };
        table.acquire(name, capacity, holding);
      }),
  };
}

export interface TimedAcquisition {
  name: string;
  /** What the wait is called in the timeline. */
  label: string;
  /** How many may hold the name at once; default 1. */
  capacity?: number;
  /** ms to wait at most. */
  patience: number;
  report(span: ChildSpan): void;
}

/** A shorter wait (µs) was none: the way to the table and back. */
const NO_WAIT = 50;

/** Takes the lock and reports the wait for it. Refuses the request where the wait becomes too long. */
export async function acquireTimed(locks: Locks, acquisition: TimedAcquisition): Promise<Release> {
  const { name, label, capacity = 1, patience, report } = acquisition;
  const start = now();
  const acquired = locks.acquire(name, capacity);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, patience, null);
  });
  const release = await Promise.race([acquired, late]);
  clearTimeout(timer);
  const duration = now() - start;
  if (duration >= NO_WAIT) report({ kind: "lock", name: label, start, duration });
  if (release) return release;
  acquired.then((unwanted) => unwanted());
  throw new Refusal(503, "The server was busy for too long.", { "Retry-After": "1" });
}
