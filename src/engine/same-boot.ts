/** Two logs of one boot and time namespace share the monotonic clock: their offset is known, not estimated. */
import { type LogPart, sameBoot } from "./log-part";

/** Server stamps − client stamps of one instant, µs; null where the two clocks are not one. */
export function offsetOfBoot(server: LogPart, client: LogPart): number | null {
  if (!sameBoot(server, client)) return null;
  return Number(server.origin! - client.origin!) / 1000;
}
