/**
 * Durations of a request and their uncertainty (DESIGN section 1). Stamps are µs on their own clocks, NaN where
 * unknown; so are results. Only `networkUp` and `networkDown` cross the clocks, and only with an offset.
 */
import type { ClientPhaseKey, MarkKey } from "./marks";
import { DURATION_KEYS, type DurationKey, type Durations } from "./request";
import type { Interval, Micros } from "./time";

export type StampKey = Exclude<MarkKey, "arrival"> | ClientPhaseKey | "arrivalEarliest" | "arrivalLatest";

/** A request's stamps, wherever they are kept: NaN where unknown. */
export type StampOf = (key: StampKey) => Micros;

export interface ClockOffset {
  /** Server clock − client clock, µs, for what came in (arrival, parsing). */
  up: Micros;
  /** The same for what went out: another where the clock stepped while the request was under way. */
  down: Micros;
  uncertainty: Micros;
  /** One machine: the offset is known, not estimated. */
  exact: boolean;
}

/** The durations that are the distance of two stamps of one clock: [from, to]. */
export const SPANS = {
  clientResponse: ["requestStart", "responseEnd"],
  serverResponse: ["parseStart", "sendEnd"],
  parse: ["parseStart", "parseEnd"],
  process: ["parseEnd", "processEnd"],
  send: ["processEnd", "sendEnd"],
  wait: ["requestStart", "responseStart"],
  load: ["responseStart", "responseEnd"],
  dns: ["domainLookupStart", "domainLookupEnd"],
  connect: ["connectStart", "connectEnd"],
  tls: ["secureConnectionStart", "connectEnd"],
  // What a user waits who came when the schedule said, without coordinated omission.
  sinceIntended: ["intendedStart", "responseEnd"],
} as const satisfies { [key in DurationKey]?: readonly [StampKey, StampKey] };

/** Whether a duration is the distance of two stamps. */
export const isSpan = (key: DurationKey): key is keyof typeof SPANS => key in SPANS;

/** First of the stamps that is known. */
const firstKnown = (stamp: StampOf, ...keys: StampKey[]): Micros => {
  for (const key of keys) {
    const value = stamp(key);
    if (!Number.isNaN(value)) return value;
  }
  return Number.NaN;
};

/**
 * When the request arrived, µs on the server's clock: the interval that the server logged, narrowed where the clocks are
 * aligned. It cannot have arrived before its client sent it; and within one machine its bytes are in the server's socket
 * by the time the client's write returns, so that a wait behind a busy event loop is known, and not only bounded.
 */
export function arrivalOf(stamp: StampOf, offset: ClockOffset | null): Interval {
  const logged: Interval = [stamp("arrivalEarliest"), stamp("arrivalLatest")];
  if (offset === null) return logged;
  const [least, most] = logged;
  const sent = stamp("requestStart") + offset.up - offset.uncertainty;
  const earliest = sent > least ? Math.min(sent, most) : least;
  const written = offset.exact ? stamp("requestEnd") + offset.up + offset.uncertainty : Number.NaN;
  return [earliest, written < most ? Math.max(written, earliest) : most];
}

const middle = ([earliest, latest]: Interval): Micros => (earliest + latest) / 2;

/**
 * Whether a request counts as queued from the middle of its arrival's interval on. Without its client a server only
 * bounds how long the system took to wake it, which nearly always is nothing: then the queue is what is certain of it, and
 * the rest its uncertainty, unless the log names a request that kept the loop busy meanwhile.
 */
const arrivedWithin = (offset: ClockOffset | null, blocked: boolean): boolean => offset !== null || blocked;

/** One duration, µs; NaN where a stamp of it is unknown. `blocked`: the log names a request that kept the loop busy. */
export function duration(key: DurationKey, stamp: StampOf, offset: ClockOffset | null, blocked = false): Micros {
  if (isSpan(key)) {
    const [from, to] = SPANS[key];
    return stamp(to) - stamp(from);
  }
  switch (key) {
    case "network":
      return duration("clientResponse", stamp, null) - duration("serverResponse", stamp, null);
    case "queue":
      return (
        stamp("parseStart") -
        (arrivedWithin(offset, blocked) ? middle(arrivalOf(stamp, offset)) : stamp("arrivalLatest"))
      );
    case "blocked":
      return (
        firstKnown(stamp, "domainLookupStart", "connectStart", "secureConnectionStart", "requestStart") -
        stamp("fetchStart")
      );
    case "networkUp":
      return offset === null ? Number.NaN : middle(arrivalOf(stamp, offset)) - offset.up - stamp("requestStart");
    case "networkDown":
      return offset === null ? Number.NaN : stamp("responseEnd") - stamp("sendEnd") + offset.down;
  }
}

/** All durations, null where unknown. */
export function durations(stamp: StampOf, offset: ClockOffset | null, blocked = false): Durations {
  const all = {} as Durations;
  for (const key of DURATION_KEYS) {
    const value = duration(key, stamp, offset, blocked);
    all[key] = Number.isNaN(value) ? null : value;
  }
  return all;
}

/** How far what is known only within bounds may be off, µs; durations that are exact are absent. */
export function uncertainties(
  of: Durations,
  stamp: StampOf,
  offset: ClockOffset | null,
  blocked = false,
): Partial<Record<DurationKey, Micros>> {
  const [earliest, latest] = arrivalOf(stamp, offset);
  const half = (latest - earliest) / 2;
  const clock = offset?.uncertainty ?? 0;
  const all = {
    queue: arrivedWithin(offset, blocked) ? half : latest - earliest,
    networkUp: half + clock,
    networkDown: clock,
  };
  const known: Partial<Record<DurationKey, Micros>> = {};
  for (const key of ["queue", "networkUp", "networkDown"] as const)
    if (of[key] !== null && all[key] > 0) known[key] = all[key];
  return known;
}
