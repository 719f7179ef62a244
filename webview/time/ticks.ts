/** Round times for an axis. Below a second decimal steps, above it those of clocks. */
import { tickStep } from "d3";
import { duration, plain } from "../words/numbers";
import type { TimeSpan } from "./scale";

const SECOND = 1_000_000;
const CLOCK_STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
].map((seconds) => seconds * SECOND);

export interface Ticks {
  /** What the labels count from: where they begin, or a while shortly before the span when that is far from there. */
  origin: number;
  /** The labels count from a time that has to be named. */
  isFar: boolean;
  step: number;
  values: number[];
}

/** The axis of a session without a request: there is nothing to measure. */
export const NO_TICKS: Ticks = { origin: 0, isFar: false, step: 1, values: [] };

/** `zero`: where labels begin, in time space. */
export function timeTicks(span: TimeSpan, wanted: number, zero = 0): Ticks {
  const [from, to] = [span[0] - zero, span[1] - zero];
  const decimal = tickStep(from, to, Math.max(1, wanted));
  const step = decimal < SECOND / 2 ? Math.max(1, decimal) : (CLOCK_STEPS.find((s) => s >= decimal * 0.75) ?? decimal);
  // Labels such as 62,300.4 ms are unreadable: far from the start they count from a round time that is named once.
  const isFar = from > step * 20;
  const origin = zero + (isFar ? Math.floor(from / (step * 10)) * step * 10 : 0);
  const values: number[] = [];
  for (let at = Math.ceil(from / step); at * step <= to; at++) values.push(zero + at * step + 0);
  return { origin, isFar, step, values };
}

/** The label of a tick: in the unit that the step has, so that all labels of an axis have one. */
export function tickLabel(tick: number, { origin, isFar, step }: Ticks): string {
  const micros = tick - origin;
  const sign = isFar && micros > 0 ? "+" : "";
  if (step < 1_000 && Math.abs(micros) < 10_000) return `${sign}${plain(micros)} µs`;
  if (step < SECOND / 2) return `${sign}${plain(micros / 1_000)} ms`;
  if (step < 60 * SECOND && Math.abs(micros) < 600 * SECOND) return `${sign}${plain(micros / SECOND)} s`;
  return micros === 0 ? "0" : `${sign}${duration(micros)}`;
}
