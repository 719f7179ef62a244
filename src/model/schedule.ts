/** A schedule: what it is, and the event records that it leaves in the client's log. */

/** ms since the epoch. */
export type Schedule = { start: number; every: number; until: number } | { times: number[] };

/** A schedule, and how many of its slots were dealt with, missed ones included. */
export interface ScheduleProgress {
  schedule: Schedule;
  done: number;
}

/** Its `detail` is the schedule as JSON. */
export const SCHEDULE_EVENT = "schedule";
/** A slot has begun, or could not begin in time; the `detail` is its time of day. */
export const SLOT_EVENT = "slot";
export const MISSED_EVENT = "slot missed";

/** When each slot is due, ms since the epoch. */
export function slotsOf(schedule: Schedule): number[] {
  if ("times" in schedule) return schedule.times;
  const { start, every, until } = schedule;
  return Array.from({ length: Math.floor((until - start) / every) + 1 }, (_, i) => start + i * every);
}

/** More slots than this are a mistake. */
export const MAX_SLOTS = 10_000;

/** The `detail` of a schedule's event; null where it is none. */
export function parseSchedule(detail: string): Schedule | null {
  try {
    const value = JSON.parse(detail) as Partial<{ start: number; every: number; until: number; times: number[] }>;
    const { start, every, until, times } = value;
    if (Array.isArray(times) && times.length <= MAX_SLOTS && times.every(Number.isFinite)) return { times };
    const isValid = [start, every, until].every(Number.isFinite) && every! > 0 && until! - start! <= every! * MAX_SLOTS;
    return isValid ? { start: start!, every: every!, until: until! } : null;
  } catch {
    return null;
  }
}

const UNIT_SECONDS = { ms: 0.001, s: 1, m: 60, h: 3600 } as const;

/** A length of time as people write it (`30`, `500ms`, `2m`), s; NaN where it is none, or is nothing. */
export function secondsOf(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text);
  const seconds = match ? Number(match[1]) * UNIT_SECONDS[(match[2] ?? "s") as keyof typeof UNIT_SECONDS] : 0;
  return seconds > 0 ? seconds : Number.NaN;
}

/** When a clock on the wall (`18:00`) shows that time next, today or tomorrow; ms. NaN where it is no time of the day. */
export function nextTimeOfDay(text: string, now: number): number {
  const clock = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (!clock || Number(clock[1]) > 23 || Number(clock[2]) > 59) return Number.NaN;
  const date = new Date(now);
  date.setHours(Number(clock[1]), Number(clock[2]), 0, 0);
  if (date.getTime() <= now) date.setDate(date.getDate() + 1);
  return date.getTime();
}

/** The first full hour, and no earlier than `time`; ms. */
export function fullHourFrom(time: number): number {
  const date = new Date(time);
  const hour = date.setMinutes(0, 0, 0);
  return hour < time ? date.setHours(date.getHours() + 1) : hour;
}
