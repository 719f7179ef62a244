/**
 * Every test of a comparison. A difference counts where chance within the runs does not explain it (a rank test over
 * blocks of time), and neither does the noise from run to run; both corrected for their number.
 */
import { holm } from "../statistics/correction";
import { AllButOne, type Others } from "./all-but-one";
import { type Change, change, type Evidence, relativeOf } from "./change";
import { COMPARED, type Compared, type Run } from "./run";
import { againstOthers, betweenRuns, type Estimate } from "./run-noise";

export interface Test {
  duration: Compared;
  change: Change;
  /** Null where nothing can be said. */
  evidence: Evidence | null;
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
    return [{ duration, change: found.change, evidence, adjusted: null }];
  });
}

const valuesOf = (runs: readonly Run[], key: string, duration: Compared): Float64Array[] =>
  runs.map((run) => run.get(key)?.get(duration)).filter((all) => all !== undefined && all.length > 0) as Float64Array[];

/** p of the noise from run to run being the reason. What it takes of a duration's other tests is worked out when one asks. */
function noiseOf(tests: readonly Test[]): (test: Test) => number {
  const known = new Map<Compared, ReadonlyMap<Test, number>>();
  return (test) => {
    let noise = known.get(test.duration);
    if (!noise) {
      noise = judged(tests.filter(({ duration }) => duration === test.duration));
      known.set(test.duration, noise);
    }
    return noise.get(test)!;
  };
}

/** Of one duration, all routes: what the runs' own noise explains is no change. */
function judged(tests: readonly Test[]): Map<Test, number> {
  const noise = new Map<Test, number>();
  const known = tests.flatMap((test) => (test.evidence ? [{ test, ...test.evidence }] : []));
  const absolute = new AllButOne(known.map((one) => one.absolute));
  known.forEach(({ test, runs, absolute: own, freedom }, at) => {
    noise.set(test, runs ? betweenRuns(...runs) : standsOut(own, absolute.without(at), freedom));
  });
  // In µs as in parts, whichever explains it.
  if (known.every(({ runs }) => runs)) return noise;
  const inParts = known.flatMap((one) => {
    const own = relativeOf(one.test.evidence!);
    return own ? [{ ...one, own }] : [];
  });
  const relative = new AllButOne(inParts.map(({ own }) => own));
  inParts.forEach(({ test, runs, own, freedom }, at) => {
    if (!runs) noise.set(test, Math.max(noise.get(test)!, standsOut(own, relative.without(at), freedom)));
  });
  return noise;
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
  const noise = noiseOf(routes.flat());
  adjust(
    routes.flatMap((tests) => tests.filter(isWhole)),
    noise,
  );
  for (const tests of routes) {
    const phases = tests.filter((test) => !isWhole(test));
    adjust(phases, noise);
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
function adjust(tests: readonly Test[], noise: (test: Test) => number): void {
  const known = tests.filter(({ evidence }) => evidence !== null);
  for (const [at, p] of holm(known.map(({ change }) => change.p!)).entries()) known[at]!.adjusted = p;
  const asked = known.filter(({ evidence, adjusted }) => evidence!.runs !== null || adjusted! <= ALPHA);
  for (const [at, p] of holm(asked.map(noise)).entries()) asked[at]!.adjusted = Math.max(asked[at]!.adjusted!, p);
}
