/** What the user says of logs that do not say it themselves: `--zone`, `--log-format`. */
import { type Command, InvalidArgumentError } from "commander";
import type { Reading } from "../formats/format";
import { parseDirective } from "../formats/log-template";
import { zoneMinutes } from "../model/time";

export interface ReadingOptions {
  zone?: number;
  logFormat?: string;
}

export function addReadingOptions(command: Command): Command {
  return command
    .option("--zone <±HH:MM>", "time zone of logs that name none", parseZone)
    .option(
      "--log-format <directive>",
      "nginx's log_format or Apache's LogFormat directive, as in the server's configuration, of access logs that do not begin with it",
      parseLogFormat,
    );
}

export const readingOf = ({ zone, logFormat }: ReadingOptions): Reading => ({
  ...(zone !== undefined && { zone }),
  ...(logFormat !== undefined && { directive: logFormat }),
});

/** Minutes east of UTC. */
function parseZone(text: string): number {
  const minutes = zoneMinutes(text);
  if (minutes === null) throw new InvalidArgumentError("write ±HH:MM, such as -07:00");
  return minutes;
}

function parseLogFormat(text: string): string {
  if (!parseDirective(text)) throw new InvalidArgumentError("not a whole log_format or LogFormat directive");
  return text;
}
