/** One recording from first to last: server, wait until ready, probe, stop. */
import { setTimeout as delay } from "node:timers/promises";
import { LogWriter } from "../log/writer";
import type { ProbePlan } from "../probe/plan";
import { Recorder } from "../probe/recorder";
import { finishSession, type Session } from "../session";
import { probeTo } from "./probe-run";
import { ServerProcess } from "./server-process";
import { aborted, stopOnSignals } from "./stop";
import { waitForUrl } from "./wait-for";

export interface Recording {
  /** The user's own server, as words; or the folder that the reference server serves; or a server that runs already. */
  server?: string[];
  serve?: { root: string; port: number; options: string[] };
  /** The server is ready when this plan's URL is answered. */
  waitFor?: ProbePlan;
  /** The probe; paths alone belong to `base`. Null: record until stopped. */
  planFor: ((base?: string) => ProbePlan) | null;
  json: boolean;
}

/** Longest wait for a server that neither listens nor ends. */
const READY_WITHIN_S = 60;

/** Resolves to whether every URL was answered. Rejects where the server cannot be recorded. */
export async function record(session: Session, recording: Recording): Promise<boolean> {
  const { planFor, json } = recording;
  const stop = stopOnSignals();
  const server = startServer(session, recording);
  const recorder = planFor || recording.waitFor ? clientRecorder(session) : null;
  const over = server ? AbortSignal.any([stop.signal, server.ended]) : stop.signal;
  let good = true;
  try {
    const base = await ready(server, recording.waitFor, recorder, over);
    if (recorder && planFor && !over.aborted) good = await probeTo(recorder, planFor(base), over, json);
    else if (!over.aborted) {
      process.stderr.write(`request-timeline: recording ${base ?? ""}; Ctrl-C ends it\n`);
      await aborted(over);
    }
    // A connection's end is seen before the process's.
    if (server && !good) await Promise.race([aborted(server.ended), delay(100)]);
    if (server?.ended.aborted && !stop.signal.aborted) throw new Error(`the server ${server.ended.reason}`);
    return good;
  } finally {
    recorder?.close(over.aborted ? String(over.reason) : undefined);
    await server?.stop();
    await finishSession(session.folder);
    stop.release();
    process.stderr.write(`request-timeline: session ${session.folder}\n`);
  }
}

function startServer({ serverLog, manifest }: Session, { server, serve }: Recording): ServerProcess | null {
  const launch = server ? { words: server } : serve;
  return launch
    ? new ServerProcess({ log: serverLog, recording: manifest.id, commit: manifest.git?.commit, launch })
    : null;
}

function clientRecorder({ clientLog, manifest }: Session): Recorder {
  const commit = manifest.git?.commit;
  return new Recorder(new LogWriter({ file: clientLog, role: "client", recording: manifest.id, commit }));
}

/** Resolves when requests can be sent, to where to; or when `over` is aborted. */
async function ready(
  server: ServerProcess | null,
  waitFor: ProbePlan | undefined,
  recorder: Recorder | null,
  over: AbortSignal,
): Promise<string | undefined> {
  const late = AbortSignal.timeout(READY_WITHIN_S * 1000);
  const until = AbortSignal.any([over, late]);
  let base: string | undefined;
  if (waitFor && recorder) {
    await waitForUrl(waitFor, recorder, until);
    base = waitFor.urls[0]?.origin;
  } else if (server) base = await Promise.race([server.listening, aborted(until).then(() => undefined)]);
  if (late.aborted && !over.aborted)
    throw new Error(
      waitFor
        ? `${waitFor.urls[0]?.href} was not answered within ${READY_WITHIN_S} s`
        : `the server did not listen within ${READY_WITHIN_S} s; where it is no Node server, tell its address by --wait-for URL`,
    );
  return base && reachable(base);
}

/** A server that listens on all addresses is asked at the loopback one. */
function reachable(base: string): string {
  const url = new URL(base);
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  if (url.hostname === "[::]") url.hostname = "[::1]";
  return url.href;
}
