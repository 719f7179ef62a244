/** What is known of a server's clock against a client's. offset = server clock − client clock. */
import type { Micros } from "./time";

/** exact: same boot, verified; bounded: rigorous bounds; approximate: bounds contradict; none: nothing to align. */
export type ClockQuality = "exact" | "bounded" | "approximate" | "none";

/** Between two steps the offset is a line: offset(t) = offset + drift · (t − at), t on the client's clock. */
export interface ClockEpoch {
  from: Micros;
  to: Micros;
  at: Micros;
  /** µs at `at`. */
  offset: Micros;
  /** Half the width of the bounds at `at`, µs. */
  uncertainty: Micros;
  /** µs per s. */
  drift: number;
  /** Least and greatest drift that the requests allow; absent where they say nothing of it. */
  driftRange?: readonly [number, number];
  samples: number;
  /** Least round trip seen, µs; null where no pair has both directions. */
  minRtt: Micros | null;
  quality: ClockQuality;
}

/** One pair of logs. */
export interface ClockRelation {
  server: string;
  client: string;
  epochs: ClockEpoch[];
  /** In words, for the report and the panel. */
  method: string;
}
