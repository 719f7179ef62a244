/** Runs a probe's plan and tells what came of it. */
import { Client } from "./client";
import { headerLines, withLength } from "./headers";
import type { ProbePlan } from "./plan";
import type { Recorder, Totals } from "./recorder";
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
}

const TICK_MS = 200;

/** Never rejects for what a server does. The log stays open: the recorder's owner closes it. */
export async function runProbe(
  plan: ProbePlan,
  recorder: Recorder,
  signal: AbortSignal,
  progress: ProbeProgress = {},
): Promise<ProbeResult> {
  const { headers, authority, traced } = headerLines(plan.headers, plan.connectionPerRequest);
  const client = new Client(recorder, {
    headers: headerLines([], plan.connectionPerRequest).headers,
    connections: plan.connections,
    timeout: plan.timeout * 1e6,
    insecure: plan.insecure,
    trace: plan.trace && !traced,
  });
  const stop = () => client.stop("the probe was stopped");
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const totals = recorder.restart();
  const timer = progress.tick && setInterval(() => progress.tick?.(totals), TICK_MS);
  let unanswered = 0;
  try {
    const common = {
      headers: plan.body ? withLength(headers, plan.body) : headers,
      authority,
      warmup: plan.warmup,
    };
    await visit(client, plan, common, (visited) => {
      if (visited.clientResponse === null) unanswered++;
      progress.seen?.(visited);
    });
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", stop);
    client.close();
  }
  return { ...totals, unanswered, stopped: client.hasStopped };
}
