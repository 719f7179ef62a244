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
