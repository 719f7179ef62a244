/** Runs a probe's plan and tells what came of it. */
import { browse } from "./browser/browse";
import { Client } from "./client";
import { headerFields } from "./headers";
import { Load, type LoadResult } from "./load/load";
import type { ProbePlan } from "./plan";
import type { Recorder, Totals } from "./recorder";
import { runScripts } from "./script/run";
import { type Visited, visit } from "./visit";

export interface ProbeProgress {
  /** One of the URLs that were asked for is done. */
  seen?(visited: Visited): void;
  /** Called a few times a second. */
  tick?(totals: Totals): void;
}

export interface ProbeResult extends Totals {
  /** How many of the URLs that were asked for have no whole answer, over all passes. */
  unanswered: number;
  /** It was told to stop before it was done. */
  stopped: boolean;
  load?: LoadResult;
}

const TICK_MS = 200;

/** Rejects for a request file that cannot be run as written, never for what a server does. The log stays open: the recorder's owner closes it. */
export async function runProbe(
  plan: ProbePlan,
  recorder: Recorder,
  signal: AbortSignal,
  progress: ProbeProgress = {},
): Promise<ProbeResult> {
  const client = new Client(recorder, {
    headers: headerFields([], plan.connectionPerRequest),
    connections: plan.connections,
    timeout: plan.timeout * 1e6,
    insecure: plan.insecure,
    http: plan.load ? "1.1" : plan.http,
    trace: plan.trace,
    // An open loop's backlog must not grow without end.
    patience: plan.load && plan.timeout * 1e6,
  });
  const stop = () => client.stop("the probe was stopped");
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const totals = recorder.restart();
  const timer = progress.tick && setInterval(() => progress.tick?.(totals), TICK_MS);
  let unanswered = 0;
  let load: LoadResult | undefined;
  try {
    const common = { headers: headerFields(plan.headers, plan.connectionPerRequest), warmup: plan.warmup };
    const seen = (visited: Visited) => {
      if (visited.clientResponse === null) unanswered++;
      progress.seen?.(visited);
    };
    if (plan.browser) await browse({ ...plan, ...plan.browser }, recorder, signal, seen);
    else if (plan.load) load = await new Load(client, plan.load, common).run(plan.connections);
    else if (plan.script) await runScripts(client, plan.script, plan.count, common, seen);
    else await visit(client, plan, common, seen);
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", stop);
    client.close();
  }
  // A load has failed where nobody answers at all.
  if (plan.load && totals.answered === 0) unanswered = totals.requests;
  return { ...totals, unanswered, stopped: client.hasStopped, load };
}
