/** Where two requests lie that share one axis: each begins at 0. Pure; µs. */
import type { Row } from "../rows/row";
import type { TimeSpan } from "../time/scale";
import { known } from "../words/numbers";

/** Air at both ends, as a share of the longer one. */
const AIR = 0.04;

/** Moved so that the request's first byte is sent (else seen by the server) at 0. */
export function fromZero(row: Row): Row {
  const { requestStart, parseStart, fetchStart } = row.times;
  const zero = [requestStart, parseStart, fetchStart].find((time) => known(time)) ?? 0;
  const times = Object.fromEntries(Object.entries(row.times).map(([key, time]) => [key, time - zero])) as Row["times"];
  return { ...row, times, children: row.children.map((child) => ({ ...child, start: child.start - zero })) };
}

/** From the earlier start, waiting for a connection included, to the later end. */
export function spanOfBoth(rows: readonly Row[]): TimeSpan {
  const times = rows.flatMap(({ times }) => Object.values(times).filter(known));
  const [from, to] = [Math.min(0, ...times), Math.max(1, ...times)];
  const air = (to - from) * AIR;
  return [from - air, to + air];
}

export interface PhaseLine {
  name: string;
  /** Whose part it is, for indentation: R C and R S are wholes. */
  whole: boolean;
  base: number;
  other: number;
}

const between = (from: number, to: number): number => to - from;

/** The same in numbers: NaN where unknown. */
export function phaseLines(base: Row, other: Row): PhaseLine[] {
  const of = (name: string, whole: boolean, value: (row: Row) => number): PhaseLine => ({
    name,
    whole,
    base: value(base),
    other: value(other),
  });
  return [
    of("before R C", false, ({ times }) => between(times.fetchStart, times.requestStart)),
    of("R C", true, ({ values }) => values.clientResponse),
    of("header after", false, ({ times }) => between(times.requestStart, times.responseStart)),
    of("load", false, ({ times }) => between(times.responseStart, times.responseEnd)),
    of("network", false, ({ values }) => values.network),
    of("queue", false, ({ values }) => values.queue),
    of("R S", true, ({ values }) => values.serverResponse),
    of("parse", false, ({ times }) => between(times.parseStart, times.parseEnd)),
    of("process", false, ({ times }) => between(times.parseEnd, times.processEnd)),
    of("send", false, ({ times }) => between(times.processEnd, times.sendEnd)),
  ].filter(({ base, other }) => (known(base) && base !== 0) || (known(other) && other !== 0));
}
