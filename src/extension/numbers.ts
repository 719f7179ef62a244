/** Numbers for people, in the user's language: never more digits than are worth reading. */
import * as vscode from "vscode";
import { MICROS_PER_MILLI, MICROS_PER_SECOND } from "../model/time";

const MINUTE_MS = 60_000;

const significant = new Intl.NumberFormat(vscode.env.language, { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat(vscode.env.language, { maximumFractionDigits: 0 });

export const count = (value: number): string => whole.format(value);

export const requestCount = (value: number): string =>
  value === 1 ? vscode.l10n.t("1 request") : vscode.l10n.t("{0} requests", count(value));

/** `480.3 ms`, `836 µs`, `1.92 s`; a dash for unknown. */
export function duration(micros: number | null): string {
  if (micros === null || !Number.isFinite(micros)) return "–";
  const size = Math.abs(micros);
  if (size < MICROS_PER_MILLI) return `${whole.format(micros)} µs`;
  if (size < MICROS_PER_SECOND) return `${significant.format(micros / MICROS_PER_MILLI)} ms`;
  return `${significant.format(micros / MICROS_PER_SECOND)} s`;
}

/**
 * Time of day to the microsecond, as the logs have it: `10:15:40.080298`. `zone`: minutes east of UTC, as it was told for
 * the log; else the user's.
 */
export function timeOfDay(micros: number, zone?: number): string {
  const ms = Math.floor(micros / MICROS_PER_MILLI);
  const east = zone ?? -new Date(ms).getTimezoneOffset();
  const fraction = String(((micros % MICROS_PER_SECOND) + MICROS_PER_SECOND) % MICROS_PER_SECOND).padStart(6, "0");
  return `${new Date(ms + east * MINUTE_MS).toISOString().slice(11, 19)}.${fraction}`;
}

const moment = new Intl.DateTimeFormat(vscode.env.language, { dateStyle: "short", timeStyle: "medium" });

/** When a session began, ms since the epoch, in the user's time zone and way of writing. */
export const dayAndTime = (milliseconds: number): string => moment.format(milliseconds);
