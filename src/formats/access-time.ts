/** Times as access logs write them. */
import { MICROS_PER_SECOND, type Micros } from "../model/time";
import { MONTHS } from "./ctime";

const COMMON = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,6}))? ([+-])(\d\d)(\d\d)(\d\d)?$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,6})\d*)?(Z|[+-]\d\d:?\d\d)$/;

/** A date that exists, in UTC, as µs since the epoch; null where it does not (the 30th of February). */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): Micros | null {
  const date = new Date(Date.UTC(year, month, day, hour, minute, second));
  const real = date.getUTCMonth() === month && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 61;
  return real && date.getTime() >= 0 ? date.getTime() * 1000 : null;
}

const fraction = (digits: string | undefined): Micros => (digits ? Number(digits.padEnd(6, "0")) : 0);

/**
 * `10/Feb/1999:10:15:40 -0700` as µs since the epoch; null: no such time. NCSA's servers print a half-hour zone's
 * remainder in seconds, not minutes (`+051800`): four or six digits.
 */
export function commonTime(text: string): Micros | null {
  if (text !== last.text) last = { text, time: parsed(text) };
  return last.time;
}

/** Logs are written as time passes: most lines of a busy server have the second of the line before. */
let last: { text: string; time: Micros | null } = { text: "", time: null };

function parsed(text: string): Micros | null {
  const match = COMMON.exec(text);
  if (!match) return null;
  const [, day, name, year, hour, minute, second, part, sign, zoneHours, zoneMinutes, wide] = match;
  const month = (MONTHS as readonly string[]).indexOf(name!);
  const local = month < 0 ? null : utc(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  if (local === null) return null;
  const rest = wide === undefined ? Number(zoneMinutes) * 60 : Number(`${zoneMinutes}${wide}`);
  const zone = (sign === "-" ? -1 : 1) * (Number(zoneHours) * 3600 + rest);
  return natural(local - zone * MICROS_PER_SECOND + fraction(part));
}

/** `1999-02-10T10:15:40.123-07:00`, to the microsecond; null: no such time. */
export function isoTime(text: string): Micros | null {
  const match = ISO.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second, part, zone] = match;
  const [y, m, d, h, min, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const local = utc(y, m - 1, d, h, min, s);
  if (local === null) return null;
  const digits = zone === "Z" ? "+0000" : zone!.replace(":", "");
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3));
  return natural(local - (digits[0] === "-" ? -minutes : minutes) * 60 * MICROS_PER_SECOND + fraction(part));
}

/** `918666940.123`: seconds since the epoch. */
export function epochTime(text: string): Micros | null {
  const match = /^(\d{1,11})(?:\.(\d{1,6})\d*)?$/.exec(text);
  return match ? Number(match[1]) * MICROS_PER_SECOND + fraction(match[2]) : null;
}

const natural = (time: Micros): Micros | null => (time >= 0 ? time : null);
