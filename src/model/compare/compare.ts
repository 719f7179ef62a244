/** Two sides, by route and duration: every test that is made counts in the correction for many. */
import { AllButOne } from "./all-but-one";
import { type Change, MINIMUM, type Minimum, RUNS, relativeOf, type Word, word } from "./change";
import type { Compared, Run } from "./run";
import type { Estimate } from "./run-noise";
import { correct, type Test, testsOf } from "./tests";

export interface ComparedDuration extends Change {
  duration: Compared;
  /** p after the correction for many tests; null where nothing is said. */
  adjusted: number | null;
  word: Word;
}

export interface ComparedRoute {
  key: string;
  durations: ComparedDuration[];
}

export interface Comparison {
  /** Routes that both sides have, the base's most frequent first. */
  routes: ComparedRoute[];
  onlyBase: string[];
  onlyOther: string[];
  /** What the answer cannot know, in words. */
  notes: string[];
}

export const isClaim = ({ word }: ComparedDuration): boolean => word === "slower" || word === "faster";

/** What a table shows: the whole times, and of their phases those that changed. */
export const isShown = (one: ComparedDuration): boolean => one.duration.endsWith("Response") || isClaim(one);

export const hasChanged = ({ durations }: ComparedRoute): boolean => durations.some(isClaim);

export const hasSlowed = ({ durations }: ComparedRoute): boolean => durations.some(({ word }) => word === "slower");

/** `between`: called between two routes, for whoever cannot wait for all. */
export function compare(
  base: readonly Run[],
  other: readonly Run[],
  minimum?: Minimum,
  between: () => void = () => undefined,
): Comparison {
  const [of, against] = [keysOf(base), keysOf(other)];
  const [ofBase, ofOther] = [new Set(of), new Set(against)];
  const keys = of.filter((key) => ofOther.has(key));
  const found = keys.map((key) => {
    between();
    return { key, tests: testsOf(base, other, key) };
  });
  correct(found.map(({ tests }) => tests));
  return {
    routes: found.map(({ key, tests }) => ({
      key,
      durations: tests.map(({ duration, change: one, adjusted }) => ({
        duration,
        ...one,
        adjusted,
        word: word(one, adjusted, minimum),
      })),
    })),
    onlyBase: of.filter((key) => !ofOther.has(key)),
    onlyOther: against.filter((key) => !ofBase.has(key)),
    notes: notesOn(
      base.length,
      other.length,
      found.flatMap(({ tests }) => tests),
    ),
  };
}

function keysOf(runs: readonly Run[]): string[] {
  const counts = new Map<string, number>();
  for (const run of runs)
    for (const [key, durations] of run) {
      const most = Math.max(0, ...[...durations.values()].map((all) => all.length));
      counts.set(key, (counts.get(key) ?? 0) + most);
    }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([key]) => key);
}

function notesOn(base: number, other: number, tests: readonly Test[]): string[] {
  if (base >= RUNS && other >= RUNS) return [];
  const sessions = base === 1 && other === 1 ? "One session a side" : `${base} and ${other} sessions`;
  return [
    `${sessions} cannot show the noise from run to run: a difference may be of the runs and not of the code (${RUNS} a side can show it).`,
    ...alike(
      tests.flatMap(
        ({ duration, evidence }) => (duration === "clientResponse" && evidence && relativeOf(evidence)) || [],
      ),
    ),
  ];
}

/** Where most routes moved together: one change of code, or one of the machine. */
function alike(relative: readonly Estimate[]): string[] {
  if (relative.length < 2) return [];
  const { middle } = new AllButOne(relative).all();
  const moved = relative.filter(
    ({ value, error }) => Math.sign(value) === Math.sign(middle) && Math.abs(value) > 2 * error,
  );
  const part = Math.exp(middle) - 1;
  if (moved.length <= relative.length / 2 || Math.abs(part) < MINIMUM.relative) return [];
  const how = part > 0 ? "slower" : "faster";
  return [
    `Most routes are ${how} alike, by ${Math.abs(part * 100).toFixed(0)} % of R C in the middle: the machine may be the reason as well as the code, so it is not claimed of any.`,
  ];
}
