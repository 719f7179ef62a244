/** One session as a side of a comparison has it. */
import type { DurationKey } from "../request";

/** Durations that are compared, in order of the request. */
export const COMPARED = [
  "clientResponse",
  "serverResponse",
  "network",
  "queue",
  "parse",
  "process",
  "send",
  "load",
] as const satisfies readonly DurationKey[];
export type Compared = (typeof COMPARED)[number];

/** Route → duration → values, µs, in order of time, unknown ones left out. */
export type Run = ReadonlyMap<string, ReadonlyMap<Compared, Float64Array>>;
