/**
 * Every test of a comparison. A difference counts where chance within the runs does not explain it (a rank test over
 * blocks of time), and neither does the noise from run to run; both corrected for their number.
 */
import { holm } from "../statistics/correction";
import { AllButOne, type Others } from "./all-but-one";
import { type Change, change, type Evidence } from "./change";
import { COMPARED, type Compared, type Run } from "./run";
import { againstOthers, betweenRuns, type Estimate } from "./run-noise";

export interface Test {
  duration: Compared;
  change: Change;
  /** Null where nothing can be said. */
  evidence: Evidence | null;
  /** p of the noise from run to run being the reason. */
  noise: number;
  /** The greater p of the two, each after its correction for many; null where nothing can be said. */
  adjusted: number | null;
}

/** One a duration that both sides have. */
export function testsOf(base: readonly Run[], other: readonly Run[], key: string): Test[] {
  return COMPARED.flatMap((duration) => {
    const [a, b] = [base, other].map((runs) => valuesOf(runs, key, duration)) as [Float64Array[], Float64Array[]];
    if (a.length === 0 || b.length === 0) return [];
    const found = change(a, b);
    const evidence = found.absolute ? found : null;
    return [{ duration, change: found.change, evidence, noise: 0, adjusted: null }];
  });
}

const valuesOf = (runs: readonly Run[], key: string, duration: Compared): Float64Array[] =>
  runs.map((run) => run.get(key)?.get(duration)).filter((all) => all !== undefined && all.length > 0) as Float64Array[];

/** Of one duration, all routes: what the runs' own noise explains is no change. */
export function judge(tests: readonly Test[]): void {
  const known = tests.flatMap((test) => (test.evidence ? [{ test, ...test.evidence }] : []));
  const absolute = new AllButOne(known.map((one) => one.absolute));
  known.forEach(({ test, runs, absolute: own, freedom }, at) => {
    test.noise = runs ? betweenRuns(...runs) : standsOut(own, absolute.without(at), freedom);
  });
  // In µs as in parts, whichever explains it.
  const inParts = known.flatMap(({ relative, ...one }) => (relative ? [{ relative, ...one }] : []));
  const relative = new AllButOne(inParts.map((one) => one.relative));
  inParts.forEach(({ test, runs, relative: own, freedom }, at) => {
    if (!runs) test.noise = Math.max(test.noise, standsOut(own, relative.without(at), freedom));
  });
}

/** p of a difference being the run's. */
function standsOut(own: Estimate, others: Others, freedom: number): number {
  const p = againstOthers(own, others, freedom);
  // Where all became slower, the one that did the least has not become faster.
  const lags = p > 0 && Math.sign(own.value - others.middle) !== Math.sign(own.value);
  return lags ? 1 : p;
}

/** Of the request's two whole times; what changed is then looked for within. */
const WHOLE: readonly Compared[] = ["clientResponse", "serverResponse"];
const isWhole = ({ duration }: Test): boolean => WHOLE.includes(duration);

/** By route: the whole times of all routes are one family of tests; the phases of a route are one where it changed. */
export function correct(routes: readonly (readonly Test[])[]): void {
  adjust(routes.flatMap((tests) => tests.filter(isWhole)));
  for (const tests of routes) {
    const phases = tests.filter((test) => !isWhole(test));
    adjust(phases);
    const gate = Math.min(1, ...tests.filter(isWhole).map(({ adjusted }) => adjusted ?? 1));
    for (const phase of phases) if (phase.adjusted !== null) phase.adjusted = Math.max(phase.adjusted, gate);
  }
}

/** Error rate of a family, as that of `word`. */
const ALPHA = 0.05;

/**
 * Runs are a test of their own, corrected for all. Where other routes stand in for them, the noise is asked for only where
 * chance does not explain the difference, and is corrected for so many: in a quiet session few come that far, on a busy
 * machine all.
 */
function adjust(tests: readonly Test[]): void {
  const known = tests.filter(({ evidence }) => evidence !== null);
  for (const [at, p] of holm(known.map(({ change }) => change.p!)).entries()) known[at]!.adjusted = p;
  const asked = known.filter(({ evidence, adjusted }) => evidence!.runs !== null || adjusted! <= ALPHA);
  for (const [at, p] of holm(asked.map(({ noise }) => noise)).entries())
    asked[at]!.adjusted = Math.max(asked[at]!.adjusted!, p);
}
