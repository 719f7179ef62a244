/**
 * The preload hook (dist/hook.js), started through NODE_OPTIONS in the user's server and in every Node process that it
 * starts. It leaves alone what is no server (package managers, test runners) and never throws.
 */
import { isTool } from "./bystander";
import { Children } from "./children/children";
import { onProcessExit } from "./exit";
import { Handlers } from "./handlers/handlers";
import { instrument, LOG_VARIABLE, RECORDING_VARIABLE } from "./install";

/** `off` leaves child spans out. */
const CHILDREN_VARIABLE = "REQUEST_TIMELINE_CHILDREN";
const LOADED = Symbol.for("request-timeline.hook");

function start(): void {
  const log = process.env[LOG_VARIABLE];
  if (!log || LOADED in globalThis || isTool(process.argv, process.execArgv)) return;
  Object.defineProperty(globalThis, LOADED, { value: true });
  const { recorder } = instrument({ log, recording: process.env[RECORDING_VARIABLE] });
  recorder.handlers = new Handlers(recorder);
  if (process.env[CHILDREN_VARIABLE] !== "off") recorder.children = new Children(recorder.handlers.sources);
  onProcessExit(() => recorder.stop("exit"));
}

try {
  start();
} catch {
  // The server runs without us.
}
