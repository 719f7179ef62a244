/** `--zone ±HH:MM`: the zone of logs that name none. */
import { InvalidArgumentError } from "commander";
import { zoneMinutes } from "../model/time";

/** Minutes east of UTC. */
export function parseZone(text: string): number {
  const minutes = zoneMinutes(text);
  if (minutes === null) throw new InvalidArgumentError("write ±HH:MM, such as -07:00");
  return minutes;
}
