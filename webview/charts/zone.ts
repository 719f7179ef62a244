/** The wall clock of a session: the one that was told for logs without a zone, else that of whoever looks at it. */
import type { Zone } from "../../src/model/wall-clock";
import type { SessionInfo } from "../../src/protocol/messages";

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** Of a longer session the clock's changes are looked for this often only. */
const MOST_LOOKS = 800;

export function zoneOf({ zone, base, span }: Pick<SessionInfo, "zone" | "base" | "span">): Zone {
  if (zone !== undefined) return [[0, zone]];
  const [from, to] = [(base + span[0]) / 1_000, (base + span[1]) / 1_000];
  const minutesAt = (time: number): number => -new Date(time).getTimezoneOffset();
  const zones: [number, number][] = [[Math.floor(from * 1_000), minutesAt(from)]];
  const step = Math.max(DAY_MS, (to - from) / MOST_LOOKS);
  for (let before = from; before < to; before += step) {
    const after = Math.min(to, before + step);
    if (minutesAt(before) === minutesAt(after)) continue;
    // The minute of the change, by halving.
    let [low, high] = [Math.floor(before / MINUTE_MS), Math.ceil(after / MINUTE_MS)];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (minutesAt(middle * MINUTE_MS) === minutesAt(before)) low = middle;
      else high = middle;
    }
    zones.push([high * MINUTE_MS * 1_000, minutesAt(after)]);
  }
  return zones;
}
