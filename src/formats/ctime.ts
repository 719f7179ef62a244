/** Times as C's ctime() writes them: local time without a zone. */
import { MICROS_PER_SECOND, type Micros } from "../model/time";
import type { FormatContext } from "./format";

export const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** `Wed Feb 10 10:15:40`: the day of the month is padded with a blank. */
export const CTIME_WITHOUT_YEAR = String.raw`[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d`;

/** What a file without a zone is told once, where nobody named the zone. */
export const NO_ZONE =
  "its times have no zone: name it with --zone ±HH:MM or the setting requestTimeline.zone; until then none of its records is used";

/** µs since the epoch, or the reason in words why it is no time. `zone`: minutes east of UTC. */
export function ctimeMicros(
  withoutYear: string,
  year: string,
  micros: number,
  zone: number,
): Micros | { problem: string } {
  const [weekday, month, day, clock] = withoutYear.trim().split(/\s+/) as [string, string, string, string];
  const [hour, minute, second] = clock.split(":").map(Number) as [number, number, number];
  const monthIndex = (MONTHS as readonly string[]).indexOf(month);
  const date = new Date(Date.UTC(Number(year), monthIndex, Number(day), hour, minute, second));
  const real =
    monthIndex >= 0 &&
    date.getUTCMonth() === monthIndex &&
    date.getUTCDate() === Number(day) &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  if (!real) return { problem: `no such time: ${withoutYear} ${year}` };
  if (DAYS[date.getUTCDay()] !== weekday) return { problem: `${withoutYear} ${year} was no ${weekday}` };
  return (date.getTime() / 1000 - zone * 60) * MICROS_PER_SECOND + micros;
}

/** The zone of a file, asked for at the first record that needs it; the problem is told once. */
export class Zone {
  private told = false;

  constructor(
    private readonly context: FormatContext,
    private readonly problem: (line: number, reason: string) => void,
  ) {}

  /** Null where nobody named the zone: then no stamp is made. */
  at(line: number): number | null {
    if (this.context.zone !== undefined) return this.context.zone;
    if (!this.told) this.problem(line, NO_ZONE);
    this.told = true;
    return null;
  }
}
