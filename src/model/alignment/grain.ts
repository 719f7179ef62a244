/** The step of the clock that wrote some stamps, recognised from the stamps themselves. */
import type { Exchanges } from "./events";

/** NCSA's platform counted in 1/1024 s; PCs until 2000 in ticks of their 18.2 Hz timer. µs. */
export const BINARY_TICK = 1e6 / 1024;
export const PC_TICK = (65_536 / 1_193_182) * 1e6;

/** Decimal steps, coarsest first, µs. */
const DECIMAL = [1_000_000, 100_000, 10_000, 1_000] as const;
/** By chance, n stamps fall on a grid of 1 ms once in 1000ⁿ. */
const ENOUGH = 4;
/** The PC's tick is read through stamps that were cut to 1 or 10 ms: weaker evidence each, so more of it. */
const ENOUGH_TICKS = 8;
const TICK_SPREAD = 0.25;

/** Step of the coarser of two clocks, µs: as declared, or as their stamps show. */
export const clockGrain = ({ sent, seen, received, answered }: Exchanges, declared: number): number =>
  Math.max(
    both(grainOf(sent, declared), grainOf(seen, declared)),
    both(grainOf(received, declared), grainOf(answered, declared)),
  );

/** One clock wrote both: what one of them denies is not its step. */
const both = (a: number, b: number): number => Math.min(a, b);

/** µs: the coarsest known step that all stamps keep to, at least `declared`. NaN is left out. */
export function grainOf(stamps: Float64Array, declared: number): number {
  const known = stamps.filter((stamp) => !Number.isNaN(stamp));
  if (known.length < ENOUGH) return declared;
  const decimal = DECIMAL.find((grain) => known.every((stamp) => stamp % grain === 0));
  if (decimal === undefined) return known.every(isBinaryTick) ? Math.max(declared, BINARY_TICK) : declared;
  const ticks = known.length >= ENOUGH_TICKS && decimal < PC_TICK && keepsPhase(known, PC_TICK);
  return Math.max(declared, ticks ? PC_TICK + decimal : decimal);
}

/** Whether the stamp is a whole number of 1/1024 s after a second, cut or rounded to 1 µs. */
function isBinaryTick(stamp: number): boolean {
  const micros = stamp % 1_000_000;
  return Math.abs(Math.round(micros / BINARY_TICK) * BINARY_TICK - micros) < 1;
}

/** Whether all stamps lie in one narrow part of the period. */
function keepsPhase(stamps: Float64Array, period: number): boolean {
  const phases = stamps
    .map((stamp) => (stamp - stamps[0]!) % period)
    .map((phase) => (phase < 0 ? phase + period : phase));
  phases.sort();
  let gap = phases[0]! + period - phases[phases.length - 1]!;
  for (let i = 1; i < phases.length; i++) gap = Math.max(gap, phases[i]! - phases[i - 1]!);
  return period - gap <= TICK_SPREAD * period;
}
