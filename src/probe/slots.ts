/** The slots of a schedule in the client's log: what a later run goes on from, and what reports show. */
import { readFileSync } from "node:fs";
import { decodeNative } from "../formats/native";
import type { EventRecord } from "../model/record";
import { MISSED_EVENT, SCHEDULE_EVENT, SLOT_EVENT } from "../model/schedule-events";
import type { Schedule } from "./schedule";

export interface Resumed {
  schedule: Schedule;
  /** Slots that were dealt with, missed ones included. */
  done: number;
}

/** What the log tells of its schedule. Throws in words where there is none to go on with. */
export function resumeFrom(file: string): Resumed {
  let schedule: Schedule | null = null;
  let done = 0;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const record = decodeNative(line);
    if ("problem" in record || record.type !== "event") continue;
    if (record.name === SCHEDULE_EVENT) schedule ??= parseSchedule(record);
    else if (record.name === SLOT_EVENT || record.name === MISSED_EVENT) done++;
  }
  if (!schedule) throw new Error(`${file} holds no schedule to go on with`);
  return { schedule, done };
}

function parseSchedule({ detail = "" }: EventRecord): Schedule | null {
  try {
    const value = JSON.parse(detail) as Partial<{ start: number; every: number; until: number; times: number[] }>;
    const { start, every, until, times } = value;
    if (Array.isArray(times) && times.every(Number.isFinite)) return { times };
    const isValid = [start, every, until].every(Number.isFinite) && every! > 0;
    return isValid ? { start: start!, every: every!, until: until! } : null;
  } catch {
    return null;
  }
}
