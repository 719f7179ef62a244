/** The options of a probe's schedule. */
import { MAX_SLOTS, type Schedule, type ScheduleProgress, slotsOf } from "../model/schedule";
import { parseTime } from "../probe/schedule";
import { resumeFrom } from "../session/schedule-log";

export interface ScheduleOptions {
  every?: number;
  until?: string;
  at?: string;
  resume?: true;
}

/** Undefined where the options ask for no schedule. `log`: what `--resume` goes on from. Throws in words. */
export function scheduleOf({ every, until, at, resume }: ScheduleOptions, log?: string): ScheduleProgress | undefined {
  if (resume) {
    if (every !== undefined || until !== undefined || at !== undefined)
      throw new Error("--resume goes on with the log's own schedule: no --every, --until or --at");
    if (log === undefined) throw new Error("--resume needs the log of the schedule");
    return resumeFrom(log);
  }
  if (every === undefined && until === undefined && at === undefined) return undefined;
  if (at !== undefined) {
    if (every !== undefined || until !== undefined) throw new Error("give either --at or --every and --until");
    return {
      schedule: {
        times: at
          .split(",")
          .map((time) => parseTime(time.trim()))
          .sort((a, b) => a - b),
      },
      done: 0,
    };
  }
  if (every === undefined || until === undefined) throw new Error("a schedule needs both --every and --until");
  const start = Date.now();
  const schedule: Schedule = { start, every: every * 1000, until: parseTime(until, start) };
  const slots = Math.floor((schedule.until - start) / schedule.every) + 1;
  if (slots > MAX_SLOTS) throw new Error(`${slots} slots are too many: at most ${MAX_SLOTS}`);
  if (slotsOf(schedule).length === 0) throw new Error("--until is past");
  return { schedule, done: 0 };
}
