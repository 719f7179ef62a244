/** The time-of-day measurement: a pass per slot, for hours. Slots are of the wall clock: a machine may sleep. */
import { setTimeout as delay } from "node:timers/promises";
import { nextTimeOfDay } from "../model/schedule";

/** A slot that could not begin within so long (or half the distance of slots) has been missed. */
const LATE_MS = 60_000;
/** Timers stand still while a machine sleeps: the wall clock is looked at in between. */
const LOOK_EVERY_MS = 1_000;

export interface ScheduleRun {
  slots: readonly number[];
  /** Slots that an earlier run has dealt with. */
  done: number;
  signal: AbortSignal;
  /** `number` from 1. */
  run(number: number, time: number): Promise<void>;
  missed(number: number, time: number): void;
}

/** Resolves after the last slot, or when `signal` is aborted. */
export async function runSchedule({ slots, done, signal, run, missed }: ScheduleRun): Promise<void> {
  const gap = slots.length > 1 ? slots[1]! - slots[0]! : LATE_MS;
  const late = Math.min(LATE_MS, gap / 2);
  for (const [index, time] of slots.entries()) {
    if (index < done) continue;
    while (Date.now() < time && !signal.aborted)
      await delay(Math.min(LOOK_EVERY_MS, time - Date.now()), undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    if (Date.now() - time > late) missed(index + 1, time);
    else await run(index + 1, time);
  }
}

/** `18:00` (today, or tomorrow where that is past) or a date with a time; ms. Throws where it is neither. */
export function parseTime(text: string, now = Date.now()): number {
  const next = nextTimeOfDay(text, now);
  if (!Number.isNaN(next)) return next;
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time))
    throw new Error(`${JSON.stringify(text.slice(0, 40))} is not a time: 18:00 or 2026-02-09T18:00`);
  return time;
}

/** `10:30`, in the machine's zone; `10:30:05` where slots are less than a minute apart. */
export function clockTime(time: number, withSeconds = false): string {
  const date = new Date(time);
  const parts = [date.getHours(), date.getMinutes(), ...(withSeconds ? [date.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
