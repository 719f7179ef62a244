/** Two sides, by route and duration: every test that is made counts in the correction for many. */
import type { DurationKey } from "../request";
import { holm } from "../statistics/correction";
import { type Change, change, type Minimum, RUNS, type Word, word } from "./change";

/** Durations that are compared, in order of the request. */
export const COMPARED = [
  "clientResponse",
  "serverResponse",
  "network",
  "queue",
  "parse",
  "process",
  "send",
  "load",
] as const satisfies readonly DurationKey[];
export type Compared = (typeof COMPARED)[number];

/** One session: route → duration → values, µs, in order of time, unknown ones left out. */
export type Run = ReadonlyMap<string, ReadonlyMap<Compared, Float64Array>>;

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

export function compare(base: readonly Run[], other: readonly Run[], minimum?: Minimum): Comparison {
  const [of, against] = [keysOf(base), keysOf(other)];
  const found = of
    .filter((key) => against.includes(key))
    .map((key) => ({
      key,
      changes: COMPARED.map((duration) => ({
        duration,
        ...change(values(base, key, duration), values(other, key, duration)),
      })).filter(({ count }) => count[0] > 0 && count[1] > 0),
    }));
  const tested = found.flatMap(({ changes }) => changes).filter(({ p }) => p !== null);
  const adjusted = new Map(holm(tested.map(({ p }) => p!)).map((p, i) => [tested[i], p]));
  return {
    routes: found.map(({ key, changes }) => ({
      key,
      durations: changes.map((one) => {
        const p = adjusted.get(one) ?? null;
        return { ...one, adjusted: p, word: word(one, p, minimum) };
      }),
    })),
    onlyBase: of.filter((key) => !against.includes(key)),
    onlyOther: against.filter((key) => !of.includes(key)),
    notes: notesOn(base.length, other.length),
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

const values = (runs: readonly Run[], key: string, duration: Compared): Float64Array[] =>
  runs.map((run) => run.get(key)?.get(duration)).filter((all) => all !== undefined && all.length > 0) as Float64Array[];

function notesOn(base: number, other: number): string[] {
  if (base >= RUNS && other >= RUNS) return [];
  const sessions = base === 1 && other === 1 ? "One session a side" : `${base} and ${other} sessions`;
  return [
    `${sessions} cannot show the noise from run to run: a difference may be of the runs and not of the code (${RUNS} a side can show it).`,
  ];
}
