/** A schedule in the client's log: what a later run goes on with, and whether somebody still does. */
import { createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { decodeNative } from "../formats/native";
import { bootId } from "../log/clock";
import type { HeaderRecord } from "../model/record";
import { MISSED_EVENT, parseSchedule, SCHEDULE_EVENT, type ScheduleProgress, SLOT_EVENT } from "../model/schedule";

/** Of all lines only these matter here; a long log's others need not be decoded. */
const OF_INTEREST = /^\{"type":"(?:header|event|end)"/;

class ScheduleLog {
  private progress: ScheduleProgress | null = null;
  /** The last writer, unless it has ended its log. */
  private writer: HeaderRecord | null = null;

  line(line: string): void {
    if (!OF_INTEREST.test(line)) return;
    const record = decodeNative(line);
    if ("problem" in record) return;
    if (record.type === "header") this.writer = record;
    else if (record.type === "end") this.writer = null;
    else if (record.type === "event") this.event(record.name, record.detail);
  }

  result(): { progress: ScheduleProgress | null; writer: HeaderRecord | null } {
    return { progress: this.progress, writer: this.writer };
  }

  private event(name: string, detail = ""): void {
    if (name === SCHEDULE_EVENT) {
      const schedule = parseSchedule(detail);
      if (schedule) this.progress ??= { schedule, done: 0 };
    } else if (this.progress && (name === SLOT_EVENT || name === MISSED_EVENT)) this.progress.done++;
  }
}

/** What the log tells of its schedule. Throws in words where there is none to go on with. */
export function resumeFrom(file: string): ScheduleProgress {
  const log = new ScheduleLog();
  for (const line of readFileSync(file, "utf8").split("\n")) log.line(line);
  const { progress } = log.result();
  if (!progress) throw new Error(`${file} holds no schedule to go on with`);
  return progress;
}

/** The same, line by line; `running`: its writer is at work. Null where there is no schedule, or no log. */
export async function scheduleIn(file: string): Promise<(ScheduleProgress & { running: boolean }) | null> {
  const log = new ScheduleLog();
  try {
    for await (const line of createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity }))
      log.line(line);
  } catch {
    return null;
  }
  const { progress, writer } = log.result();
  return progress && { ...progress, running: writer !== null && isRunning(writer) };
}

/** Whether the writer's process is there. Of another boot's or another machine's it cannot be. */
function isRunning({ pid, boot }: HeaderRecord): boolean {
  if (boot !== bootId()) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
