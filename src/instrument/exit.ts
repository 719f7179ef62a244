/** The end of the process, seen without a listener: one of ours would count towards the user's listener limit. */
import { onLookup } from "./lookup";

/** Calls `run` once, when the process (or worker thread) exits, before its 'exit' listeners. Not after a signal. */
export function onProcessExit(run: () => void): void {
  let done = false;
  // Node looks `emit` up to tell of 'exit', and has set `_exiting` by then.
  onLookup(process, "emit", () => {
    if (done || !(process as { _exiting?: boolean })._exiting) return;
    done = true;
    run();
  });
}
