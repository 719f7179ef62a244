/** The clocks in one sentence, for the report and the panel. */
import type { ClockEpoch } from "../clock";
import type { Micros } from "../time";
import type { Alignment } from "./alignment";

/** Steps named one by one. */
const NAMED = 3;

const utc = (time: Micros): string => `${new Date(time / 1000).toISOString().slice(11, 19)} UTC`;

export function clockSentence(alignment: Alignment, clockTime: (time: Micros) => string = utc): string {
  const { epochs, quality, violations } = alignment;
  const most = epochs.reduce<ClockEpoch | null>(
    (best, epoch) => (best && best.samples >= epoch.samples ? best : epoch),
    null,
  );
  if (!most || quality === "none") return "The clocks cannot be aligned: no request has stamps of both directions.";
  if (quality === "exact")
    return `One clock: client and server ran in the same boot (${counted(most.samples, "request")} agree)${dissent(violations.length)}.`;
  const about = quality === "approximate" ? "about " : "";
  const parts = [`Server clock ${about}${ahead(most)} ± ${duration(most.uncertainty)}${drifting(most)}`];
  if (epochs.length > 1) parts.push(steps(epochs, clockTime));
  if (quality === "approximate") parts.push("the requests contradict each other");
  return `${parts.join("; ")}${dissent(violations.length)}.`;
}

function ahead({ offset, uncertainty }: ClockEpoch): string {
  if (Math.abs(offset) <= uncertainty) return "level with the client's";
  return `${duration(Math.abs(offset))} ${offset > 0 ? "ahead" : "behind"}`;
}

/** Named only where the requests exclude that there is none. */
function drifting({ drift, driftRange }: ClockEpoch): string {
  if (!driftRange || driftRange[0] * driftRange[1] <= 0) return "";
  return `, drifting ${Math.abs(drift) >= 10 ? Math.round(drift) : drift.toPrecision(2)} ppm`;
}

function steps(epochs: readonly ClockEpoch[], clockTime: (time: Micros) => string): string {
  const times = epochs.slice(1).map(({ from }) => clockTime(from));
  const more = times.length > NAMED ? ` and ${times.length - NAMED} more` : "";
  return `${counted(times.length, "step")} at ${times.slice(0, NAMED).join(", ")}${more}`;
}

const dissent = (count: number): string =>
  count ? `; ${counted(count, "request")} ${count === 1 ? "contradicts" : "contradict"} the others` : "";
const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** `3.000 s`, `1.2 ms`, `40 µs`. */
export function duration(micros: Micros): string {
  if (micros >= 1e6) return `${(micros / 1e6).toFixed(3)} s`;
  if (micros >= 1e3) return `${(micros / 1e3).toFixed(micros >= 1e5 ? 0 : 1)} ms`;
  if (micros >= 100) return `${(micros / 1e3).toFixed(1)} ms`;
  return `${Math.round(micros)} µs`;
}
