/** Runs a probe for a command: progress on stderr, the result on stdout; the log stays open. */
import type { LoadResult } from "../probe/load/load";
import type { ProbePlan } from "../probe/plan";
import { type ProbeResult, runProbe } from "../probe/probe";
import type { Recorder } from "../probe/recorder";
import type { Visited } from "../probe/visit";
import { bytes, duration } from "./numbers";
import { Progress } from "./progress";

/** More lines than this nobody reads. */
const MAX_LINES = 40;

/** Resolves to whether each URL that was asked for was answered, and logged; a probe that was stopped counts as good. */
export async function probeTo(
  recorder: Recorder,
  plan: ProbePlan,
  signal: AbortSignal,
  json: boolean,
): Promise<boolean> {
  // What cannot be logged need not be measured; the log has said why.
  if (recorder.hasFailed) return false;
  const progress = new Progress();
  const started = performance.now();
  let lines = 0;
  let told = 0;
  const result = await runProbe(plan, recorder, signal, {
    seen(visited) {
      if (json || ++lines > MAX_LINES) return;
      if (visited.error !== null) told++;
      progress.clear();
      process.stdout.write(`${lineOf(visited)}\n`);
    },
    tick: ({ requests, answered }) => progress.show(`${answered} of ${requests} requests answered`),
  });
  progress.clear();
  const seconds = (performance.now() - started) / 1000;
  if (json) process.stdout.write(`${JSON.stringify({ ...result, seconds, log: recorder.file })}\n`);
  else {
    const untold = result.failed > told ? errorLines(result) : [];
    process.stdout.write(`${[...loadLines(result.load), summary(result, seconds), ...untold].join("\n")}\n`);
  }
  return !recorder.hasFailed && (signal.aborted || result.unanswered === 0);
}

function lineOf({ method, url, status, bytes: size, clientResponse, error }: Visited): string {
  if (error !== null) return `${method} ${url}  failed: ${error}`;
  return `${method} ${url}  ${status}  ${bytes(size)}  ${duration(clientResponse ?? 0)}`;
}

function summary({ requests, answered, failed, aborted, bytes: size, stopped }: ProbeResult, seconds: number): string {
  const parts = [`${requests} ${requests === 1 ? "request" : "requests"}`, `${answered} answered`];
  if (failed) parts.push(`${failed} failed`);
  if (aborted) parts.push(`${aborted} aborted`);
  parts.push(bytes(size), `${seconds.toFixed(2)} s`);
  return parts.join(", ") + (stopped ? " (stopped)" : "");
}

/** What went wrong, the most frequent first. */
const errorLines = ({ errors }: ProbeResult): string[] =>
  Object.entries(errors)
    .sort(([, a], [, b]) => b - a)
    .map(([error, count]) => `  ${count} × ${error}`);

function loadLines(load: LoadResult | undefined): string[] {
  if (!load) return [];
  const line = (name: string, times: LoadResult["clientResponse"] | null) =>
    times && times.max !== null
      ? [
          `${name.padEnd(24)}${Object.entries(times)
            .map(([key, value]) => `${key} ${duration(value ?? 0)}`)
            .join("  ")}`,
        ]
      : [];
  return [
    `${load.throughput.toFixed(1)} answers/s`,
    ...line("R C", load.clientResponse),
    ...line("from the intended start", load.sinceIntended),
    ...line("schedule error", load.scheduleError),
  ];
}
