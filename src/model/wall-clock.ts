/** A wall clock: hours and days as people at one place count them. Pure arithmetic, no time zone data. */

/** Minutes east of UTC from a moment on, µs since the epoch: it may change to summer time. The first holds before, too. */
export type Zone = readonly (readonly [from: number, minutes: number])[];

export const DAY = 86_400e6;
export const HOUR = 3_600e6;
const MINUTE = 60e6;

/** µs since the epoch as µs since 1 January 1970 0:00 of the wall clock. */
export function wallMicros(time: number, zone: Zone): number {
  let minutes = zone[0]?.[1] ?? 0;
  for (const [from, later] of zone) if (time >= from) minutes = later;
  return time + minutes * MINUTE;
}

/** µs since the last midnight. */
export const timeOfDay = (wall: number): number => wall - Math.floor(wall / DAY) * DAY;

/** Midnights since 1 January 1970. */
export const dayNumber = (wall: number): number => Math.floor(wall / DAY);

/** A day's number as `1999-02-09`. */
export const dayLabel = (day: number): string => new Date(day * (DAY / 1000)).toISOString().slice(0, 10);
