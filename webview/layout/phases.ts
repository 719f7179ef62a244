/** The server's bar in pieces, and how each is drawn. */
import type { Row } from "../rows/row";
import type { TimeScale } from "../time/scale";
import type { Ink } from "./draw-list";

export interface Phase {
  ink: Extract<Ink, "queue" | "parse" | "process" | "send">;
  /** µs relative to the session's base. */
  from: number;
  to: number;
}

/** A bar narrower than this is drawn in one colour, that of its longest phase: still seen, never a lie. CSS pixels. */
export const LEAST_BAR = 2;

/** The phases of a row in order of time, as far as both ends are known. */
export function phasesOf({ times, state, values: { queue } }: Row): Phase[] {
  const { parseStart, parseEnd, processEnd, sendEnd, serverLast } = times;
  const stamps = [parseStart, parseEnd, processEnd, sendEnd];
  const phases: Phase[] = [];
  if (queue > 0) phases.push({ ink: "queue", from: parseStart - queue, to: parseStart });
  const inks = ["parse", "process", "send"] as const;
  inks.forEach((ink, at) => {
    const from = stamps[at]!;
    const to = stamps[at + 1]!;
    if (Number.isNaN(from)) return;
    if (!Number.isNaN(to)) phases.push({ ink, from, to: Math.max(from, to) });
    // What broke off or still runs was in this phase when it was last seen.
    else if (state !== "complete" && serverLast > from) phases.push({ ink, from, to: serverLast });
  });
  return phases;
}

/** The snapped pieces of a bar; neighbours share their edge, what is narrower than a device pixel is left out. */
export function pieces(phases: readonly Phase[], scale: TimeScale): { ink: Phase["ink"]; x0: number; x1: number }[] {
  const first = phases[0];
  const last = phases.at(-1);
  if (!first || !last) return [];
  const x0 = scale.edge(first.from);
  const x1 = scale.edge(last.to);
  if (x1 - x0 < LEAST_BAR) {
    const longest = phases.reduce((a, b) => (b.to - b.from > a.to - a.from ? b : a));
    return [{ ink: longest.ink, x0, x1: x0 + Math.ceil(LEAST_BAR / scale.grain) * scale.grain }];
  }
  return phases
    .map(({ ink, from, to }) => ({ ink, x0: scale.edge(from), x1: scale.edge(to) }))
    .filter((piece) => piece.x1 > piece.x0);
}
