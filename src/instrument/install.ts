/** All hooks of a thread, on one recorder. */
import cluster from "node:cluster";
import { randomBytes } from "node:crypto";
import { LogWriter } from "../log/writer";
import type { InstrumentOptions } from ".";
import { Arrivals } from "./arrival";
import { Blocking } from "./blocking";
import { EventLoop } from "./event-loop";
import { instrumentHttp1 } from "./http1";
import { Http2 } from "./http2";
import { instrumentListening } from "./listening";
import { instrumentRawWrites } from "./raw-writes";
import { Recorder } from "./recorder";

/** The package's; a test keeps them equal. */
export const HOOK_VERSION = "0.1.0";

/** Names of the environment variables that the processes of a recording inherit. */
export const LOG_VARIABLE = "REQUEST_TIMELINE_LOG";
export const RECORDING_VARIABLE = "REQUEST_TIMELINE_RECORDING";
const COMMIT_VARIABLE = "REQUEST_TIMELINE_COMMIT";

export interface Installed {
  recorder: Recorder;
  loop: EventLoop;
  uninstall(): void;
}

/** Hooks this thread's HTTP servers to a log, which is opened when there is something to write. */
export function instrument({ log, recording, worker }: InstrumentOptions): Installed {
  // Processes and threads started from here belong to the same recording.
  process.env[RECORDING_VARIABLE] ??= randomBytes(8).toString("hex");
  const blocking = new Blocking();
  const loop = new EventLoop(blocking);
  const arrivals = new Arrivals(loop, cluster.isWorker);
  const recorder = new Recorder(
    () =>
      new LogWriter({
        file: log,
        shared: true,
        role: "server",
        recording: recording ?? process.env[RECORDING_VARIABLE],
        worker: worker ?? cluster.worker?.id,
        hook: HOOK_VERSION,
        commit: process.env[COMMIT_VARIABLE],
      }),
    loop,
    blocking,
    arrivals,
  );
  const http2 = new Http2(recorder, loop);
  const undo = [
    () => http2.uninstall(),
    arrivals.install(),
    instrumentHttp1(recorder),
    instrumentRawWrites(recorder),
    instrumentListening(recorder, http2),
  ];
  return {
    recorder,
    loop,
    uninstall() {
      for (const take of undo) take();
    },
  };
}
