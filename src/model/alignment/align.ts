/** Two logs' clocks, from their paired requests: all at once. `Aligner` does the same while a recording runs. */
import { type Alignment, UNALIGNED } from "./alignment";
import { approximateAlignment } from "./approximate";
import { BoundedAlignment } from "./bounded";
import { boundEvents, type Exchanges } from "./events";
import { ExactAlignment } from "./exact";
import { segment } from "./segment";

export interface AlignOptions {
  /** Step of the coarser of the two clocks, µs (see grain.ts). */
  grain: number;
  /** The offset where both logs share a clock (`sharedClockOffset`): it is verified, not trusted. */
  shared?: number | null;
}

/** More contradictions than this part of the pairs are no steps and no outliers. */
const CONTRADICTIONS = 0.2;
/** So few are always taken for what they are. */
const FEW = 3;

export function align(of: Exchanges, { grain, shared = null }: AlignOptions): Alignment {
  return (shared === null ? null : exactAlignment(of, grain, shared)) ?? estimatedAlignment(of, grain);
}

/** Null where the pairs deny that the clock is shared. */
export function exactAlignment(of: Exchanges, grain: number, shared: number): ExactAlignment | null {
  const exact = new ExactAlignment(shared);
  for (let pair = 0; pair < of.sent.length; pair++) if (!exact.extend(of, pair, grain)) return null;
  return exact;
}

/** Bounded where the pairs agree, else approximate. */
export function estimatedAlignment(of: Exchanges, grain: number): Alignment {
  const events = boundEvents(of, grain);
  if (!events.count) return UNALIGNED;
  const found = segment(events);
  const pairs = of.sent.length;
  const contradictions = found.starts.length - 1 + found.outliers.size;
  const rest = pairs - found.outliers.size;
  if (rest < 1 || contradictions > Math.max(FEW, CONTRADICTIONS * pairs)) return approximateAlignment(of, grain);
  return BoundedAlignment.build(of, events, found, grain);
}
