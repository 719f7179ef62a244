/** Scales with their ticks, and the frame of a plot: quiet grid, labels with units, titles. */
import { scaleLinear, scaleLog } from "d3";
import { dayLabel, dayNumber, timeOfDay } from "../../src/model/wall-clock";
import type { LogBins } from "../../src/protocol/charts";
import { bytes, count, plain } from "../words/numbers";
import { type Box, label, line, type Shape, textWidth } from "./figure";

export interface Tick {
  value: number;
  label: string;
}

export interface Axis {
  scale: (value: number) => number;
  ticks: Tick[];
}

const SECOND = 1e6;
const UNITS = [
  [60 * SECOND, "min"],
  [SECOND, "s"],
  [1e3, "ms"],
  [1, "µs"],
] as const;

/** From 0 to at least `max`, ending on a tick. */
export function linearAxis(
  max: number,
  range: readonly [number, number],
  wanted: number,
  write: (v: number) => string,
) {
  const scale = scaleLinear([0, max > 0 ? max : 1], range).nice(wanted);
  const ticks = scale.ticks(wanted).map((value) => ({ value, label: write(value) }));
  return { scale, ticks } satisfies Axis;
}

export const countAxis = (max: number, range: readonly [number, number], wanted: number): Axis => {
  const axis = linearAxis(max, range, wanted, count);
  // There is no half request.
  return { ...axis, ticks: axis.ticks.filter(({ value }) => Number.isInteger(value)) };
};

/** µs; all ticks in the unit that the largest has. */
export function durationAxis(max: number, range: readonly [number, number], wanted: number): Axis {
  const [unit, name] = UNITS.find(([size]) => max >= size) ?? [1, "µs"];
  // Round numbers of the unit, not of µs: minutes have no decimals otherwise.
  const scale = scaleLinear([0, (max > 0 ? max : 1) / unit], range).nice(wanted);
  const ticks = scale.ticks(wanted).map((value) => ({
    value: value * unit,
    label: value === 0 ? "0" : `${plain(value)} ${name}`,
  }));
  return { scale: (value) => scale(value / unit), ticks };
}

/** An edge that is a power of ten has its tick, however it was rounded. */
const EDGE = 1e-9;

/** Powers of ten; between them too where there are few. */
const STEPS = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9]];

export function logAxis(
  domain: readonly [number, number],
  range: readonly [number, number],
  wanted: number,
  write: (value: number) => string,
): Axis {
  const scale = scaleLog(domain, range);
  const ticksOf = (steps: readonly number[]): number[] => {
    const values: number[] = [];
    for (let power = Math.floor(Math.log10(domain[0])); 10 ** power <= domain[1]; power++)
      for (const step of steps) {
        const value = step * 10 ** power;
        if (value >= domain[0] * (1 - EDGE) && value <= domain[1] * (1 + EDGE)) values.push(value);
      }
    return values;
  };
  const values = STEPS.map(ticksOf).findLast((found) => found.length <= wanted) ?? ticksOf([1]);
  return { scale, ticks: values.map((value) => ({ value, label: write(value) })) };
}

/** A round value without the zeros that a column of numbers has: 5 ms, 1.5 s. */
export function roundDuration(micros: number): string {
  const [unit, name] = UNITS.slice(1).find(([size]) => micros >= size * 0.9995) ?? [1, "µs"];
  return `${plain(micros / unit)} ${name}`;
}

export function roundBytes(value: number): string {
  if (value < 999.5) return `${plain(value)} B`;
  if (value < 999_500) return `${plain(value / 1e3)} kB`;
  return value < 999.5e6 ? `${plain(value / 1e6)} MB` : bytes(value);
}

export const edgeOf = ({ first, perDecade }: LogBins, edge: number): number => 10 ** ((first + edge) / perDecade);

const CLOCK_STEPS = [
  ...[1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5],
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 14_400, 21_600, 43_200].map(
    (seconds) => seconds * SECOND,
  ),
  ...[1, 2, 7, 14, 28, 91, 364].map((days) => days * 86_400 * SECOND),
];

const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");

/** A time of a wall clock (µs since its 1970) as far as the step needs: 10:30, 10:30:05, 10:30:05.2, 02-09. */
export function clockLabel(wall: number, step: number): string {
  const time = timeOfDay(wall);
  if (step >= 86_400 * SECOND) return dayLabel(dayNumber(wall)).slice(5);
  const minutes = `${two(time / 3_600e6)}:${two((time / 60e6) % 60)}`;
  if (step >= 60 * SECOND) return minutes;
  const seconds = (time / SECOND) % 60;
  if (step >= SECOND) return `${minutes}:${two(seconds)}`;
  const digits = step >= 1e5 ? 1 : step >= 1e4 ? 2 : 3;
  return `${minutes}:${seconds.toFixed(digits).padStart(digits + 3, "0")}`;
}

/** Times of a wall clock, ticks at round ones. Where days change their date stands instead of midnight. */
export function clockAxis(
  [from, to]: readonly [number, number],
  range: readonly [number, number],
  wanted: number,
): Axis {
  const scale = scaleLinear([from, to], range);
  const step = CLOCK_STEPS.find((size) => (to - from) / size <= wanted) ?? to - from;
  const days = dayNumber(to - 1) > dayNumber(from);
  const ticks: Tick[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step)
    ticks.push({
      value: at,
      label:
        days && timeOfDay(at) === 0 && from >= 86_400 * SECOND
          ? dayLabel(dayNumber(at)).slice(5)
          : clockLabel(at, step),
    });
  return { scale, ticks };
}

/** Room for labels left of a plot. */
export const marginFor = (ticks: readonly Tick[]): number =>
  Math.ceil(Math.max(0, ...ticks.map(({ label: text }) => textWidth(text)))) + 10;

export interface Titles {
  x?: string;
  y?: string;
}

/** Grid and labels of a plot; labels that would touch are left out. */
export function frame(plot: Box, x: Axis | null, y: Axis | null, titles: Titles = {}): Shape[] {
  const shapes: Shape[] = [];
  const bottom = plot.y + plot.height;
  for (const { value, label: text } of y?.ticks ?? []) {
    const at = Math.round(y!.scale(value)) + 0.5;
    shapes.push(line(plot.x, at, plot.x + plot.width, at, "grid"), label(plot.x - 6, at + 3.5, text, "end"));
  }
  shapes.push(line(plot.x, bottom + 0.5, plot.x + plot.width, bottom + 0.5, "axis"));
  let free = Number.NEGATIVE_INFINITY;
  for (const { value, label: text } of x?.ticks ?? []) {
    const at = x!.scale(value);
    const half = textWidth(text) / 2;
    shapes.push(line(at, bottom + 1, at, bottom + 4, "axis"));
    if (at - half < free || at + half > plot.x + plot.width + 16) continue;
    shapes.push(label(at, bottom + 15, text, "middle"));
    free = at + half + 8;
  }
  if (titles.y) shapes.push(label(plot.x - 6 - marginOf(y), plot.y - 8, titles.y));
  if (titles.x) shapes.push(label(plot.x + plot.width, bottom + 28, titles.x, "end"));
  return shapes;
}

const marginOf = (y: Axis | null): number => (y ? marginFor(y.ticks) - 10 : 0);

/** Heights of what surrounds a plot: titles above, labels and title below. */
export const TOP = 22;
export const BOTTOM = 34;
