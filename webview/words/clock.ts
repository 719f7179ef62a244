/** Times of the wall clock. The page shows one session, on the clock that was told for it, else on that of its viewer. */

const MINUTE_MS = 60_000;

/** Minutes east of UTC; undefined: the viewer's zone. */
let told: number | undefined;

/** From here on all times are of this zone, minutes east of UTC; undefined: of the viewer's. */
export function showZone(minutes: number | undefined): void {
  told = minutes;
}

const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");

/** To the microsecond, milliseconds set apart: 10:15:40.080 000. */
export function clockTime(epochMicros: number): string {
  return `${clockMillis(epochMicros)} ${pad(((epochMicros % 1_000) + 1_000) % 1_000, 3)}`;
}

/** 10:15:40.080 */
export function clockMillis(epochMicros: number): string {
  return `${clockSeconds(epochMicros)}.${pad(new Date(Math.floor(epochMicros / 1_000)).getMilliseconds(), 3)}`;
}

/** 10:15:40 */
export function clockSeconds(epochMicros: number): string {
  const ms = Math.floor(epochMicros / 1_000);
  if (told !== undefined) return new Date(ms + told * MINUTE_MS).toISOString().slice(11, 19);
  const at = new Date(ms);
  return `${pad(at.getHours(), 2)}:${pad(at.getMinutes(), 2)}:${pad(at.getSeconds(), 2)}`;
}
