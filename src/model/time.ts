/**
 * Times are integer microseconds since the Unix epoch. A client's and a server's stamps are on different clocks:
 * they are branded apart, so that subtracting one from the other does not type-check without the alignment step.
 */
declare const clock: unique symbol;

export type Micros = number;
export type ClientMicros = Micros & { readonly [clock]?: "client" };
export type ServerMicros = Micros & { readonly [clock]?: "server" };

/** `[earliest, latest]`: a point in time known only as an interval. */
export type Interval<T extends Micros = Micros> = readonly [earliest: T, latest: T];

export const MICROS_PER_MILLI = 1_000;
export const MICROS_PER_SECOND = 1_000_000;

/** `±HH:MM` (or `±HHMM`) as minutes east of UTC; null where it is no zone. */
export function zoneMinutes(text: string): number | null {
  const match = /^([+-])(\d\d):?(\d\d)$/.exec(text);
  if (!match || Number(match[2]) > 14 || Number(match[3]) > 59) return null;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}
