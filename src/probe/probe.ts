/** Runs a probe's plan and tells what came of it. */
import { now } from "../log/clock";
import { MISSED_EVENT, SCHEDULE_EVENT, type ScheduleProgress, SLOT_EVENT, slotsOf } from "../model/schedule";
import { browse } from "./browser/browse";
import { Client } from "./client";
import { headerFields } from "./headers";
import { Load, type LoadResult } from "./load/load";
import type { Common } from "./page/page";
import type { ProbePlan } from "./plan";
import type { Recorder, Totals } from "./recorder";
import { clockTime, runSchedule } from "./schedule";
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
    const once = async (pass?: number) => {
      const result = await runOnce(plan, client, recorder, { ...common, pass }, signal, seen);
      load = result ?? load;
    };
    if (plan.schedule) await runSlots(plan.schedule, client, recorder, signal, once);
    else await once();
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", stop);
    client.close();
  }
  // A load has failed where nobody answers at all.
  if (plan.load && totals.answered === 0) unanswered = totals.requests;
  return { ...totals, unanswered, stopped: client.hasStopped, load };
}

/** All that the plan asks for, once. */
async function runOnce(
  plan: ProbePlan,
  client: Client,
  recorder: Recorder,
  common: Common,
  signal: AbortSignal,
  seen: (visited: Visited) => void,
): Promise<LoadResult | undefined> {
  if (plan.browser) await browse({ ...plan, ...plan.browser }, recorder, signal, seen, common.pass);
  else if (plan.load) return new Load(client, plan.load, common).run(plan.connections);
  else if (plan.script) await runScripts(client, plan.script, plan.count, common, seen);
  else await visit(client, plan, common, seen);
  return undefined;
}

/** A pass per slot, each from fresh connections, and an event for each slot. */
function runSlots(
  { schedule, done }: ScheduleProgress,
  client: Client,
  recorder: Recorder,
  signal: AbortSignal,
  once: (pass: number) => Promise<void>,
): Promise<void> {
  if (done === 0) recorder.event(SCHEDULE_EVENT, now(), JSON.stringify(schedule));
  const slots = slotsOf(schedule);
  const nameOf = (time: number) => clockTime(time, slots.length > 1 && slots[1]! - slots[0]! < 60_000);
  return runSchedule({
    slots,
    done,
    signal,
    async run(number, time) {
      recorder.event(SLOT_EVENT, now(), nameOf(time));
      await once(number);
      client.closeConnections();
    },
    missed: (_, time) => recorder.event(MISSED_EVENT, now(), nameOf(time)),
  });
}
