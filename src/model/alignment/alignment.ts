/** What aligning two clocks gives. offset = server clock − client clock, µs; times are on the client's clock. */
import type { ClockEpoch, ClockQuality } from "../clock";
import type { ClientMicros, ServerMicros } from "../time";

/** The offset at one moment. The truth is in [low, high]; `uncertainty` is the greater distance of the two to it. */
export interface Offset {
  offset: number;
  low: number;
  high: number;
  uncertainty: number;
}

export interface Alignment {
  readonly quality: ClockQuality;
  readonly epochs: ClockEpoch[];
  /** Pairs that contradict the others, by index: wrongly paired, or stamped wrongly. */
  readonly violations: readonly number[];
  /** How it was found, in words. */
  readonly method: string;
  offsetAt(time: ClientMicros): Offset;
}

export const offsetBetween = (low: number, high: number, at: number): Offset => {
  // With one bound only, that bound is all there is.
  const middle = low === Number.NEGATIVE_INFINITY ? high : high === Number.POSITIVE_INFINITY ? low : (low + high) / 2;
  const offset = Number.isNaN(at) ? middle : at;
  return { offset, low, high, uncertainty: Math.max(high - offset, offset - low) };
};

/**
 * What to subtract from a paired request's server stamps: `up` from those of what came in (arrival, parsing), `down` from
 * those of what went out. Neither lets anything arrive before it left: where the epochs' bounds are looser than the
 * request's own two directions (it was under way while the clock stepped), its own count.
 */
export function offsetsOf(
  alignment: Alignment,
  sent: ClientMicros,
  received: ServerMicros,
  answered: ServerMicros,
  seen: ClientMicros,
): { up: Offset; down: Offset } {
  const up = alignment.offsetAt(Number.isNaN(sent) ? seen : sent);
  const down = alignment.offsetAt(Number.isNaN(seen) ? sent : seen);
  return {
    up: received - sent < up.offset ? { ...up, offset: received - sent } : up,
    down: answered - seen > down.offset ? { ...down, offset: answered - seen } : down,
  };
}

/** Nothing to align: no pair has a stamp of both clocks. */
export const UNALIGNED: Alignment = {
  quality: "none",
  epochs: [],
  violations: [],
  method: "no pair has stamps of both clocks",
  offsetAt: () => offsetBetween(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0),
};
